import { addCalendarDays, type CalendarDay } from "@almanac/kernel";
import type { ReckonedCause } from "./causes/cause-words.ts";
import type { DemandHistory } from "./demand-history.ts";
import type { Holiday } from "./holidays.ts";
import { weatherWords, type ExpectedWeather } from "./weather-words.ts";

export const driverKinds = [
  "recent",
  "trend",
  "last_year",
  "sold_out",
  "season",
  "events",
  "price",
  "weather",
  "climate",
] as const;

/** One reason for a forecast, in words that hold for the history. */
export interface Driver {
  readonly kind: (typeof driverKinds)[number];
  readonly text: string;
}

export interface DriverSurroundings {
  /** Base units in words, such as "12 kg". */
  readonly format: (base: number) => string;
  /** Those near the market day. */
  readonly holidays: readonly Holiday[];
  /** What the forecast reckons with, largest first. */
  readonly reckoned?: readonly ReckonedCause[];
  /** The weather of the day at the market; nothing where weather is off. */
  readonly weather?: ExpectedWeather;
}

const recentDays = 4;

/**
 * Why a forecast is what it is, for the farmer: what was asked for lately, whether it grows or falls, what was asked for
 * a year before, whether sold-out days hid demand, what the time of the year does, and what the forecast reckons with beside
 * it: holidays, pay days, the own price, the weather. What is not known is said: the season takes a year of market days, and
 * without a service the weather is what is usual.
 *
 * @param day the market day that is forecast
 */
export function driversOf(
  history: DemandHistory,
  day: CalendarDay,
  { format, holidays, reckoned = [], weather }: DriverSurroundings,
): Driver[] {
  const known = history.sold.flatMap((sold, at) => (sold === null ? [] : [{ sold, at }]));
  const recent = known.slice(-recentDays);
  const drivers: Driver[] = [];
  if (recent.length > 0) {
    const text = recent.map(({ sold }) => format(sold)).join(", ");
    drivers.push({
      kind: "recent",
      text: `The last ${recent.length === 1 ? "market day" : `${recent.length} market days`}: ${text}`,
    });
  }
  const trend = trendOf(known.map(({ sold }) => sold));
  if (trend !== undefined) drivers.push({ kind: "trend", text: trend });
  const lastYear = soldAround(history, addCalendarDays(day, -364));
  if (lastYear !== undefined) drivers.push({ kind: "last_year", text: `A year before: ${format(lastYear)}` });
  const hidden = history.soldOut.slice(-8).filter(Boolean).length;
  if (hidden > 0) {
    drivers.push({
      kind: "sold_out",
      text: `Sold out early on ${hidden} of the last 8 market days, so more was wanted than was sold`,
    });
  }
  return [
    ...drivers,
    { kind: "season", text: seasonWords(history, day) },
    { kind: "events", text: eventWords(holidays, textsOf(reckoned, "events")) },
    ...textsOf(reckoned, "price").map((text): Driver => ({ kind: "price", text })),
    {
      kind: weather?.isRead ? "weather" : "climate",
      text: weatherWords(weather, textsOf(reckoned, "weather")),
    },
  ];
}

/** Market days on each side of the one a year before that make up a time of the year. */
const seasonReachDays = 17;
/** Less than so much above or below is no season. */
const leastSeason = 0.1;

/** The weeks around the day a year before, beside the whole year that they lie in the middle of. */
function seasonWords({ days, sold }: DemandHistory, day: CalendarDay): string {
  const middle = addCalendarDays(day, -364);
  const meanWithin = (reach: number): number | undefined => {
    const from = addCalendarDays(middle, -reach);
    const to = addCalendarDays(middle, reach);
    const found = days.flatMap((one, at) => (one >= from && one <= to ? (sold[at] ?? []) : []));
    return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0) / found.length;
  };
  const year = meanWithin(182);
  const around = meanWithin(seasonReachDays);
  const isWhole = (days[0] ?? day) <= addCalendarDays(middle, -182);
  if (!isWhole || year === undefined || around === undefined || year === 0)
    return "Season: not known yet, it takes a year and a half of market days";
  const change = around / year - 1;
  if (Math.abs(change) < leastSeason)
    return "Season: at this time of last year about as much was sold as over the whole year";
  const share = `${Math.round(100 * Math.abs(change))} %`;
  return `Season: at this time of last year ${share} ${change > 0 ? "more" : "less"} was sold than over the whole year`;
}

const textsOf = (reckoned: readonly ReckonedCause[], kind: ReckonedCause["kind"]): string[] =>
  reckoned.flatMap((one) => (one.kind === kind ? [one.text] : []));

/** Holidays and pay days that are reckoned with; a holiday near the day that is not, is said. */
function eventWords(holidays: readonly Holiday[], reckoned: readonly string[]): string {
  if (reckoned.length > 0) return `Events: ${reckoned.map(lowered).join("; ")}`;
  const names = holidays.map(({ name }) => name).join(" and ");
  if (names === "") return "Events: no holiday near it";
  return `Events: ${names} near it; past sales do not show by how much that moves this, so it is not reckoned with`;
}

const lowered = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

/** Four days against the four before, where the change is plain: a third or more, of something. */
function trendOf(sold: readonly number[]): string | undefined {
  if (sold.length < 2 * recentDays) return undefined;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const late = sum(sold.slice(-recentDays));
  const early = sum(sold.slice(-2 * recentDays, -recentDays));
  if (early === 0) return late > 0 ? "New: nothing was asked for a month ago" : undefined;
  const change = late / early - 1;
  if (Math.abs(change) < 1 / 3) return undefined;
  return `${Math.round(100 * Math.abs(change))} % ${change > 0 ? "more" : "less"} in the last four market days than in the four before`;
}

/** What was sold on the market day nearest to a day, up to three days away. */
function soldAround({ days, sold }: DemandHistory, day: CalendarDay): number | undefined {
  for (const away of [0, -1, 1, -2, 2, -3, 3]) {
    const at = days.indexOf(addCalendarDays(day, away));
    if (at >= 0) return sold[at] ?? undefined;
  }
  return undefined;
}
