import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { priceDecisions } from "@almanac/db/schema";
import type { FarmId } from "@almanac/kernel";

export type StoredDecision = typeof priceDecisions.$inferSelect;

export async function insertDecision(tx: Queryable, decision: StoredDecision): Promise<void> {
  await tx.insert(priceDecisions).values(decision);
}

/** What was decided since a moment, the latest first; at most a thousand. */
export async function listDecisions(db: Queryable, farmId: FarmId, since: Date): Promise<StoredDecision[]> {
  return db
    .select()
    .from(priceDecisions)
    .where(and(eq(priceDecisions.farmId, farmId), gt(priceDecisions.decidedAt, since)))
    .orderBy(desc(priceDecisions.decidedAt), desc(priceDecisions.id))
    .limit(1_000);
}

/** Lets only one decide about prices of the farm at a time, until the transaction ends. */
export async function lockDecisions(tx: Queryable, farmId: FarmId): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${farmId}, 1))`);
}

/** A farm's decision. */
export async function findDecision(
  tx: Queryable,
  farmId: FarmId,
  id: string,
): Promise<StoredDecision | undefined> {
  const [row] = await tx
    .select()
    .from(priceDecisions)
    .where(and(eq(priceDecisions.farmId, farmId), eq(priceDecisions.id, id)));
  return row;
}

export async function markUndone(tx: Queryable, id: string): Promise<void> {
  await tx.update(priceDecisions).set({ outcome: "undone" }).where(eq(priceDecisions.id, id));
}
