import { eq } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { adviceSettings } from "@almanac/db/schema";
import type { BaseUnit, FarmId } from "@almanac/kernel";

export type AdviceSettings = typeof adviceSettings.$inferSelect;

const defaults = {
  leaning: 0,
  crateGrams: 2_000,
  crateMillilitres: 1_000,
  cratePieces: 1,
  vanCrates: null,
  labourMinutes: null,
  minutesPerCrate: 6,
  closedDays: [] as string[],
  costBasisPoints: 4_000,
  salvageBasisPoints: 1_000,
  leastGainCents: {},
  advisedAt: null,
} as const;

/** How a farm wants to be advised; the defaults for one that never said. */
export async function readSettings(db: Queryable, farmId: FarmId): Promise<AdviceSettings> {
  const [row] = await db.select().from(adviceSettings).where(eq(adviceSettings.farmId, farmId));
  return row ?? { farmId, ...defaults, updatedAt: new Date(0) };
}

export async function saveSettings(
  tx: Queryable,
  farmId: FarmId,
  change: Partial<Omit<AdviceSettings, "farmId">>,
  now: Date,
): Promise<void> {
  const values = { farmId, ...change, updatedAt: now };
  await tx
    .insert(adviceSettings)
    .values(values)
    .onConflictDoUpdate({ target: adviceSettings.farmId, set: { ...change, updatedAt: now } });
}

/** The settings with their row locked; it is made when there is none. */
export async function lockSettings(tx: Transaction, farmId: FarmId, now: Date): Promise<AdviceSettings> {
  await tx.insert(adviceSettings).values({ farmId, updatedAt: now }).onConflictDoNothing();
  const [row] = await tx.select().from(adviceSettings).where(eq(adviceSettings.farmId, farmId)).for("update");
  return row!;
}

export function crateOf(settings: AdviceSettings, unit: BaseUnit): number {
  if (unit === "g") return settings.crateGrams;
  return unit === "ml" ? settings.crateMillilitres : settings.cratePieces;
}
