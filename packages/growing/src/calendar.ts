import { findFarm, listLiveProducts, type LiveProduct } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import {
  AppError,
  addCalendarDays,
  atMarketTime,
  marketDay,
  type CalendarDay,
  type FarmId,
} from "@almanac/kernel";
import { holidaysOf } from "@almanac/planning";
import { plantingEntries, within, type CalendarEntry } from "./core/calendar.ts";
import { referenceCrops, type Crop } from "./core/crops.ts";
import { cropSeasons } from "./core/crop-seasons.ts";
import { dayInYear, dayOfNumber } from "./core/day-numbers.ts";
import { frostsByLatitude, type Frosts } from "./core/place.ts";
import { findPlace, listFarmCrops, listFarmWindows, readTimeZone, type FarmWindow } from "./store/places.ts";
import { listPlantings, type StoredPlanting } from "./store/plantings.ts";
import { listSeasonChanges } from "./store/products.ts";

export interface GrowingPlace {
  readonly frosts: Frosts | undefined;
  /** Whether the farm said so itself. */
  readonly isOwn: boolean;
  readonly bedMetres: number;
  readonly latitude: number;
}

/** Where a farm grows: what it says itself, else by its latitude. */
export async function readPlace(db: Queryable, farmId: FarmId): Promise<GrowingPlace> {
  const [farm, own] = await Promise.all([findFarm(db, { id: farmId }), findPlace(db, farmId)]);
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  const guess = frostsByLatitude(farm.latitude);
  const isOwn = Boolean(own?.lastFrost && own.firstFrost);
  return {
    frosts: isOwn ? { lastFrost: own!.lastFrost!, firstFrost: own!.firstFrost! } : guess,
    isOwn,
    bedMetres: own?.bedMetres ?? 0,
    latitude: farm.latitude,
  };
}

/** The crops that can be planned: the reference, and what the farm says in its place. */
export async function readCrops(
  db: Queryable,
  farmId: FarmId,
): Promise<(Crop & { readonly isOwn: boolean })[]> {
  const own = await listFarmCrops(db, farmId);
  const known = new Set(referenceCrops.map(({ crop }) => crop));
  return [
    ...referenceCrops.map((crop) => ({ ...(own.get(crop.crop) ?? crop), isOwn: own.has(crop.crop) })),
    ...[...own.values()].filter(({ crop }) => !known.has(crop)).map((crop) => ({ ...crop, isOwn: true })),
  ];
}

export interface CalendarTime {
  readonly from: CalendarDay;
  readonly to: CalendarDay;
  readonly now: Date;
}

/**
 * All that a farm has to think of in a time, in one list: what it sows, sets out and picks, when its crops can be sown and
 * when their seasons on sale are, market days, when orders open and close, holidays.
 */
export async function farmCalendar(
  db: Queryable,
  farmId: FarmId,
  { from, to, now }: CalendarTime,
): Promise<{ timeZone: string; entries: CalendarEntry[] }> {
  const [timeZone, plantings, windows, products, place, crops, changes] = await Promise.all([
    readTimeZone(db, farmId),
    listPlantings(db, farmId, { from, to }),
    listFarmWindows(db, farmId, { from: addCalendarDays(from, -1), to: addCalendarDays(to, 14) }),
    listLiveProducts(db, { now, farmIds: [farmId] }),
    readPlace(db, farmId),
    readCrops(db, farmId),
    listSeasonChanges(db, farmId),
  ]);
  const years = yearsOf(from, to);
  // What follows from the calendar alone changes with the day at most.
  const today = new Date(`${marketDay(now, timeZone)}T00:00:00Z`);
  const names = new Map(crops.map(({ crop, name }) => [crop, name]));
  const grown = new Set([...products.map(({ crop }) => crop), ...plantings.map(({ crop }) => crop)]);
  const entries = [
    ...plantings.flatMap((planting) => plantingEntries(factsOf(planting, names))),
    ...windows.flatMap((window) => marketEntries(window, today)),
    ...years.flatMap((year) => [
      ...holidaysOf(year, timeZone).map(({ day, name }) => ({
        ...still(today),
        id: `holiday-${day}`,
        kind: "holiday" as const,
        title: name,
        detail: "",
        from: day,
        to: day,
      })),
      ...crops
        .filter(({ crop }) => grown.has(crop))
        .flatMap((crop) => sowingWindows(crop, place.frosts, year, today)),
      ...seasonEntries(products, { year, today, changes }),
    ]),
  ];
  return { timeZone, entries: within(uniqueById(entries), from, to) };
}

