import { and, desc, eq, inArray, isNull, lte, or, gt, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { modelActivations, modelVersions, type ModelType } from "@almanac/db/schema";
import { AppError } from "@almanac/kernel";

export type StoredVersion = typeof modelVersions.$inferSelect;
export type StoredActivation = typeof modelActivations.$inferSelect;

/** One writer of a model's numbers and of what is live at a time. */
export async function lockModels(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('models'))`);
}

export async function nextVersionNumber(tx: Transaction, name: string, scope: string): Promise<number> {
  const [row] = await rows<{ last: number | string | null }>(
    tx,
    sql`select max(version) as last from model_versions where name = ${name} and scope = ${scope}`,
  );
  return Number(row?.last ?? 0) + 1;
}

export async function insertVersion(tx: Transaction, row: typeof modelVersions.$inferInsert): Promise<void> {
  await tx.insert(modelVersions).values(row);
}

/** @throws AppError `model_version_not_found` */
export async function getVersion(db: Queryable, id: string): Promise<StoredVersion> {
  const [row] = await db.select().from(modelVersions).where(eq(modelVersions.id, id));
  if (!row) throw new AppError("model_version_not_found", "There is no such version of a model.");
  return row;
}

/** Newest first. */
export async function listVersions(
  db: Queryable,
  { name, scope, limit = 50 }: { name?: string; scope?: string; limit?: number } = {},
): Promise<StoredVersion[]> {
  return db
    .select()
    .from(modelVersions)
    .where(
      and(
        name === undefined ? undefined : eq(modelVersions.name, name),
        scope === undefined ? undefined : eq(modelVersions.scope, scope),
      ),
    )
    .orderBy(desc(modelVersions.createdAt), desc(modelVersions.version))
    .limit(limit);
}

export async function listVersionsByIds(db: Queryable, ids: readonly string[]): Promise<StoredVersion[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(modelVersions)
    .where(inArray(modelVersions.id, [...ids]));
}

/** What is live of a type and scope. */
export async function findActivation(
  db: Queryable,
  type: ModelType,
  scope: string,
): Promise<StoredActivation | undefined> {
  const [row] = await db
    .select()
    .from(modelActivations)
    .where(
      and(
        eq(modelActivations.type, type),
        eq(modelActivations.scope, scope),
        isNull(modelActivations.endedAt),
      ),
    );
  return row;
}

/** What is live of a type, by scope. */
export async function listActiveScopes(
  db: Queryable,
  type: ModelType,
): Promise<{ scope: string; versionId: string; version: number }[]> {
  return db
    .select({
      scope: modelActivations.scope,
      versionId: modelActivations.versionId,
      version: modelVersions.version,
    })
    .from(modelActivations)
    .innerJoin(modelVersions, eq(modelVersions.id, modelActivations.versionId))
    .where(and(eq(modelActivations.type, type), isNull(modelActivations.endedAt)));
}

/** What was live at a moment. */
export async function findActivationAt(
  db: Queryable,
  type: ModelType,
  scope: string,
  at: Date,
): Promise<StoredActivation | undefined> {
  const [row] = await db
    .select()
    .from(modelActivations)
    .where(
      and(
        eq(modelActivations.type, type),
        eq(modelActivations.scope, scope),
        lte(modelActivations.activatedAt, at),
        or(isNull(modelActivations.endedAt), gt(modelActivations.endedAt, at)),
      ),
    )
    .orderBy(desc(modelActivations.seq))
    .limit(1);
  return row;
}

/** Newest first. */
export async function listActivations(
  db: Queryable,
  type: ModelType,
  scope: string,
  limit = 50,
): Promise<StoredActivation[]> {
  return db
    .select()
    .from(modelActivations)
    .where(and(eq(modelActivations.type, type), eq(modelActivations.scope, scope)))
    .orderBy(desc(modelActivations.seq))
    .limit(limit);
}
