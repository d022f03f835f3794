import type { Queryable } from "@almanac/db";
import { insertMany } from "@almanac/db";
import { shoppers, type actionEvents } from "@almanac/db/schema";
import {
  days,
  idFromName,
  minutes,
  seededRng,
  type EventId,
  type ProductId,
  type ShopperId,
} from "@almanac/kernel";

const likers = 12;
const thingCount = 24;
const categoriesOfShop = ["vegetables", "fruits", "dairy"] as const;

const likerId = (n: number): ShopperId => idFromName<ShopperId>("test/shopper", `liker ${n}`);
const thing = (n: number) => ({
  slug: `thing-${n}`,
  id: idFromName<ProductId>("test/product", `thing-${n}`),
  category: categoriesOfShop[n % categoriesOfShop.length]!,
});

/** How rows are made: the builders of the catalog's tests, which only tests may import. */
export interface ShopBuilders {
  readonly buildMarket: (db: Queryable) => Promise<unknown>;
  readonly buildFarm: (db: Queryable, farm: { slug: string }) => Promise<unknown>;
  readonly buildProduct: (
    db: Queryable,
    product: { slug: string; farmSlug: string; category: string },
  ) => Promise<unknown>;
}

/** A shop with two dozen things in three categories, and a dozen shoppers who each like one of them. */
export async function shopOfTastes(
  db: Queryable,
  { buildMarket, buildFarm, buildProduct }: ShopBuilders,
): Promise<void> {
  await buildMarket(db);
  await buildFarm(db, { slug: "hill" });
  for (let n = 0; n < thingCount; n++) {
    const { slug, category } = thing(n);
    await buildProduct(db, { slug, farmSlug: "hill", category });
  }
  const rows = Array.from({ length: likers }, (_, n) => ({ id: likerId(n) }));
  await insertMany(db, shoppers, rows);
}

/**
 * What these shoppers look at: four times of five something of the category that they like, else anything. The same numbers
 * are the same lines, written down twenty minutes apart in the sixty days before `until`.
 */
export function likingLog({
  from,
  lines,
  until,
}: {
  from: number;
  lines: number;
  until: Date;
}): (typeof actionEvents.$inferInsert)[] {
  return Array.from({ length: lines }, (_, index) => {
    const at = from + index;
    const rng = seededRng(1).fork(String(at));
    const liker = rng.int(likers);
    const liked = Array.from({ length: thingCount }, (_thing, n) => n).filter((n) => n % 3 === liker % 3);
    const chosen = rng.next() < 0.8 ? rng.pick(liked) : rng.int(thingCount);
    const moment = new Date(until.getTime() - days(60) + minutes(20) * Math.min(at, 4_200));
    return {
      id: idFromName<EventId>("test/event", String(at)),
      action: "VIEW_PRODUCT",
      shopperId: likerId(liker),
      entityType: "PRODUCT",
      entityId: thing(chosen).id,
      traceId: "test",
      occurredAt: moment,
      recordedAt: moment,
    };
  });
}
