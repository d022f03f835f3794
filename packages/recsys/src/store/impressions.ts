import { eq, lt, sql } from "drizzle-orm";
import { recommendationImpressions } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { hours, type ProductId, type ShopperId } from "@almanac/kernel";
import type { FarmExposure } from "../core/exploration.ts";

export type Impression = Omit<
  typeof recommendationImpressions.$inferInsert,
  "seq" | "clickedAt" | "cartedAt"
>;

const rowsAtOnce = 2_000;

/**
 * An array for each column: twenty rows a request, each a dozen parameters, would cost more than the recommendation. What the rows
 * of a slate have in common is sent once.
 */
export async function insertImpressions(db: Queryable, impressions: readonly Impression[]): Promise<void> {
  for (let at = 0; at < impressions.length; at += rowsAtOnce) {
    const shown = impressions.slice(at, at + rowsAtOnce);
    const slates = new Map<string, { readonly n: number; readonly first: Impression }>();
    for (const first of shown)
      if (!slates.has(first.slateId)) slates.set(first.slateId, { n: slates.size + 1, first });
    const firsts = [...slates.values()].map(({ first }) => first);
    const arrayOf = (values: readonly unknown[], type: string) =>
      sql`${sql.param(values)}::${sql.raw(type)}[]`;
    const column = (listed: readonly Impression[], name: keyof Impression, type: string) =>
      arrayOf(
        listed.map((impression) => impression[name]),
        type,
      );
    const slateOf = shown.map(({ slateId }) => slates.get(slateId)?.n);
    const moments = firsts.map(({ shownAt }) => shownAt.toISOString());
    await db.execute(sql`
      insert into recommendation_impressions (slate_id, position, place, shopper_id, product_id, farm_id, market_id, arm,
        reason, propensity, is_new_farm, shown_at)
      select s.slate_id, i.position, s.place, s.shopper_id, i.product_id, i.farm_id, s.market_id, s.arm,
        i.reason, i.propensity, i.is_new_farm, s.shown_at
      from unnest(${arrayOf(slateOf, "int")}, ${column(shown, "position", "int")},
          ${column(shown, "productId", "uuid")}, ${column(shown, "farmId", "uuid")}, ${column(shown, "reason", "text")},
          ${column(shown, "propensity", "real")}, ${column(shown, "isNewFarm", "int")}) with ordinality
        as i(slate, position, product_id, farm_id, reason, propensity, is_new_farm, n)
      join unnest(${column(firsts, "slateId", "uuid")}, ${column(firsts, "place", "text")},
          ${column(firsts, "shopperId", "uuid")}, ${column(firsts, "marketId", "uuid")}, ${column(firsts, "arm", "text")},
          ${arrayOf(moments, "timestamptz")}) with ordinality
        as s(slate_id, place, shopper_id, market_id, arm, shown_at, n) on s.n = i.slate
      order by i.n`);
  }
}

/** A look or a cart counts for the recommendation shown last, for so long. */
const attributionMs = hours(1);

/** Notes on the latest impression of the product to the shopper within an hour what came of it; the first time only. */
export async function attribute(
  db: Queryable,
  what: "clicked" | "carted",
  { shopperId, productId, now }: { shopperId: ShopperId; productId: ProductId; now: Date },
): Promise<void> {
  const column = sql.raw(what === "clicked" ? "clicked_at" : "carted_at");
  await db.execute(sql`
    update recommendation_impressions set ${column} = ${now}::timestamptz
    where seq = (
      select seq from recommendation_impressions
      where shopper_id = ${shopperId} and product_id = ${productId}
        and shown_at > ${new Date(now.getTime() - attributionMs)}::timestamptz and shown_at <= ${now}::timestamptz
      order by shown_at desc, seq desc limit 1
    ) and ${column} is null`);
}

/** Impressions and clicks of each farm since a moment, by farm id. */
export async function farmExposures(db: Queryable, since: Date): Promise<Map<string, FarmExposure>> {
  const found = await rows<{ farmId: string; impressions: number; clicks: number }>(
    db,
    sql`
      select farm_id::text as "farmId", count(*)::int as impressions, count(clicked_at)::int as clicks
      from recommendation_impressions where shown_at > ${since}::timestamptz group by farm_id`,
  );
  return new Map(found.map(({ farmId, impressions, clicks }) => [farmId, { impressions, clicks }]));
}

export interface LiveArm {
  readonly arm: string;
  readonly slates: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly carts: number;
}

export async function liveArms(db: Queryable, since: Date): Promise<LiveArm[]> {
  return rows<LiveArm>(
    db,
    sql`
      select arm, count(distinct slate_id)::int as slates, count(*)::int as impressions,
        count(clicked_at)::int as clicks, count(carted_at)::int as carts
      from recommendation_impressions where shown_at > ${since}::timestamptz group by arm order by arm`,
  );
}

export interface Exposure {
  readonly impressions: number;
  /** Where a new or small farm could have been shown: at the markets where one sells now, or at no market. */
  readonly forNewFarms: number;
  /** Those of them that a new or small farm had. */
  readonly newFarm: number;
  /** Drawn by chance. */
  readonly explored: number;
  readonly products: number;
  readonly farms: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

/**
 * Who gets the places, and why.
 *
 * @param newFarms ids of those that are new or small now
 */
export async function exposureSince(
  db: Queryable,
  since: Date,
  newFarms: readonly string[],
): Promise<Exposure> {
  const forNewFarms = sql`(market_id is null or market_id in (
    select market_id from market_farms where farm_id = any(${sql.param([...newFarms])}::uuid[])))`;
  const [total] = await rows<Omit<Exposure, "reasons">>(
    db,
    sql`
      select count(*)::int as impressions, (count(*) filter (where ${forNewFarms}))::int as "forNewFarms",
        (count(*) filter (where is_new_farm = 1 and ${forNewFarms}))::int as "newFarm",
        (count(*) filter (where propensity < 1))::int as explored,
        count(distinct product_id)::int as products, count(distinct farm_id)::int as farms
      from recommendation_impressions where shown_at > ${since}::timestamptz`,
  );
  const reasons = await rows<{ reason: string; count: number }>(
    db,
    sql`
      select reason, count(*)::int as count from recommendation_impressions
      where shown_at > ${since}::timestamptz group by reason order by count desc, reason`,
  );
  return { ...total!, reasons };
}

export async function forgetImpressions(db: Queryable, shopperId: ShopperId): Promise<void> {
  await db
    .update(recommendationImpressions)
    .set({ shopperId: null })
    .where(eq(recommendationImpressions.shopperId, shopperId));
}

/** What is older answers no question any more. */
export async function removeOldImpressions(db: Queryable, before: Date): Promise<void> {
  await db.delete(recommendationImpressions).where(lt(recommendationImpressions.shownAt, before));
}
