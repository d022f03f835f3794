import { and, desc, eq, gte, sql } from "drizzle-orm";
import { insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import { judgedMarketDays, markets, products, unusualDays } from "@almanac/db/schema";
import type { BaseUnit, CalendarDay, FarmId, MarketId, ProductId, UserId } from "@almanac/kernel";
import type { ForecastBounds } from "../core/unusual/surprise.ts";

export type UnusualDay = typeof unusualDays.$inferSelect;

export interface MarketDayOver {
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Hours after a market has closed until its day is judged: what was sold without a connection has come in by then. */
const settledHours = 3;
/** Days that an unjudged market day is looked for: what is older is no news. */
const newsDays = 8;

/** Market days that took place, are over, and were not judged yet; the earliest first. */
export async function listUnjudgedDays(db: Queryable, now: Date): Promise<MarketDayOver[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return rows<MarketDayOver>(
    db,
    sql`select w.market_id as "marketId", to_char(w.market_day, 'YYYY-MM-DD') as day, m.time_zone as "timeZone",
        m.latitude, m.longitude
      from order_windows w join markets m on m.id = w.market_id
      where not w.is_cancelled and w.market_day > (${at} - make_interval(days => ${newsDays}))::date
        and (w.market_day + m.closes_at::time) at time zone m.time_zone + make_interval(hours => ${settledHours}) <= ${at}
        and not exists (select 1 from judged_market_days j where j.market_id = w.market_id and j.market_day = w.market_day)
      order by w.market_day, w.market_id`,
  );
}

/** Takes a market day for judging; whoever else does it at the same moment waits. @returns false where it was judged before */
export async function takeMarketDay(
  tx: Transaction,
  { marketId, day }: Pick<MarketDayOver, "marketId" | "day">,
  now: Date,
): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('planning.unusual'))`);
  const taken = await tx
    .insert(judgedMarketDays)
    .values({ marketId, marketDay: day, judgedAt: now })
    .onConflictDoNothing()
    .returning({ marketId: judgedMarketDays.marketId });
  return taken.length > 0;
}

export interface ForecastOnDay extends ForecastBounds {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly priceCents: number | null;
  readonly soldBase: number;
  /** The largest that one buyer took. */
  readonly largestBase: number;
  /** The farm had said that it stays at home. */
  readonly isAway: boolean;
}

/**
 * What was forecast, before the day, of all that sells regularly at a market, beside what was sold. What sells now and then is
 * left out: of that nothing can be said by a single day.
 */
export async function readForecastsOnDay(
  db: Queryable,
  { marketId, day, farmId }: { marketId: MarketId; day: CalendarDay; farmId?: FarmId },
): Promise<ForecastOnDay[]> {
  return rows<ForecastOnDay>(
    db,
    sql`
      with each as (
        select l.product_id, coalesce(l.weighed_base, l.quantity_base) as base
        from order_windows w
        join orders o on o.order_window_id = w.id and o.status <> 'cancelled'
        join order_lines l on l.order_id = o.id
        where w.market_id = ${marketId} and w.market_day = ${day}::date
        union all
        select product_id, quantity_base from stall_sales
        where market_id = ${marketId} and market_day = ${day}::date and undone_at is null
      ),
      sold as (select product_id, sum(base) as base, max(base) as largest from each group by product_id)
      select f.farm_id as "farmId", f.product_id as "productId", p.name, p.base_unit as "baseUnit", f.p10, f.p50, f.p90,
        f.price_cents as "priceCents", coalesce(s.base, 0)::float8 as "soldBase", coalesce(s.largest, 0)::float8 as "largestBase",
        coalesce(a.closed_days @> to_jsonb(${day}::text), false) as "isAway"
      from demand_forecasts f
      join products p on p.id = f.product_id and p.status in ('live', 'hidden')
      left join sold s on s.product_id = f.product_id
      left join advice_settings a on a.farm_id = f.farm_id
      where f.market_id = ${marketId} and f.market_day = ${day}::date and f.is_current and f.demand_class = 'regular'
        ${farmId ? sql`and f.farm_id = ${farmId}` : sql``}
      order by f.farm_id, f.product_id`,
  );
}

/** How often each farm was told of an unusual day in the week of a day, Monday to Sunday. */
export async function countToldInWeek(db: Queryable, day: CalendarDay): Promise<Map<FarmId, number>> {
  const found = await rows<{ farm_id: FarmId; told: number | string }>(
    db,
    sql`select farm_id, count(distinct (market_id, market_day, case when reason <> 'stall' then product_id end)) as told
      from unusual_days
      where is_told and date_trunc('week', market_day) = date_trunc('week', ${day}::date) group by farm_id`,
  );
  return new Map(found.map((row) => [row.farm_id, Number(row.told)]));
}

export const saveUnusualDays = (tx: Transaction, found: readonly UnusualDay[]): Promise<void> =>
  insertMany(tx, unusualDays, found);

/** Market days that were judged since and of which something waits for an answer: what is put right is no news any more. */
export async function listAwaitedDays(
  db: Queryable,
  since: Date,
): Promise<Pick<MarketDayOver, "marketId" | "day">[]> {
  return rows(
    db,
    sql`select distinct market_id as "marketId", to_char(market_day, 'YYYY-MM-DD') as day from unusual_days
      where answer is null and found_at > ${since.toISOString()}::timestamptz order by 2, 1`,
  );
}

/** Of one market day: what waits for an answer; the rows are locked until the transaction ends. */
export async function lockAwaited(
  tx: Transaction,
  { marketId, day }: Pick<MarketDayOver, "marketId" | "day">,
): Promise<UnusualDay[]> {
  return tx
    .select()
    .from(unusualDays)
    .where(
      and(
        eq(unusualDays.marketId, marketId),
        eq(unusualDays.marketDay, day),
        sql`${unusualDays.answer} is null`,
      ),
    )
    .orderBy(unusualDays.productId)
    .for("update");
}

export interface UnusualKey {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
}

const keyed = ({
  productId,
  marketId,
  marketDay,
}: Omit<UnusualKey, "marketDay"> & { readonly marketDay: string }) =>
  and(
    eq(unusualDays.productId, productId),
    eq(unusualDays.marketId, marketId),
    eq(unusualDays.marketDay, marketDay),
  );

export async function removeUnusualDay(
  tx: Transaction,
  key: Pick<UnusualDay, "productId" | "marketId" | "marketDay">,
): Promise<void> {
  await tx.delete(unusualDays).where(keyed(key));
}

export async function updateSold(
  tx: Transaction,
  key: Pick<UnusualDay, "productId" | "marketId" | "marketDay">,
  found: Pick<UnusualDay, "soldBase" | "surprise" | "largestBase">,
): Promise<void> {
  await tx.update(unusualDays).set(found).where(keyed(key));
}

export interface Answer {
  readonly answer: UnusualDay["answer"];
  readonly at: Date;
  readonly by: UserId | null;
}

/**
 * Keeps what a farm says of its unusual days, or takes it back.
 *
 * @param keys those of another farm are passed over
 * @returns how many there are
 */
export async function saveAnswer(
  db: Queryable,
  farmId: FarmId,
  keys: { readonly marketId: MarketId; readonly marketDay: CalendarDay; readonly productId?: ProductId },
  { answer, at, by }: Answer,
): Promise<number> {
  const { marketId, marketDay, productId } = keys;
  const found = await db
    .update(unusualDays)
    .set({ answer, answeredAt: answer && at, answeredBy: answer && by })
    .where(
      and(
        eq(unusualDays.farmId, farmId),
        eq(unusualDays.marketId, marketId),
        eq(unusualDays.marketDay, marketDay),
        productId ? eq(unusualDays.productId, productId) : eq(unusualDays.reason, "stall"),
      ),
    )
    .returning({ productId: unusualDays.productId });
  return found.length;
}

export interface TellableDay extends UnusualDay {
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly marketName: string;
}

/** A farm's unusual days since a day, the latest and most surprising first. */
export async function listUnusualDays(
  db: Queryable,
  farmId: FarmId,
  { since, productId, limit }: { since: CalendarDay; productId?: ProductId; limit: number },
): Promise<TellableDay[]> {
  const found = await db
    .select({ day: unusualDays, name: products.name, baseUnit: products.baseUnit, marketName: markets.name })
    .from(unusualDays)
    .innerJoin(products, eq(products.id, unusualDays.productId))
    .innerJoin(markets, eq(markets.id, unusualDays.marketId))
    .where(
      and(
        eq(unusualDays.farmId, farmId),
        gte(unusualDays.marketDay, since),
        ...(productId ? [eq(unusualDays.productId, productId)] : []),
      ),
    )
    .orderBy(desc(unusualDays.marketDay), desc(unusualDays.surprise), unusualDays.productId)
    .limit(limit);
  return found.map(({ day, ...rest }) => ({ ...day, ...rest }));
}

/** Product, market and day of what farms say was a slip of the pen, by `dayKey`. */
export async function listSlips(db: Queryable, farmId?: FarmId): Promise<Set<string>> {
  const found = await rows<{ key: string }>(
    db,
    sql`select product_id || ' ' || market_id || ' ' || to_char(market_day, 'YYYY-MM-DD') as key from unusual_days
      where answer = 'slip' ${farmId ? sql`and farm_id = ${farmId}` : sql``}`,
  );
  return new Set(found.map(({ key }) => key));
}
