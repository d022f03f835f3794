import { desc } from "drizzle-orm";
import { recommendationEvaluations } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { newId } from "@almanac/kernel";
import type { Evaluation } from "../core/arms/evaluate.ts";

export interface StoredEvaluation {
  readonly evaluatedAt: Date;
  readonly figures: Evaluation;
}

export async function saveEvaluation(db: Queryable, figures: Evaluation, now: Date): Promise<void> {
  await db
    .insert(recommendationEvaluations)
    .values({ id: newId(), evaluatedAt: now, figures: { ...figures } });
}

/** The last one. */
export async function findEvaluation(db: Queryable): Promise<StoredEvaluation | undefined> {
  const [found] = await db
    .select({
      evaluatedAt: recommendationEvaluations.evaluatedAt,
      figures: recommendationEvaluations.figures,
    })
    .from(recommendationEvaluations)
    .orderBy(desc(recommendationEvaluations.evaluatedAt))
    .limit(1);
  // Written by `saveEvaluation` alone.
  return found && { evaluatedAt: found.evaluatedAt, figures: found.figures as unknown as Evaluation };
}
