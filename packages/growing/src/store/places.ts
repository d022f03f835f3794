import { and, eq, sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { farmCrops, growingPlaces } from "@almanac/db/schema";
import type { CalendarDay, FarmId, MarketId } from "@almanac/kernel";
import type { Crop } from "../core/crops.ts";
import { referenceCrop } from "../core/crops.ts";

export type StoredPlace = typeof growingPlaces.$inferSelect;

export async function findPlace(db: Queryable, farmId: FarmId): Promise<StoredPlace | undefined> {
  const [row] = await db.select().from(growingPlaces).where(eq(growingPlaces.farmId, farmId));
  return row;
}

export async function savePlace(tx: Queryable, place: StoredPlace): Promise<void> {
  await tx
    .insert(growingPlaces)
    .values(place)
    .onConflictDoUpdate({ target: growingPlaces.farmId, set: place });
}

/** What a farm has said of crops, by crop. */
export async function listFarmCrops(db: Queryable, farmId: FarmId): Promise<Map<string, Crop>> {
  const found = await db.select().from(farmCrops).where(eq(farmCrops.farmId, farmId));
  return new Map(
    found.map((row) => [
      row.crop,
      {
        crop: row.crop,
        name: referenceCrop(row.crop)?.name ?? row.crop,
        daysToMaturity: row.daysToMaturity,
        daysInTrays: row.daysInTrays,
        harvestDays: row.harvestDays,
        germinationPercent: row.germinationBasisPoints / 100,
        spacingCm: row.spacingCm,
        rowsPerBed: row.rowsPerBed,
        yieldBasePerPlant: row.yieldBasePerPlant,
        baseUnit: row.baseUnit,
        outsideFromFrostDays: row.outsideFromFrostDays,
        lastHarvestFromFrostDays: row.lastHarvestFromFrostDays,
      },
    ]),
  );
}

export async function saveFarmCrop(tx: Queryable, farmId: FarmId, crop: Crop, at: Date): Promise<void> {
  const { name: _name, germinationPercent, ...facts } = crop;
  const row = {
    farmId,
    ...facts,
    germinationBasisPoints: Math.round(100 * germinationPercent),
    updatedAt: at,
  };
  await tx
    .insert(farmCrops)
    .values(row)
    .onConflictDoUpdate({ target: [farmCrops.farmId, farmCrops.crop], set: row });
}

export async function deleteFarmCrop(tx: Queryable, farmId: FarmId, crop: string): Promise<void> {
  await tx.delete(farmCrops).where(and(eq(farmCrops.farmId, farmId), eq(farmCrops.crop, crop)));
}

export interface FarmWindow {
  readonly id: string;
  readonly marketId: MarketId;
  readonly market: string;
  readonly timeZone: string;
  readonly marketDay: CalendarDay;
  /** Wall-clock times, "08:00". */
  readonly marketOpens: string;
  readonly marketCloses: string;
  readonly opensAt: string;
  readonly closesAt: string;
}

/** Market days of the farm's markets from one day to another; at most a thousand. */
export async function listFarmWindows(
  db: Queryable,
  farmId: FarmId,
  { from, to }: { from: CalendarDay; to: CalendarDay },
): Promise<FarmWindow[]> {
  return rows<FarmWindow>(
    db,
    sql`select w.id, w.market_id as "marketId", m.name as market, m.time_zone as "timeZone",
        to_char(w.market_day, 'YYYY-MM-DD') as "marketDay", m.opens_at as "marketOpens", m.closes_at as "marketCloses",
        to_char(w.opens_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "opensAt",
        to_char(w.closes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "closesAt"
      from market_farms mf join markets m on m.id = mf.market_id
      join order_windows w on w.market_id = m.id and not w.is_cancelled
      where mf.farm_id = ${farmId} and w.market_day >= ${from}::date and w.market_day <= ${to}::date
      order by w.market_day, w.id limit 1000`,
  );
}

/** The time zone of the farm's first market; UTC for a farm at none. */
export async function readTimeZone(db: Queryable, farmId: FarmId): Promise<string> {
  const [row] = await rows<{ time_zone: string }>(
    db,
    sql`select m.time_zone from market_farms mf join markets m on m.id = mf.market_id
      where mf.farm_id = ${farmId} order by mf.joined_at, m.id limit 1`,
  );
  return row?.time_zone ?? "UTC";
}
