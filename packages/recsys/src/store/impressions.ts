import { eq, lt, sql } from "drizzle-orm";
import { recommendationSlates } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { hours, type ProductId, type ShopperId } from "@almanac/kernel";
import type { PlaceSums } from "../core/shares/clustered-share.ts";
import type { FarmExposure } from "../core/slate/exploration.ts";

/** A list as it was shown; of each place in the order of the places. */
export type Slate = Omit<typeof recommendationSlates.$inferInsert, "seq" | "clickedAt" | "cartedAt">;

const slatesAtOnce = 200;

/**
 * An array for each column, and of what is told of places an array of arrays, which PostgreSQL takes only where all have the same length:
 * so each is sent as text.
 */
export async function insertSlates(db: Queryable, shown: readonly Slate[]): Promise<void> {
  for (let at = 0; at < shown.length; at += slatesAtOnce) {
    const slates = shown.slice(at, at + slatesAtOnce);
    const column = (valueOf: (slate: Slate) => unknown, type: string) =>
      sql`${sql.param(slates.map(valueOf))}::${sql.raw(type)}[]`;
    // Ids, numbers and names of reasons: nothing that would have to be quoted.
    const places = (valuesOf: (slate: Slate) => readonly (string | number)[]) =>
      column((slate) => `{${valuesOf(slate).join()}}`, "text");
    await db.execute(sql`
      insert into recommendation_slates (slate_id, place, shopper_id, market_id, arm, shown_at,
        product_ids, farm_ids, reasons, propensities, new_farms)
      select slate_id, place, shopper_id, market_id, arm, shown_at,
        product_ids::uuid[], farm_ids::uuid[], reasons::text[], propensities::real[], new_farms::int[]
      from unnest(${column(({ slateId }) => slateId, "uuid")}, ${column(({ place }) => place, "text")},
          ${column(({ shopperId }) => shopperId, "uuid")}, ${column(({ marketId }) => marketId, "uuid")},
          ${column(({ arm }) => arm, "text")}, ${column(({ shownAt }) => shownAt.toISOString(), "timestamptz")},
          ${places(({ productIds }) => productIds)}, ${places(({ farmIds }) => farmIds)},
          ${places(({ reasons }) => reasons)}, ${places(({ propensities }) => propensities)},
          ${places(({ newFarms }) => newFarms)}) with ordinality
        as s(slate_id, place, shopper_id, market_id, arm, shown_at,
          product_ids, farm_ids, reasons, propensities, new_farms, n)
      order by n`);
  }
}

/** A row for each place of each list shown since a moment. */
const impressionsSince = (since: Date) => sql`(
  select s.slate_id, i.position::int as position, s.place, s.shopper_id, i.product_id, i.farm_id, s.market_id, s.arm, i.reason,
    i.propensity, i.is_new_farm, s.shown_at, s.clicked_at[i.position] as clicked_at, s.carted_at[i.position] as carted_at
  from recommendation_slates s
  cross join unnest(s.product_ids, s.farm_ids, s.reasons, s.propensities, s.new_farms) with ordinality
    as i(product_id, farm_id, reason, propensity, is_new_farm, position)
  where s.shown_at > ${since}::timestamptz) as impressions`;

/** A look or a cart counts for the recommendation shown last, for so long. */
const attributionMs = hours(1);

/** What a shopper did with a product that may have been recommended to them. */
export interface Reaction {
  readonly what: "clicked" | "carted";
  readonly shopperId: ShopperId;
  readonly productId: ProductId;
}

/**
 * Notes on the latest impression of each product to the shopper within an hour what came of it; the first time only. One
 * statement says which impressions these are, and one more notes each.
 */
export async function attribute(db: Queryable, reactions: readonly Reaction[], now: Date): Promise<void> {
  if (reactions.length === 0) return;
  const column = (key: keyof Reaction, type: string) =>
    sql`${sql.param(reactions.map((reaction) => reaction[key]))}::${sql.raw(type)}[]`;
  const since = new Date(now.getTime() - attributionMs);
  const found = await rows<{ what: Reaction["what"]; seq: string; position: number }>(
    db,
    sql`
      select distinct r.what, latest.seq::text as seq, latest.position
      from unnest(${column("what", "text")}, ${column("shopperId", "uuid")}, ${column("productId", "uuid")})
        as r(what, shopper_id, product_id)
      cross join lateral (
        select s.seq, array_position(s.product_ids, r.product_id) as position, s.clicked_at, s.carted_at
        from recommendation_slates s
        where s.shopper_id = r.shopper_id and r.product_id = any(s.product_ids)
          and s.shown_at > ${since}::timestamptz and s.shown_at <= ${now}::timestamptz
        order by s.shown_at desc, s.seq desc limit 1
      ) latest
      where (case r.what when 'clicked' then latest.clicked_at else latest.carted_at end)[latest.position] is null
      order by seq, latest.position, r.what`,
  );
  for (const { what, seq, position } of found) {
    const noted = sql.raw(what === "clicked" ? "clicked_at" : "carted_at");
    await db.execute(sql`
      update recommendation_slates set ${noted}[${position}::int] = ${now}::timestamptz
      where seq = ${seq}::bigint and ${noted}[${position}::int] is null`);
  }
}

