import { AppError } from "@almanac/kernel";
import type { Basket, BasketLog } from "@almanac/recsys/offline";
import type { Interactions } from "./interactions.ts";

/**
 * Baskets by user, oldest first: what one user has under one order is one basket, its items distinct, at the place of its
 * first row.
 */
export function toBaskets(interactions: Interactions): BasketLog {
  const byUser: Map<number, { day: number; place: number; items: Set<number> }>[] = Array.from(
    { length: interactions.users.size },
    () => new Map(),
  );
  for (let i = 0; i < interactions.user.length; i++) {
    const baskets = byUser[interactions.user[i]!]!;
    const order = interactions.order[i]!;
    const known = baskets.get(order);
    if (known === undefined)
      baskets.set(order, {
        day: interactions.day[i]!,
        place: interactions.place[i]!,
        items: new Set([interactions.item[i]!]),
      });
    else known.items.add(interactions.item[i]!);
  }
  return {
    itemCount: interactions.itemIds.length,
    placeCount: interactions.places.size,
    byUser: byUser.map((baskets, user) =>
      [...baskets]
        .sort(([a], [b]) => a - b)
        .map(([order, { day, place, items }]): Basket => ({
          user,
          order,
          day,
          ...(place < 0 ? {} : { place }),
          items: [...items],
        })),
    ),
  };
}

/**
 * Baskets of `--history` by user id, in the numbers of training: items unknown there cannot be recommended, and of a place
 * unknown there nothing is known.
 */
export function laterBasketsOf(
  later: Interactions,
  { users, items, places }: Pick<Interactions, "users" | "items" | "places">,
): Map<string, Basket[]> {
  if (!later.hasSeq) throw new AppError("input_invalid", "--history needs a column seq");
  const baskets = toBaskets(later).byUser;
  const placeIds = [...later.places.keys()];
  const known = (place: number | undefined): { place?: number } => {
    const number = place === undefined ? undefined : places.get(placeIds[place]!);
    return number === undefined ? {} : { place: number };
  };
  return new Map(
    [...later.users].map(([id, number]) => [
      id,
      baskets[number]!.map(({ order, day, place, items: bought }) => ({
        user: users.get(id) ?? -1,
        order,
        day,
        ...known(place),
        items: bought.flatMap((item) => items.get(later.itemIds[item]!) ?? []),
      })),
    ]),
  );
}
