import { and, asc, eq, gte, lte, sql } from "drizzle-orm";
import { insertMany, type Queryable } from "@almanac/db";
import { plantings } from "@almanac/db/schema";
import type { CalendarDay, FarmId, Id } from "@almanac/kernel";

export type PlantingId = Id<"planting">;
export type StoredPlanting = typeof plantings.$inferSelect;

/** Sowings that are sown or picked in a time, the first sown first; at most two thousand. */
export async function listPlantings(
  db: Queryable,
  farmId: FarmId,
  { from, to }: { from: CalendarDay; to: CalendarDay },
): Promise<StoredPlanting[]> {
  return db
    .select()
    .from(plantings)
    .where(and(eq(plantings.farmId, farmId), lte(plantings.sowOn, to), gte(plantings.harvestTo, from)))
    .orderBy(asc(plantings.sowOn), asc(plantings.id))
    .limit(2_000);
}

export async function countPlantings(db: Queryable, farmId: FarmId): Promise<number> {
  return db.$count(plantings, eq(plantings.farmId, farmId));
}

export async function insertPlantings(tx: Queryable, list: readonly StoredPlanting[]): Promise<void> {
  await insertMany(tx, plantings, list);
}

/** A farm's own, locked. */
export async function findPlanting(
  tx: Queryable,
  farmId: FarmId,
  id: PlantingId,
): Promise<StoredPlanting | undefined> {
  const [row] = await tx
    .select()
    .from(plantings)
    .where(and(eq(plantings.farmId, farmId), eq(plantings.id, id)))
    .for("update");
  return row;
}

export async function updatePlanting(
  tx: Queryable,
  id: PlantingId,
  patch: Partial<StoredPlanting>,
  at: Date,
): Promise<void> {
  await tx
    .update(plantings)
    .set({ ...patch, updatedAt: at, revision: sql`${plantings.revision} + 1` })
    .where(eq(plantings.id, id));
}

export async function deletePlanting(tx: Queryable, farmId: FarmId, id: PlantingId): Promise<boolean> {
  const rows = await tx
    .delete(plantings)
    .where(and(eq(plantings.farmId, farmId), eq(plantings.id, id)))
    .returning({ id: plantings.id });
  return rows.length > 0;
}

/** @returns how many were of that plan */
export async function deletePlan(tx: Queryable, farmId: FarmId, planId: string): Promise<number> {
  const rows = await tx
    .delete(plantings)
    .where(and(eq(plantings.farmId, farmId), eq(plantings.planId, planId)))
    .returning({ id: plantings.id });
  return rows.length;
}

/** Lets only one plan a farm's beds at a time, until the transaction ends. */
export async function lockBeds(tx: Queryable, farmId: FarmId): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${farmId}, 2))`);
}
