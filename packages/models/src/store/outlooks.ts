import { eq, sql } from "drizzle-orm";
import { inChunks, rows, type Queryable, type Transaction } from "@almanac/db";
import { shopperOutlooks } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";

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