const still = (changedAt: Date) => ({ revision: 0, changedAt });

export function factsOf(planting: StoredPlanting, names: ReadonlyMap<string, string>) {
  const { transplantOn, updatedAt, ...rest } = planting;
  return {
    ...rest,
    name: (names.get(planting.crop) ?? planting.crop).toLowerCase(),
    ...(transplantOn && { transplantOn }),
    changedAt: updatedAt,
  };
}

function marketEntries(window: FarmWindow, today: Date): CalendarEntry[] {
  const { id, market, marketDay: day, timeZone } = window;
  const at = (wall: string): Date => {
    const [hour, minute] = wall.split(":").map(Number);
    return atMarketTime(day, hour!, minute!, timeZone);
  };
  const order = (what: "opens" | "closes", moment: string): CalendarEntry => {
    const startsAt = new Date(moment);
    const own = marketDay(startsAt, timeZone);
    return {
      ...still(today),
      id: `orders-${what}-${id}`,
      kind: "orders",
      title: what === "opens" ? `Orders open for ${market}` : `Orders close for ${market}`,
      detail: `for ${inWords(day)}`,
      from: own,
      to: own,
      startsAt,
      endsAt: startsAt,
    };
  };
  return [
    {
      ...still(today),
      id: `market-${id}`,
      kind: "market",
      title: market,
      detail: `${window.marketOpens} to ${window.marketCloses}`,
      from: day,
      to: day,
      startsAt: at(window.marketOpens),
      endsAt: at(window.marketCloses),
    },
    order("opens", window.opensAt),
    order("closes", window.closesAt),
  ];
}

/** "Saturday 7 November" */
function inWords(day: CalendarDay): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" })
    .format(new Date(`${day}T12:00:00Z`))
    .replace(",", "");
}

function sowingWindows(crop: Crop, frosts: Frosts | undefined, year: number, today: Date): CalendarEntry[] {
  return cropSeasons(crop, frosts, year).flatMap(({ sow, transplant }): CalendarEntry[] => {
    const window = (
      kind: "sow" | "transplant",
      { from, to }: { from: number; to: number },
    ): CalendarEntry => ({
      ...still(today),
      id: `${kind}-window-${crop.crop}-${dayOfNumber(from)}`,
      kind: "season",
      title: kind === "sow" ? `${crop.name} can be sown` : `${crop.name} can be set out`,
      detail: "from frost and days to maturity",
      from: dayOfNumber(from),
      to: dayOfNumber(to),
    });
    return [window("sow", sow), ...(transplant ? [window("transplant", transplant)] : [])];
  });
}

/** Changes of a season are counted in seconds since then, so that a later one has a higher number. */
const changesSince = Date.UTC(2020, 0, 1);

/** A product's seasons on sale, as shoppers see them. Those of a crop are told once; one that is moved stays the same entry. */
function seasonEntries(
  products: readonly LiveProduct[],
  { year, today, changes }: { year: number; today: Date; changes: ReadonlyMap<string, Date> },
): CalendarEntry[] {
  return products.flatMap(({ id: productId, name, crop, harvest }): CalendarEntry[] => {
    if (!harvest || harvest.kind === "year_round") return [];
    const isOwn = harvest.scope === "product";
    const whose = isOwn ? productId : crop;
    const changed = changes.get(whose);
    return harvest.windows.map(({ firstDay, lastDay }, at) => {
      const from = dayInYear(year, firstDay);
      const end = dayInYear(year, lastDay);
      const to = end >= from ? end : dayInYear(year + 1, lastDay);
      return {
        revision: changed ? Math.ceil((changed.getTime() - changesSince) / 1_000) : 0,
        changedAt: changed && changed > today ? changed : today,
        id: `season-${whose}-${year}-${at}`,
        kind: "season",
        title: `${isOwn ? name : cropTitle(crop)} in season`,
        detail: "as the shop shows it",
        from: dayOfNumber(from),
        to: dayOfNumber(to),
      };
    });
  });
}

function cropTitle(crop: string): string {
  const words = crop.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function yearsOf(from: CalendarDay, to: CalendarDay): number[] {
  const first = Number(from.slice(0, 4)) - 1;
  const last = Number(to.slice(0, 4));
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function uniqueById(entries: readonly CalendarEntry[]): CalendarEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}