/** Impressions and clicks of each farm since a moment, by farm id. */
export async function farmExposures(db: Queryable, since: Date): Promise<Map<string, FarmExposure>> {
  const found = await rows<{ farmId: string; impressions: number; clicks: number }>(
    db,
    sql`
      select farm_id::text as "farmId", count(*)::int as impressions, count(clicked_at)::int as clicks
      from ${impressionsSince(since)} group by farm_id`,
  );
  return new Map(found.map(({ farmId, impressions, clicks }) => [farmId, { impressions, clicks }]));
}

export interface LiveArm {
  readonly arm: string;
  readonly slates: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly carts: number;
  /** By shopper: whose places are alike. */
  readonly clicked: PlaceSums;
  readonly carted: PlaceSums;
}

/** Of rows of a shopper each, with sums `y` of what came of it, `x` of all places, and `ww` of their squared weights. */
const placeSums = sql`count(*)::int as n, sum(y) as y, sum(y ^ 2) as yy, sum(x) as x, sum(x ^ 2) as xx, sum(y * x) as yx,
  sum(ww) as "weightSquares"`;

/** Who saw it; of somebody who was erased, each list is somebody. */
const whoSaw = sql`coalesce(shopper_id, slate_id)`;

export async function liveArms(db: Queryable, since: Date): Promise<LiveArm[]> {
  const found = await rows<{ arm: string; what: Reaction["what"]; slates: number } & PlaceSums>(
    db,
    sql`
      with shoppers as (
        select arm, ${whoSaw} as who, count(distinct slate_id) as slates, count(*)::float8 as places,
          count(clicked_at)::float8 as clicks, count(carted_at)::float8 as carts
        from ${impressionsSince(since)} group by arm, who
      ),
      sums as (
        select arm, what, slates, y, places as x, places as ww
        from shoppers cross join lateral (values ('clicked', clicks), ('carted', carts)) as came (what, y)
      )
      select arm, what, sum(slates)::int as slates, ${placeSums} from sums group by arm, what order by arm, what`,
  );
  return [...Map.groupBy(found, ({ arm }) => arm).values()].map((both) => {
    const [carted, clicked] = [both[0]!, both[1]!];
    const { arm, slates, x } = clicked;
    return { arm, slates, impressions: x, clicks: clicked.y, carts: carted.y, clicked, carted };
  });
}

/** What came of the places that were left to chance, under a way to draw them. */
export interface DrawnPlaces extends PlaceSums {
  /** "as drawn", "evenly", or the id of the farm that would always have been drawn. */
  readonly drawn: string;
  readonly impressions: number;
  readonly clicks: number;
}

/**
 * Places that were drawn since a moment: as they were drawn; weighted as if every candidate had had the same chance; and of each farm,
 * weighted as if it had been drawn wherever it could be.
 */
export async function drawnPlaces(db: Queryable, since: Date): Promise<DrawnPlaces[]> {
  return rows<DrawnPlaces>(
    db,
    sql`
      with places as materialized (
        select ${whoSaw} as who, farm_id::text as farm, 1 / propensity::float8 as w, (clicked_at is not null)::int as clicked
        from ${impressionsSince(since)} where propensity < 1
      ),
      shoppers as (
        select d.drawn, who, count(*) as places, sum(clicked) as clicks, sum(d.w * clicked) as y, sum(d.w) as x,
          sum(d.w ^ 2) as ww
        from places cross join lateral (values ('as drawn', 1::float8), ('evenly', w), (farm, w)) as d (drawn, w)
        group by d.drawn, who
      )
      select drawn, sum(places)::int as impressions, sum(clicks)::int as clicks, ${placeSums}
      from shoppers group by drawn order by drawn`,
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
      from ${impressionsSince(since)}`,
  );
  const reasons = await rows<{ reason: string; count: number }>(
    db,
    sql`
      select reason, count(*)::int as count from ${impressionsSince(since)}
      group by reason order by count desc, reason`,
  );
  return { ...total!, reasons };
}

export async function forgetImpressions(db: Queryable, shopperId: ShopperId): Promise<void> {
  await db
    .update(recommendationSlates)
    .set({ shopperId: null })
    .where(eq(recommendationSlates.shopperId, shopperId));
}

/** What is older answers no question any more. */
export async function removeOldImpressions(db: Queryable, before: Date): Promise<void> {
  await db.delete(recommendationSlates).where(lt(recommendationSlates.shownAt, before));
}
