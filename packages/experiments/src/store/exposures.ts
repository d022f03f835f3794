import { and, eq, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { experimentAssignments, experimentExposures } from "@almanac/db/schema";
import type { MarketId, ShopperId } from "@almanac/kernel";

export interface Exposure {
  readonly experimentId: string;
  readonly shopperId: ShopperId;
  readonly arm: string;
  readonly marketId?: MarketId;
  readonly exposedAt: Date;
}

/**
 * Notes the first time that a shopper was shown an arm. `for share` waits for whoever is stopping the experiment and then
 * looks again, so that no row is written once it was stopped, however close the two came.
 *
 * @returns whether the experiment and the arm still ran
 */
export async function insertExposure(
  db: Queryable,
  { experimentId, shopperId, arm, marketId, exposedAt }: Exposure,
): Promise<boolean> {
  const found = await rows(
    db,
    sql`
      insert into experiment_exposures (experiment_id, shopper_id, arm, market_id, exposed_at)
      select x.id, ${shopperId}::uuid, ${arm}::text, ${marketId ?? null}::uuid, ${exposedAt.toISOString()}::timestamptz
      from (
        select id from experiments
        where id = ${experimentId} and status = 'running' and not stopped_arms ? ${arm}::text for share
      ) x
      on conflict (experiment_id, shopper_id)
        do update set is_crossed = experiment_exposures.is_crossed or experiment_exposures.arm <> excluded.arm
      returning shopper_id`,
  );
  return found.length > 0;
}

export interface ExposedCounts {
  /** Shoppers by the arm that they count for. */
  readonly byArm: Readonly<Record<string, number>>;
  /** Those among them who were shown another one too. */
  readonly crossed: number;
  /** The same shoppers by when they came: up to the first of some moments, up to the next, and so on; after the last. */
  readonly byPeriod: readonly Readonly<Record<string, number>>[];
}

/** @param moments ISO times, rising; none by default */
export async function countExposed(
  db: Queryable,
  experimentId: string,
  moments: readonly string[] = [],
): Promise<ExposedCounts> {
  const found = await rows<{ arm: string; isCrossed: boolean; period: number; n: number }>(
    db,
    sql`select arm, is_crossed as "isCrossed", count(*)::int as n, (
        select count(*)::int from unnest(${sql.param([...moments])}::timestamptz[]) as m where m < exposed_at) as period
      from experiment_exposures where experiment_id = ${experimentId} group by arm, is_crossed, period`,
  );
  const byArm: Record<string, number> = {};
  const byPeriod = Array.from({ length: moments.length + 1 }, (): Record<string, number> => ({}));
  let crossed = 0;
  for (const { arm, isCrossed, period, n } of found) {
    for (const counts of [byArm, byPeriod[period] ?? {}]) counts[arm] = (counts[arm] ?? 0) + Number(n);
    if (isCrossed) crossed += Number(n);
  }
  return { byArm, crossed, byPeriod };
}

/**
 * A visitor signs in: what the visitor saw goes on, unless the account has seen the experiment before. Whoever saw one
 * arm as a visitor and another with the account goes on counting for the account's: it was drawn whatever the visitor got. To
 * leave them out would take most of a small arm's and few of a large one's.
 */
export async function mergeExposures(
  tx: Transaction,
  fromId: ShopperId,
  intoId: ShopperId,
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    insert into experiment_assignments (experiment_id, shopper_id, arm, noted_at)
    select e.experiment_id, ${intoId}::uuid, e.arm, ${now.toISOString()}::timestamptz
    from experiment_exposures e join experiments x on x.id = e.experiment_id and x.status = 'running'
    where e.shopper_id = ${fromId} and not exists (
      select 1 from experiment_exposures i where i.experiment_id = e.experiment_id and i.shopper_id = ${intoId})
    on conflict do nothing`);
  await tx.execute(sql`
    update experiment_exposures i
    set is_crossed = i.is_crossed or e.is_crossed or i.arm <> e.arm, exposed_at = least(i.exposed_at, e.exposed_at)
    from experiment_exposures e
    where e.shopper_id = ${fromId} and i.shopper_id = ${intoId} and i.experiment_id = e.experiment_id`);
  await tx.execute(sql`
    delete from experiment_exposures e where e.shopper_id = ${fromId} and exists (
      select 1 from experiment_exposures i where i.experiment_id = e.experiment_id and i.shopper_id = ${intoId})`);
  await tx
    .update(experimentExposures)
    .set({ shopperId: intoId })
    .where(eq(experimentExposures.shopperId, fromId));
}

export async function deleteExposures(tx: Transaction, shopperId: ShopperId): Promise<void> {
  await tx.delete(experimentExposures).where(eq(experimentExposures.shopperId, shopperId));
  await tx.delete(experimentAssignments).where(eq(experimentAssignments.shopperId, shopperId));
}

/** What a person is shown of it with "download my data". */
export async function listExposuresOf(
  db: Queryable,
  shopperId: ShopperId,
): Promise<{ experimentId: string; arm: string; exposedAt: Date }[]> {
  return db
    .select({
      experimentId: experimentExposures.experimentId,
      arm: experimentExposures.arm,
      exposedAt: experimentExposures.exposedAt,
    })
    .from(experimentExposures)
    .where(and(eq(experimentExposures.shopperId, shopperId)));
}
