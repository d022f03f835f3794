import { and, desc, eq, isNull } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { modelRollouts, type ModelType } from "@almanac/db/schema";

export type StoredRollout = typeof modelRollouts.$inferSelect;

export async function findOpenRollout(
  db: Queryable,
  type: ModelType,
  scope: string,
): Promise<StoredRollout | undefined> {
  const [row] = await db
    .select()
    .from(modelRollouts)
    .where(and(eq(modelRollouts.type, type), eq(modelRollouts.scope, scope), isNull(modelRollouts.endedAt)));
  return row;
}

export async function listOpenRollouts(db: Queryable): Promise<StoredRollout[]> {
  return db.select().from(modelRollouts).where(isNull(modelRollouts.endedAt));
}

/** Newest first. */
export async function listRollouts(
  db: Queryable,
  type: ModelType,
  scope: string,
  limit = 20,
): Promise<StoredRollout[]> {
  return db
    .select()
    .from(modelRollouts)
    .where(and(eq(modelRollouts.type, type), eq(modelRollouts.scope, scope)))
    .orderBy(desc(modelRollouts.startedAt))
    .limit(limit);
}

export async function insertRollout(tx: Transaction, row: typeof modelRollouts.$inferInsert): Promise<void> {
  await tx.insert(modelRollouts).values(row);
}

export async function updateRollout(
  tx: Transaction,
  id: string,
  change: Partial<typeof modelRollouts.$inferInsert>,
): Promise<void> {
  await tx.update(modelRollouts).set(change).where(eq(modelRollouts.id, id));
}
