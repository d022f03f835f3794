import { asc, desc, eq, sql } from "drizzle-orm";
import { isUniqueViolation, rows, type Queryable, type Transaction } from "@almanac/db";
import { experimentLooks, experiments, type StoredInterval } from "@almanac/db/schema";
import { AppError, type UserId } from "@almanac/kernel";
import type { Experiment } from "../core/experiment.ts";
import type { Guardrail, MetricKey } from "../core/metrics.ts";
import type { Decision } from "../core/verdict.ts";

/** An experiment with all that is kept of it. */
export interface StoredExperiment extends Experiment {
  readonly name: string;
  readonly hypothesis: string;
  readonly primaryMetric: MetricKey;
  readonly guardrails: readonly Guardrail[];
  readonly plannedUnits: number | undefined;
  readonly decisions: readonly Decision[];
  /** When arms were stopped, oldest first; `at` is an ISO time. */
  readonly armStops: readonly { readonly arm: string; readonly at: string }[];
  readonly stopReason: string | undefined;
  readonly hasSimulated: boolean;
  readonly createdBy: UserId | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
}

type Row = typeof experiments.$inferSelect;

function fromRow(row: Row): StoredExperiment {
  const { namespaceName, namespaceFrom, namespaceTo, ...rest } = row;
  return {
    ...rest,
    ...(namespaceName !== null && {
      namespace: { name: namespaceName, range: { from: namespaceFrom ?? 0, to: namespaceTo ?? 1 } },
    }),
    primaryMetric: row.primaryMetric as MetricKey,
    guardrails: row.guardrails as Guardrail[],
    plannedUnits: row.plannedUnits ?? undefined,
    stopReason: row.stopReason ?? undefined,
    createdBy: row.createdBy ?? undefined,
    startedAt: row.startedAt ?? undefined,
    stoppedAt: row.stoppedAt ?? undefined,
  };
}

/** What a draft is made of; everything else is given when it is started. */
export type DraftValues = Pick<
  Row,
  | "key"
  | "name"
  | "hypothesis"
  | "kind"
  | "surface"
  | "arms"
  | "rollout"
  | "namespaceName"
  | "namespaceFrom"
  | "namespaceTo"
  | "marketIds"
  | "primaryMetric"
  | "guardrails"
  | "plannedUnits"
>;

/** @throws AppError `experiment_key_taken` */
export async function insertExperiment(
  tx: Queryable,
  values: typeof experiments.$inferInsert,
): Promise<void> {
  try {
    await tx.insert(experiments).values(values);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("experiment_key_taken", `There is an experiment "${values.key}" already.`, {
      cause: error,
    });
  }
}

export async function updateExperiment(
  tx: Queryable,
  id: string,
  changes: Partial<Omit<Row, "id" | "key" | "seed">>,
): Promise<void> {
  await tx.update(experiments).set(changes).where(eq(experiments.id, id));
}

/** Only a draft has nothing that refers to it but its audit lines. */
export async function deleteExperiment(tx: Transaction, id: string): Promise<void> {
  await tx.delete(experiments).where(eq(experiments.id, id));
}

/** @throws AppError `experiment_not_found` */
export async function getExperiment(db: Queryable, id: string): Promise<StoredExperiment> {
  const [row] = await db.select().from(experiments).where(eq(experiments.id, id));
  if (!row) throw new AppError("experiment_not_found", "There is no such experiment.");
  return fromRow(row);
}

/**
 * Reads an experiment and keeps others from changing it, and shoppers from being exposed to it, until the transaction ends.
 *
 * @throws AppError `experiment_not_found`
 */
export async function lockExperiment(tx: Transaction, id: string): Promise<StoredExperiment> {
  const [row] = await tx.select().from(experiments).where(eq(experiments.id, id)).for("update");
  if (!row) throw new AppError("experiment_not_found", "There is no such experiment.");
  return fromRow(row);
}

/** Running ones, by key. There are never many. */
export async function listRunning(db: Queryable): Promise<StoredExperiment[]> {
  const found = await db
    .select()
    .from(experiments)
    .where(eq(experiments.status, "running"))
    .orderBy(asc(experiments.key))
    .limit(200);
  return found.map(fromRow);
}

/** Newest first, with how many shoppers were exposed. */
export async function listExperiments(
  db: Queryable,
  limit: number,
): Promise<(StoredExperiment & { exposed: number })[]> {
  const exposed = sql<number>`(select count(*)::int from experiment_exposures e where e.experiment_id = ${experiments.id})`;
  const found = await db
    .select({ row: experiments, exposed })
    .from(experiments)
    .orderBy(desc(experiments.createdAt), asc(experiments.key))
    .limit(limit);
  return found.map(({ row, exposed: count }) => ({ ...fromRow(row), exposed: Number(count) }));
}

export interface Look {
  readonly units: number;
  readonly at: Date;
  readonly intervals: readonly StoredInterval[];
}

/** In the order in which shoppers came. A look at the same number of shoppers is the same look. */
export async function listLooks(db: Queryable, experimentId: string): Promise<Look[]> {
  return db
    .select({ units: experimentLooks.units, at: experimentLooks.at, intervals: experimentLooks.intervals })
    .from(experimentLooks)
    .where(eq(experimentLooks.experimentId, experimentId))
    .orderBy(asc(experimentLooks.units))
    .limit(1_000);
}

export async function insertLook(tx: Queryable, experimentId: string, look: Look): Promise<void> {
  await tx
    .insert(experimentLooks)
    .values({ experimentId, ...look, intervals: [...look.intervals] })
    .onConflictDoNothing();
}

/** The end of the last exposure, so that an experiment never ends before it. */
export async function lastExposure(tx: Queryable, experimentId: string): Promise<Date | undefined> {
  const [found] = await rows<{ at: string | null }>(
    tx,
    sql`select to_char(max(exposed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from experiment_exposures where experiment_id = ${experimentId}`,
  );
  return found?.at ? new Date(found.at) : undefined;
}
