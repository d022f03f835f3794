import { sql } from "drizzle-orm";
import { insertMany, rows as readRows, type Transaction } from "@almanac/db";
import { farmFollows, orderLines, orders, products, ratings, wishes } from "@almanac/db/schema";
import { days, idFromName, seededRng } from "@almanac/kernel";
import type { World, WorldProduct } from "../core/model.ts";
import type { Follow } from "./news.ts";

const kindWords = [
  "Tasted of something, which I had forgotten it could.",
  "Gone before we were home.",
  "Good, and better the day after.",
  "The best at the market this month.",
  "A little small, but sweet.",
  "My children ask for it by name.",
  "Fresh, as always.",
];

/**
 * Ratings by people who bought, followed farms, and Maya's wishlist.
 *
 * @returns who follows which farm
 */
export async function insertOpinions(tx: Transaction, world: World): Promise<Follow[]> {
  const { mayaId } = world;
  const rng = seededRng(world.seed).fork("opinions");
  const list = await readRows<BoughtRow>(
    tx,
    sql`select o.shopper_id, l.product_id, p.farm_id, max(o.collected_at) as at
      from ${orders} o join ${orderLines} l on l.order_id = o.id join ${products} p on p.id = l.product_id
      where o.status = 'collected' group by 1, 2, 3 order by 1, 2`,
  );
  const rows: (typeof ratings.$inferInsert)[] = [];
  for (const row of list) {
    if (rng.next() > 0.12) continue;
    const ratedAt = new Date(new Date(row.at).getTime() + days(1 + rng.next()));
    if (ratedAt > world.now) continue;
    const stars = 5 - rng.weighted([62, 26, 8, 3, 1]);
    rows.push({
      id: idFromName("demo/rating", `${row.shopper_id}/${row.product_id}`),
      shopperId: row.shopper_id,
      farmId: row.farm_id,
      productId: row.product_id,
      stars,
      body: stars >= 4 && rng.next() < 0.3 ? rng.pick(kindWords) : "",
      ratedAt,
    });
  }
  await insertMany(tx, ratings, rows);

  const follows: Follow[] = world.shoppers.flatMap((shopper) =>
    [...new Set(shopper.staples.map((product) => product.farm))]
      .filter(() => rng.next() < 0.15)
      .map((farm) => ({ shopperId: shopper.id, farmId: farm.id, followedAt: shopper.joinedAt })),
  );
  const hollowOak = world.farms.find((farm) => farm.seed.slug === "hollow-oak");
  if (hollowOak)
    follows.push({
      shopperId: mayaId,
      farmId: hollowOak.id,
      followedAt: new Date(world.now.getTime() - days(45)),
    });
  await insertMany(tx, farmFollows, follows);
  const parsley = world.products.find((product) => product.name === "Parsley");
  if (parsley)
    await insertMany(tx, wishes, [{ shopperId: mayaId, productId: parsley.id, addedAt: world.now }]);
  return follows;
}

interface BoughtRow {
  readonly shopper_id: World["mayaId"];
  readonly product_id: WorldProduct["id"];
  readonly farm_id: WorldProduct["farm"]["id"];
  readonly at: string | Date;
}
