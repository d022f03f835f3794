import { and, asc, eq, getTableColumns, inArray, lte, or, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { pricePlans, type PricePlanId } from "@almanac/db/schema";
import type { CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";
import { endingOf } from "@almanac/planning";

export type StoredPlan = typeof pricePlans.$inferSelect;

/** A plan with what it is for. */
export interface ListedPlan extends StoredPlan {
  readonly productName: string;
  readonly picture: string;
  readonly variantName: string;
  readonly priceUnit: string;
  /** What is asked now. */
  readonly currentCents: number;
  readonly marketName: string | null;
}

export async function insertPlan(tx: Queryable, plan: StoredPlan): Promise<void> {
  await tx.insert(pricePlans).values(plan);
}

/** Those that are to come or run, and those that were over since a moment; the next first, then the latest; 300 at most. */
export async function listPlans(
  db: Queryable,
  farmId: FarmId,
  { since, productId }: { since: Date; productId?: ProductId },
): Promise<ListedPlan[]> {
  const found = await rows<{ id: PricePlanId } & Omit<ListedPlan, keyof StoredPlan>>(
    db,
    sql`
      select k.id, p.name as "productName", p.picture, v.name as "variantName", v.price_unit as "priceUnit",
        v.unit_price_cents as "currentCents", m.name as "marketName"
      from price_plans k
        join products p on p.id = k.product_id
        join variants v on v.id = k.variant_id
        left join markets m on m.id = k.market_id
      where k.farm_id = ${farmId} ${productId ? sql`and k.product_id = ${productId}` : sql``}
        and (k.status in ('planned', 'running') or coalesce(k.ended_at, k.starts_at) > ${since.toISOString()}::timestamptz)
      order by k.status in ('planned', 'running') desc,
        case when k.status in ('planned', 'running') then k.starts_at end, k.starts_at desc, k.id
      limit 300`,
  );
  if (found.length === 0) return [];
  const stored = await db
    .select()
    .from(pricePlans)
    .where(
      inArray(
        pricePlans.id,
        found.map(({ id }) => id),
      ),
    );
  const byId = new Map(stored.map((plan) => [plan.id, plan]));
  return found.flatMap((row) => {
    const plan = byId.get(row.id);
    return plan ? [{ ...plan, ...row }] : [];
  });
}

/** What holds now of a product that is on sale, for as many days as it does, unless its price was changed by hand since. */
export async function listRunningPlans(
  db: Queryable,
  productId: ProductId,
): Promise<Pick<StoredPlan, "variantId" | "reason" | "promotionUnits" | "promotionCents" | "toDay">[]> {
  return rows(
    db,
    sql`
      select k.variant_id as "variantId", k.reason, k.promotion_units as "promotionUnits",
        k.promotion_cents as "promotionCents", to_char(k.to_day, 'YYYY-MM-DD') as "toDay"
      from price_plans k
        join products p on p.id = k.product_id and p.status = 'live'
        join variants v on v.id = k.variant_id and v.status = 'live' and v.unit_price_cents = k.unit_price_cents
      where k.product_id = ${productId} and k.status = 'running' order by k.id`,
  );
}

/** A farm's plans that are to come or run. */
export async function listOpenPlans(db: Queryable, farmId: FarmId): Promise<StoredPlan[]> {
  return db
    .select()
    .from(pricePlans)
    .where(and(eq(pricePlans.farmId, farmId), isOpen()))
    .orderBy(asc(pricePlans.startsAt));
}

/**
 * Plans of which something is due, in the order in which it is: what ends at a moment before what starts at it. What is called off
 * is due at once. Index: price_plans_open.
 */
export async function listDuePlans(db: Queryable, now: Date, limit: number): Promise<PricePlanId[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const found = await db
    .select({ id: pricePlans.id })
    .from(pricePlans)
    .where(
      and(
        isOpen(),
        or(
          and(eq(pricePlans.status, "planned"), lte(pricePlans.startsAt, now)),
          and(eq(pricePlans.status, "running"), lte(pricePlans.endsAt, now)),
          isCalledOff(),
        ),
      ),
    )
    .orderBy(
      sql`case when ${pricePlans.status} = 'running' then least(${pricePlans.endsAt}, ${at}) else ${pricePlans.startsAt} end`,
      sql`${pricePlans.status} = 'planned'`,
      asc(pricePlans.id),
    )
    .limit(limit);
  return found.map(({ id }) => id);
}

export interface TakenPlan extends StoredPlan {
  /** It is for a market day that is cancelled, or at a market that the farm has left. */
  readonly isCalledOff: boolean;
}

/** A plan, locked until the transaction ends; nothing where another process has it. */
export async function takePlan(tx: Transaction, id: PricePlanId): Promise<TakenPlan | undefined> {
  const [plan] = await tx
    .select({ ...getTableColumns(pricePlans), isCalledOff: isCalledOff() })
    .from(pricePlans)
    .where(eq(pricePlans.id, id))
    .for("update", { skipLocked: true });
  return plan;
}

/** A farm's plan, locked until the transaction ends. */
export async function lockPlan(
  tx: Transaction,
  farmId: FarmId,
  id: PricePlanId,
): Promise<StoredPlan | undefined> {
  const [plan] = await tx
    .select()
    .from(pricePlans)
    .where(and(eq(pricePlans.farmId, farmId), eq(pricePlans.id, id)))
    .for("update");
  return plan;
}

export async function updatePlan(
  tx: Transaction,
  id: PricePlanId,
  change: Partial<Pick<StoredPlan, "status" | "beforeCents" | "startedAt" | "endedAt">>,
): Promise<void> {
  await tx.update(pricePlans).set(change).where(eq(pricePlans.id, id));
}

const isCalledOff = () => sql<boolean>`coalesce(${endingOf("price_plans")} in ('day', 'stall'), false)`;

const isOpen = () => sql`${pricePlans.status} in ('planned', 'running')`;

/** What is asked for a way of selling now. Its product is locked as whoever sets a price does it, so that it stays. */
export async function lockPrice(
  tx: Transaction,
  { productId, variantId }: Pick<StoredPlan, "productId" | "variantId">,
): Promise<number | undefined> {
  await tx.execute(sql`select 1 from products where id = ${productId} for update`);
  const [row] = await rows<{ price: number }>(
    tx,
    sql`select unit_price_cents as price from variants where id = ${variantId}`,
  );
  return row?.price;
}

export interface FarmMarketDay {
  readonly marketId: MarketId;
  readonly marketName: string;
  readonly timeZone: string;
  readonly day: CalendarDay;
  readonly opensAt: Date;
}

/** Market days from a day on at which the farm has a stall, the next first; a dozen. */
export async function listFarmMarketDays(
  db: Queryable,
  farmId: FarmId,
  from: CalendarDay,
): Promise<FarmMarketDay[]> {
  const found = await rows<Omit<FarmMarketDay, "opensAt"> & { opensAt: string | Date }>(
    db,
    sql`select w.market_id as "marketId", m.name as "marketName", m.time_zone as "timeZone",
        to_char(w.market_day, 'YYYY-MM-DD') as day, w.opens_at as "opensAt"
      from market_farms mf join markets m on m.id = mf.market_id
        join order_windows w on w.market_id = m.id and not w.is_cancelled and w.market_day >= ${from}::date
      where mf.farm_id = ${farmId}
      order by w.market_day, m.name, w.id limit 12`,
  );
  return found.map((row) => ({ ...row, opensAt: new Date(row.opensAt) }));
}

/** The zone of the farm's first market, in which its days are counted; UTC for a farm at none. */
export async function readTimeZone(db: Queryable, farmId: FarmId): Promise<string> {
  const [row] = await rows<{ zone: string }>(
    db,
    sql`select m.time_zone as zone from market_farms mf join markets m on m.id = mf.market_id
      where mf.farm_id = ${farmId} order by mf.joined_at, m.id limit 1`,
  );
  return row?.zone ?? "UTC";
}
