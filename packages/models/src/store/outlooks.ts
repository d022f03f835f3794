import { eq, sql } from "drizzle-orm";
import { inChunks, rows, type Queryable, type Transaction } from "@almanac/db";
import { shopperOutlooks } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";
import type { ArmOutcomes } from "../core/decisions/business-rails.ts";

export type StoredOutlook = typeof shopperOutlooks.$inferSelect;

/** Rows of one statement: putting together one of thousands holds the process up for half a second. */
const rowsAtOnce = 200;

/** Replaces the outlooks of all. Whoever does it at the same moment waits. */
export async function replaceOutlooks(tx: Transaction, outlooks: readonly StoredOutlook[]): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('models.outlooks'))`);
  await tx.delete(shopperOutlooks);
  await inChunks(outlooks, rowsAtOnce, (chunk) => tx.insert(shopperOutlooks).values(chunk));
}

export async function upsertOutlook(db: Queryable, outlook: StoredOutlook): Promise<void> {
  await db
    .insert(shopperOutlooks)
    .values(outlook)
    .onConflictDoUpdate({ target: shopperOutlooks.shopperId, set: outlook });
}

export async function findOutlook(db: Queryable, shopperId: ShopperId): Promise<StoredOutlook | undefined> {
  const [row] = await db.select().from(shopperOutlooks).where(eq(shopperOutlooks.shopperId, shopperId));
  return row;
}

export async function deleteOutlook(db: Queryable, shopperId: ShopperId): Promise<void> {
  await db.delete(shopperOutlooks).where(eq(shopperOutlooks.shopperId, shopperId));
}

export interface AtRisk {
  readonly shopperId: ShopperId;
  readonly name: string | null;
  readonly churnProbability: number;
  readonly windowDays: number;
  readonly reasons: readonly string[];
  readonly valueCents: number | null;
}

/** Those at risk that most is lost with: by chance times worth. */
export async function listAtRisk(db: Queryable, limit: number): Promise<AtRisk[]> {
  const found = await rows<{
    shopper_id: ShopperId;
    name: string | null;
    churn_probability: number;
    window_days: number;
    reasons: string[];
    value_cents: number | null;
  }>(
    db,
    sql`select o.shopper_id, u.name, o.churn_probability, o.window_days, o.reasons, o.value_cents
      from shopper_outlooks o join shoppers s on s.id = o.shopper_id left join users u on u.id = s.user_id
      where o.is_at_risk and s.tracking_consent <> 'denied' and s.personalise and s.erased_at is null
      order by o.churn_probability * coalesce(o.value_cents, 1) desc, o.shopper_id limit ${limit}`,
  );
  return found.map((row) => ({
    shopperId: row.shopper_id,
    name: row.name,
    churnProbability: Number(row.churn_probability),
    windowDays: row.window_days,
    reasons: row.reasons,
    valueCents: row.value_cents === null ? null : Number(row.value_cents),
  }));
}

export interface OutlookCounts {
  readonly active: number;
  readonly away: number;
  readonly resting: number;
  readonly new: number;
  readonly atRisk: number;
  readonly computedAt: Date | undefined;
  /** Of all together, in cents. */
  readonly valueCents: number | undefined;
}

export async function countOutlooks(db: Queryable): Promise<OutlookCounts> {
  const [row] = await rows<Record<string, number | string | null>>(
    db,
    sql`select count(*) filter (where state = 'active') as active, count(*) filter (where state = 'away') as away,
        count(*) filter (where state = 'resting') as resting, count(*) filter (where state = 'new') as fresh,
        count(*) filter (where is_at_risk) as at_risk, max(computed_at) as computed_at,
        sum(value_cents) filter (where state <> 'new') as value_cents
      from shopper_outlooks`,
  );
  const at = row?.["computed_at"];
  const value = row?.["value_cents"];
  const count = (name: string): number => Number(row?.[name] ?? 0);
  return {
    active: count("active"),
    away: count("away"),
    resting: count("resting"),
    new: count("fresh"),
    atRisk: count("at_risk"),
    computedAt: at === null || at === undefined ? undefined : new Date(at),
    valueCents: value === null || value === undefined ? undefined : Number(value),
  };
}

/**
 * What those ordered since a moment whom either version has answered since: by the version that their outlook is of. Orders are
 * found by the index on the shopper.
 */
export async function readOutcomes(
  db: Queryable,
  {
    model,
    championId,
    challengerId,
    since,
  }: { model: "churn" | "lifetime"; championId: string; challengerId: string; since: Date },
): Promise<{ champion: ArmOutcomes; challenger: ArmOutcomes }> {
  const version = model === "churn" ? sql`churn_version_id` : sql`lifetime_version_id`;
  const at = sql`${since.toISOString()}::timestamptz`;
  const found = await rows<Record<string, string | number | null>>(
    db,
    sql`
      with exposed as materialized (
        select shopper_id, ${version} as version_id from shopper_outlooks
        where ${version} in (${championId}::uuid, ${challengerId}::uuid) and computed_at >= ${at}),
      spent as materialized (
        select e.version_id, (
          select sum(o.total_cents) from orders o
          where o.shopper_id = e.shopper_id and o.placed_at >= ${at} and o.status <> 'cancelled') as cents
        from exposed e)
      select version_id, count(*) as shoppers, count(cents) as buyers, coalesce(sum(cents), 0)::float8 as cents,
        coalesce(sum(cents::float8 * cents::float8), 0) as squares
      from spent group by version_id`,
  );
  const of = (id: string): ArmOutcomes => {
    const row = found.find(({ version_id }) => version_id === id);
    const number = (name: string): number => Number(row?.[name] ?? 0);
    return {
      shoppers: number("shoppers"),
      buyers: number("buyers"),
      cents: number("cents"),
      squaredCents: number("squares"),
    };
  };
  return { champion: of(championId), challenger: of(challengerId) };
}
