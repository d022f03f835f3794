import {
  holidaysBetween,
  payDays,
  type HolidayRegion,
  type NamedDays,
  type WeatherColumns,
} from "@almanac/forecasting";

/** What may move demand on a market's days, past and coming. */
export interface MarketCauses {
  /** Days since 1970 of the market's days, ascending: the past ones, then those that are forecast. */
  readonly days: Int32Array;
  /** How many of them are over. */
  readonly past: number;
  readonly causes: readonly Cause[];
  /** Of each day the holiday that it is or comes before; nothing for other days. */
  readonly feasts: readonly (Feast | undefined)[];
}

export interface Feast {
  readonly name: string;
  readonly isBefore: boolean;
}

export interface Cause {
  readonly kind: "day" | "weather";
  readonly name: string;
  /** One value a market day: 0 or 1 for days, less the mean of the past for weather. */
  readonly column: Float64Array;
}

export interface CauseOptions {
  /** How many of the days are over. */
  readonly past: number;
  readonly region: HolidayRegion;
  /** Weather of all calendar days from the first market day to the last; left out where no readings are at hand. */
  readonly weather?: WeatherColumns;
}

/** A holiday by itself is looked at from so many past days on; below it is one of the holidays. */
const leastSeen = 2;
const longestReach = 6;

/**
 * The columns of what may move a market's days: holidays and the market days before them (each by itself where it was seen
 * twice, and all together), pay days, and weather where it was read.
 *
 * A market day is before a holiday where no other comes between, six days at most: shoppers buy for a feast on the last
 * market before it.
 *
 * @param days days since 1970, ascending
 */
export function marketCauses(days: readonly number[], { past, region, weather }: CauseOptions): MarketCauses {
  const first = days[0] ?? 0;
  const last = days.at(-1) ?? 0;
  const reach = Math.max(1, Math.min(longestReach, usualGap(days) - 1));
  const holidays = holidaysBetween(region, first, last + reach);
  const feasts = days.map((day) => feastOf(day, holidays, reach));
  const column = (of: (at: number) => boolean): Float64Array =>
    Float64Array.from(days, (_, at) => Number(of(at)));
  const causes: Cause[] = [];
  const addDay = (name: string, least: number, of: (at: number) => boolean): void => {
    const values = column(of);
    const seen = values.subarray(0, past).reduce((sum, value) => sum + value, 0);
    if (seen >= least) causes.push({ kind: "day", name, column: values });
  };
  addDay("holiday", leastSeen, (at) => feasts[at]?.isBefore === false);
  addDay("before holiday", leastSeen, (at) => feasts[at]?.isBefore === true);
  for (const name of Object.keys(holidays)) {
    addDay(name, leastSeen, (at) => feasts[at]?.name === name && !feasts[at].isBefore);
    addDay(`before ${name}`, leastSeen, (at) => feasts[at]?.name === name && feasts[at].isBefore);
  }
  const paid = new Set(payDays({ kind: region === "us" ? "twice-a-month" : "end-of-month" }, first, last));
  addDay("pay day", leastSeen, (at) => paid.has(days[at]!));
  if (weather) causes.push(...weatherCauses(days, past, weather));
  return { days: Int32Array.from(days), past, causes, feasts };
}

/** The middle of the gaps between market days. */
function usualGap(days: readonly number[]): number {
  const gaps = days.slice(1).map((day, at) => day - days[at]!);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 1;
}

function feastOf(day: number, holidays: NamedDays, reach: number): Feast | undefined {
  let nearest: { name: string; away: number } | undefined;
  for (const [name, on] of Object.entries(holidays)) {
    for (const holiday of on) {
      const away = holiday - day;
      if (away >= 0 && away <= reach && (!nearest || away < nearest.away)) nearest = { name, away };
    }
  }
  return nearest && { name: nearest.name, isBefore: nearest.away > 0 };
}

/** Rain and warmth, where past days tell wet from dry and warm from cold. */
function weatherCauses(days: readonly number[], past: number, weather: WeatherColumns): Cause[] {
  const first = days[0] ?? 0;
  const isRead = (at: number): boolean => weather.basis[days[at]! - first] === "read";
  const read = days.slice(0, past).filter((_, at) => isRead(at)).length;
  if (2 * read < past) return [];
  return (["rain", "warmth"] as const).flatMap((name): Cause[] => {
    const known = days.flatMap((_, at) =>
      at < past && isRead(at) ? (weather[name][days[at]! - first] ?? []) : [],
    );
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
    // What is not known is as usual.
    const values = Float64Array.from(days, (day, at) =>
      isRead(at) ? (weather[name][day - first] ?? mean) - mean : 0,
    );
    return [{ kind: "weather", name, column: values }];
  });
}
