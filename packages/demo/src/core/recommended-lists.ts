import { days, marketDay, type Rng } from "@almanac/kernel";
import type { World, WorldMarket, WorldProduct, WorldShopper } from "./model.ts";
import { supplyOn } from "./season-of-food.ts";
import { affinity, type Taste } from "./tastes.ts";

/** How a list is made: as before, or by what others bought with it, which goes more by the shopper's taste and staples. */
export type WorldArm = "control" | "item-knn";

export interface ListedPlace {
  readonly product: WorldProduct;
  readonly isOfNewFarm: boolean;
  readonly reason: "USER_BEHAVIOR" | "COLLABORATIVE" | "TRENDING_LOCAL" | "SEASONAL" | "NEW_ARRIVAL";
  /** Chance that this product was drawn for the place; 1 where nothing was left to chance. */
  readonly propensity: number;
  /** Among which products it was drawn, and with which chances; absent where it was not drawn. */
  readonly drawnAmong?: readonly { readonly product: WorldProduct; readonly chance: number }[];
}

/** What a market has on sale. */
export interface Shelf {
  readonly products: readonly WorldProduct[];
  readonly isOfNewFarm: (product: WorldProduct) => boolean;
  /** How well each product goes with a taste, 1 to 6. */
  readonly fitsOf: (taste: Taste) => readonly number[];
}

export const placesOfList = 10;
/** The place that is kept for new farms, from 0, and for how long they are new: as the shop has it. */
const keptPlace = placesOfList - 2;
const newFarmDays = 90;
/** Few bought yet what a new farm has, so that scores seldom name it. */
const newFarmWeight = 0.1;
/** Share of the draw that is uniform, as in the shop. */
const uniformShare = 0.1;

export function shelvesOf({ products, now }: World): Map<WorldMarket, Shelf> {
  const since = now.getTime() - days(newFarmDays);
  return new Map(
    [...Map.groupBy(products, ({ farm }) => farm.market)].map(([market, all]): [WorldMarket, Shelf] => {
      const { timeZone, latitude } = market.seed;
      const today = marketDay(now, timeZone);
      const onSale = all.filter(
        ({ food, isAlwaysStocked }) => isAlwaysStocked || supplyOn(food, today, latitude) > 0.02,
      );
      const known = new Map<Taste, number[]>();
      const fitsOf = (taste: Taste): number[] => {
        const fits = known.get(taste) ?? onSale.map(({ food }) => affinity(food, taste));
        known.set(taste, fits);
        return fits;
      };
      return [
        market,
        { products: onSale, fitsOf, isOfNewFarm: ({ farm }) => farm.joinedAt.getTime() > since },
      ];
    }),
  );
}

/**
 * A list drawn by what each product weighs for the arm, without repeats; the place kept for new farms is drawn among theirs where none
 * of them came before it.
 *
 * Efraimidis, Spirakis (2006), "Weighted random sampling with a reservoir".
 */
export function listOf(shelf: Shelf, shopper: WorldShopper, arm: WorldArm, rng: Rng): ListedPlace[] {
  const fits = shelf.fitsOf(shopper.taste);
  const weights = shelf.products.map((product, at) => {
    const known = product.appeal * (shelf.isOfNewFarm(product) ? newFarmWeight : 1);
    if (arm === "control") return known * fits[at]! ** 0.3;
    return known * fits[at]! ** 1.1 * (shopper.staples.includes(product) ? 4 : 1);
  });
  const order = weights
    .map((weight, at) => ({ at, key: -Math.log(1 - rng.next()) / weight }))
    .sort((a, b) => a.key - b.key)
    .map(({ at }) => at);
  const place = (at: number): ListedPlace => {
    const product = shelf.products[at]!;
    const reason = reasonOf(product, fits[at]!, { shopper, arm });
    return { product, reason, isOfNewFarm: shelf.isOfNewFarm(product), propensity: 1 };
  };
  const list = order.slice(0, keptPlace).map(place);
  const drawn = list.some(({ isOfNewFarm }) => isOfNewFarm) ? undefined : drawNewFarm(shelf, weights, rng);
  if (drawn) list.push(drawn);
  for (const at of order.slice(keptPlace)) {
    if (list.length >= placesOfList) break;
    if (shelf.products[at] !== drawn?.product) list.push(place(at));
  }
  return list;
}

function drawNewFarm(shelf: Shelf, weights: readonly number[], rng: Rng): ListedPlace | undefined {
  const candidates = shelf.products.flatMap((product, at) =>
    shelf.isOfNewFarm(product) ? [{ product, weight: weights[at]! }] : [],
  );
  if (candidates.length === 0) return undefined;
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  const drawnAmong = candidates.map(({ product, weight }) => ({
    product,
    chance: ((1 - uniformShare) * weight) / total + uniformShare / candidates.length,
  }));
  const { product, chance } = drawnAmong[rng.weighted(drawnAmong.map((candidate) => candidate.chance))]!;
  return { product, isOfNewFarm: true, reason: "NEW_ARRIVAL", propensity: chance, drawnAmong };
}

function reasonOf(
  product: WorldProduct,
  fit: number,
  { shopper, arm }: { shopper: WorldShopper; arm: WorldArm },
): ListedPlace["reason"] {
  if (arm === "item-knn" && (fit > 1 || shopper.staples.includes(product))) return "COLLABORATIVE";
  if (fit > 1) return "USER_BEHAVIOR";
  return product.appeal > 1.5 ? "TRENDING_LOCAL" : "SEASONAL";
}
