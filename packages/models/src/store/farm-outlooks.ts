import { and, eq, isNull } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { farmOutlooks, modelActivations, modelVersions } from "@almanac/db/schema";
import type { FarmId } from "@almanac/kernel";

export type StoredFarmOutlook = typeof farmOutlooks.$inferSelect;

export async function replaceFarmOutlook(tx: Transaction, row: StoredFarmOutlook): Promise<void> {
  await tx.insert(farmOutlooks).values(row).onConflictDoUpdate({ target: farmOutlooks.farmId, set: row });
}

export async function deleteFarmOutlook(db: Queryable, farmId: FarmId): Promise<void> {
  await db.delete(farmOutlooks).where(eq(farmOutlooks.farmId, farmId));
}

/** What a version of the farm's own told, while one is live: after it was taken back, nothing. */
export async function findFarmOutlook(
  db: Queryable,
  farmId: FarmId,
): Promise<(StoredFarmOutlook & { version: number }) | undefined> {
  const [row] = await db
    .select({ outlook: farmOutlooks, version: modelVersions.version })
    .from(farmOutlooks)
    .innerJoin(modelVersions, eq(modelVersions.id, farmOutlooks.versionId))
    .innerJoin(
      modelActivations,
      and(
        eq(modelActivations.scope, modelVersions.scope),
        eq(modelActivations.type, modelVersions.type),
        isNull(modelActivations.endedAt),
      ),
    )
    .where(eq(farmOutlooks.farmId, farmId));
  return row && { ...row.outlook, version: row.version };
}
