import { and, desc, eq, gt, inArray, ne } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { modelDrifts, modelRuns } from "@almanac/db/schema";
import { AppError } from "@almanac/kernel";
import { globalScope } from "../core/kinds/scope.ts";

export type StoredRun = typeof modelRuns.$inferSelect;
export type StoredDrift = typeof modelDrifts.$inferSelect;

export async function insertRun(db: Queryable, row: typeof modelRuns.$inferInsert): Promise<void> {
  await db.insert(modelRuns).values(row);
}

export async function updateRun(
  db: Queryable,
  id: string,
  change: Partial<typeof modelRuns.$inferInsert>,
): Promise<void> {
  await db.update(modelRuns).set(change).where(eq(modelRuns.id, id));
}

/** @throws AppError `not_found` */
export async function getRun(db: Queryable, id: string): Promise<StoredRun> {
  const [row] = await db.select().from(modelRuns).where(eq(modelRuns.id, id));
  if (!row) throw new AppError("not_found", "There is no such training.");
  return row;
}

/** A training that waits or runs, and was asked for after `since`: one whose workers all died stays open for ever. */
export async function findOpenRun(
  db: Queryable,
  { name, scope }: { name: string; scope: string },
  since: Date,
): Promise<StoredRun | undefined> {
  const [row] = await db
    .select()
    .from(modelRuns)
    .where(
      and(
        eq(modelRuns.name, name),
        eq(modelRuns.scope, scope),
        inArray(modelRuns.status, ["QUEUED", "RUNNING"]),
        gt(modelRuns.requestedAt, since),
      ),
    )
    .limit(1);
  return row;
}

/** Whether any farm's own version of a model was ever asked for. */
export async function hasFarmRun(db: Queryable, name: string): Promise<boolean> {
  const found = await db
    .select({ id: modelRuns.id })
    .from(modelRuns)
    .where(and(eq(modelRuns.name, name), ne(modelRuns.scope, globalScope)))
    .limit(1);
  return found.length > 0;
}

/** The newest run of each farm of a model. */
export async function listFarmRuns(db: Queryable, name: string): Promise<StoredRun[]> {
  return db
    .selectDistinctOn([modelRuns.scope])
    .from(modelRuns)
    .where(and(eq(modelRuns.name, name), ne(modelRuns.scope, globalScope)))
    .orderBy(modelRuns.scope, desc(modelRuns.requestedAt));
}

/** Newest first. */
export async function listRuns(
  db: Queryable,
  { name, scope, limit = 20 }: { name?: string; scope?: string; limit?: number } = {},
): Promise<StoredRun[]> {
  return db
    .select()
    .from(modelRuns)
    .where(
      and(
        name === undefined ? undefined : eq(modelRuns.name, name),
        scope === undefined ? undefined : eq(modelRuns.scope, scope),
      ),
    )
    .orderBy(desc(modelRuns.requestedAt))
    .limit(limit);
}

export async function insertDrift(db: Queryable, row: typeof modelDrifts.$inferInsert): Promise<void> {
  await db.insert(modelDrifts).values(row);
}

export async function findLatestDrift(db: Queryable, versionId: string): Promise<StoredDrift | undefined> {
  const [row] = await db
    .select()
    .from(modelDrifts)
    .where(eq(modelDrifts.versionId, versionId))
    .orderBy(desc(modelDrifts.seq))
    .limit(1);
  return row;
}
