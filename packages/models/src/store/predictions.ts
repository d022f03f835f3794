import { and, desc, eq, lt, sql } from "drizzle-orm";
import { inChunks, rows, type Queryable } from "@almanac/db";
import { modelPredictions } from "@almanac/db/schema";
import { scoreCells, type ArmFigures } from "../core/decisions/guardrails.ts";

export type NewPrediction = typeof modelPredictions.$inferInsert;
export type StoredPrediction = typeof modelPredictions.$inferSelect;

/** Rows of one statement: few enough not to hold the process up. */
const rowsAtOnce = 200;
/** Execution times kept of an arm: all of those that can be too few to say more. */
const longestKept = 20;

export async function insertPredictions(db: Queryable, found: readonly NewPrediction[]): Promise<void> {
  await inChunks(found, rowsAtOnce, (chunk) => db.insert(modelPredictions).values(chunk));
}

/** Newest first. */
export async function listPredictions(
  db: Queryable,
  { versionId, limit }: { versionId: string; limit: number },
): Promise<StoredPrediction[]> {
  return db
    .select()
    .from(modelPredictions)
    .where(and(eq(modelPredictions.versionId, versionId), eq(modelPredictions.isError, false)))
    .orderBy(desc(modelPredictions.seq))
    .limit(limit);
}

/** What both arms of a rollout did since a moment. Index: rollout_id, at. */
export async function readArms(
  db: Queryable,
  { rolloutId, since, isProbability }: { rolloutId: string; since: Date; isProbability: boolean },
): Promise<{ champion: ArmFigures; challenger: ArmFigures }> {
  // Amounts are spread by their logarithm; exp(14) cents is more than anybody spends.
  const bin = isProbability
    ? sql`width_bucket(score, 0, 1, ${scoreCells}::integer)`
    : sql`width_bucket(ln(1 + greatest(score, 0)), 0, 14, ${scoreCells}::integer)`;
  const found = await rows<{ side: string; bin: number | null; n: number | string; errors: number | string }>(
    db,
    sql`select case when arm = 'champion' then 'champion' else 'challenger' end as side, ${bin} as bin,
        count(*) as n, count(*) filter (where is_error) as errors
      from model_predictions where rollout_id = ${rolloutId} and at >= ${since.toISOString()}::timestamptz
      group by 1, 2`,
  );
  const times = await rows<{ side: string; p95: number | null; longest: number[] }>(
    db,
    sql`select case when arm = 'champion' then 'champion' else 'challenger' end as side,
        percentile_cont(0.95) within group (order by execution_ms) as p95,
        to_json((array_agg(execution_ms order by execution_ms desc))[1:${longestKept}::integer]) as longest
      from model_predictions where rollout_id = ${rolloutId} and at >= ${since.toISOString()}::timestamptz
      group by 1`,
  );
  const figuresOf = (side: string): ArmFigures => {
    const own = found.filter((row) => row.side === side);
    const scores = Array.from({ length: scoreCells + 2 }, () => 0);
    for (const row of own) if (row.bin !== null) scores[row.bin]! += Number(row.n);
    const { p95, longest = [] } = times.find((row) => row.side === side) ?? {};
    return {
      predictions: own.reduce((sum, { n }) => sum + Number(n), 0),
      errors: own.reduce((sum, { errors }) => sum + Number(errors), 0),
      ...(p95 !== null && p95 !== undefined && { p95Ms: Number(p95) }),
      longestMs: longest,
      scores,
    };
  };
  return { champion: figuresOf("champion"), challenger: figuresOf("challenger") };
}

export interface ServingFigures {
  readonly versionId: string;
  readonly predictions: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export async function readServing(db: Queryable, since: Date): Promise<ServingFigures[]> {
  const found = await rows<{
    version_id: string;
    n: number | string;
    errors: number | string;
    p50: number;
    p95: number;
  }>(
    db,
    sql`select version_id, count(*) as n, count(*) filter (where is_error) as errors,
        percentile_cont(0.5) within group (order by execution_ms) as p50,
        percentile_cont(0.95) within group (order by execution_ms) as p95
      from model_predictions where at >= ${since.toISOString()}::timestamptz group by version_id`,
  );
  return found.map((row) => ({
    versionId: row.version_id,
    predictions: Number(row.n),
    errors: Number(row.errors),
    p50Ms: Number(row.p50),
    p95Ms: Number(row.p95),
  }));
}

export async function removeOldPredictions(db: Queryable, before: Date): Promise<void> {
  await db.delete(modelPredictions).where(lt(modelPredictions.at, before));
}
