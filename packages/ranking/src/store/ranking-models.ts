import { desc, eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { rankingModels, type StoredHeldOut } from "@almanac/db/schema";

/** "better" only where the interval of the held-out figure lies above zero. */
export type ModelVerdict = "better" | "not_better" | "not_enough_data";

/** A nightly fit of the learned ranker. Its number is its name, and what it says never changes. */
export interface RankingModelRecord {
  readonly number: number;
  readonly verdict: ModelVerdict;
  readonly searches: number;
  readonly orderShare: number;
  /** Absent where there was not enough to learn from. */
  readonly heldOut: StoredHeldOut | null;
  readonly examination: readonly number[];
  readonly fromAt: Date;
  readonly untilAt: Date;
  readonly fittedAt: Date;
  readonly fitMs: number;
}

const record = {
  number: rankingModels.number,
  verdict: rankingModels.verdict,
  searches: rankingModels.searches,
  orderShare: rankingModels.orderShare,
  heldOut: rankingModels.heldOut,
  examination: rankingModels.examination,
  fromAt: rankingModels.fromAt,
  untilAt: rankingModels.untilAt,
  fittedAt: rankingModels.fittedAt,
  fitMs: rankingModels.fitMs,
};

/** Newest first, without the models themselves. */
export async function listModels(db: Queryable, limit: number): Promise<RankingModelRecord[]> {
  return db.select(record).from(rankingModels).orderBy(desc(rankingModels.number)).limit(limit);
}

/** The latest estimate of how often each place is looked at; `undefined` before the first. */
export async function readExamination(
  db: Queryable,
): Promise<{ readonly values: readonly number[]; readonly at: Date } | undefined> {
  const [latest] = await listModels(db, 1);
  return latest && latest.examination.length > 0
    ? { values: latest.examination, at: latest.fittedAt }
    : undefined;
}

/** The text of a model; `undefined` where there is no such number, or nothing was fitted. */
export async function readModel(db: Queryable, number: number): Promise<string | undefined> {
  const [found] = await db
    .select({ model: rankingModels.model })
    .from(rankingModels)
    .where(eq(rankingModels.number, number));
  return found?.model ?? undefined;
}

/** @returns its number */
export async function insertModel(
  db: Queryable,
  row: Omit<typeof rankingModels.$inferInsert, "number">,
): Promise<number> {
  const [written] = await db.insert(rankingModels).values(row).returning({ number: rankingModels.number });
  return written!.number;
}
