import { calendarEffects, type CalendarEffect, type CalendarRhythm } from "./calendar-effects.ts";

export interface DatedSales {
  /** "2025-08-16" */
  readonly day: string;
  /** At least 0; NaN is a gap. */
  readonly sold: number;
}

export type PatternKind =
  | "weekend"
  | "pay-day"
  | "after-pay-day"
  | "month-start"
  | "month-end"
  | "benefit-days"
  | "holiday-week"
  | "spring"
  | "summer"
  | "autumn"
  | "winter";

export interface SalesPattern extends Omit<CalendarEffect, "name"> {
  readonly kind: PatternKind;
}

export interface PatternOptions {
  /** Days that people are at home for, "2025-07-04". */
  readonly holidays?: readonly string[];
  /** Chance of telling a pattern that is none, over all that are looked for; .05 unless told. */
  readonly falseAlarms?: number;
  /** Of the earth: which months are summer. */
  readonly hemisphere?: "north" | "south";
}

const payDays = [1, 15];

/**
 * Rhythms that sales follow, each beside the others, the weekday and the slow level: the weekend, pay days (the 1st and 15th) and
 * the three days after, the first and the last week of the month, the ten days on which food benefits are paid out in most
 * of the United States (SNAP), the week before a holiday. Seasons are compared with the rest of the year and need two years.
 *
 * Daily sales and those of market days will do: what lies between market days is a gap, not zero.
 *
 * @returns what stands out, largest effect first
 */
export function salesPatterns(sales: readonly DatedSales[], options: PatternOptions = {}): SalesPattern[] {
  const { holidays = [], falseAlarms = 0.05, hemisphere = "north" } = options;
  const first = sales[0];
  if (!first) return [];
  const start = dayNumber(first.day);
  const length = dayNumber(sales.at(-1)!.day) - start + 1;
  const series = new Float64Array(length).fill(NaN);
  for (const { day, sold } of sales) series[dayNumber(day) - start] = sold;
  const dates = Array.from({ length }, (_, at) => new Date((start + at) * 86_400_000));
  const holidayNumbers = new Set(holidays.map(dayNumber));
  const rhythm = (name: PatternKind, is: (date: Date, at: number) => boolean): CalendarRhythm => ({
    name,
    days: dates.map(is),
  });
  const monthDay = (date: Date): number => date.getUTCDate();
  const lastOfMonth = (date: Date): number =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const rhythms = [
    rhythm("pay-day", (date) => payDays.includes(monthDay(date))),
    rhythm("after-pay-day", (date) =>
      payDays.some((pay) => monthDay(date) > pay && monthDay(date) <= pay + 3),
    ),
    rhythm("month-end", (date) => monthDay(date) > lastOfMonth(date) - 7),
    rhythm("benefit-days", (date) => monthDay(date) <= 10),
    rhythm("holiday-week", (_, at) =>
      Array.from({ length: 7 }, (__, ahead) => start + at + ahead + 1).some((day) => holidayNumbers.has(day)),
    ),
  ];
  const found = calendarEffects(series, rhythms, falseAlarms).map(({ name, ...effect }) => ({
    kind: name as PatternKind,
    ...effect,
  }));
  return [...found, ...weekendEffect(series, dates), ...seasonEffects(series, dates, hemisphere)].sort(
    (a, b) => Math.abs(b.effect) - Math.abs(a.effect),
  );
}

/** Saturdays and Sundays beside the other days, where both are known. */
function weekendEffect(series: Float64Array, dates: readonly Date[]): SalesPattern[] {
  const split: [number[], number[]] = [[], []];
  series.forEach((sold, at) => {
    const weekday = dates[at]!.getUTCDay();
    if (!Number.isNaN(sold)) split[weekday === 0 || weekday === 6 ? 1 : 0].push(sold);
  });
  return compared("weekend", split[1], split[0]);
}

/** A quarter of the year beside the rest of it, over two years and more. */
function seasonEffects(
  series: Float64Array,
  dates: readonly Date[],
  hemisphere: "north" | "south",
): SalesPattern[] {
  if (series.length < 700) return [];
  const names = ["winter", "spring", "summer", "autumn"] as const;
  return names.flatMap((name, quarter) => {
    const inside: number[] = [];
    const outside: number[] = [];
    series.forEach((sold, at) => {
      if (Number.isNaN(sold)) return;
      const shift = hemisphere === "south" ? 2 : 0;
      const own = (Math.floor(((dates[at]!.getUTCMonth() + 1) % 12) / 3) + shift) % 4;
      (own === quarter ? inside : outside).push(sold);
    });
    return compared(name, inside, outside);
  });
}

const fewest = 8;

/** Means of two groups by Welch's test; told below a chance of one in a thousand and with a tenth of difference. */
function compared(kind: PatternKind, inside: readonly number[], outside: readonly number[]): SalesPattern[] {
  if (inside.length < fewest || outside.length < fewest) return [];
  const [a, b] = [moments(inside), moments(outside)];
  if (!(b.mean > 0)) return [];
  const effect = a.mean / b.mean - 1;
  const error = Math.sqrt(a.variance / inside.length + b.variance / outside.length);
  const chance = error > 0 ? 2 * tail(Math.abs(a.mean - b.mean) / error) : 1;
  return chance < 0.001 && Math.abs(effect) >= 0.1 ? [{ kind, effect, confidence: 1 - chance }] : [];
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, variance };
}

/** Upper tail of the standard normal. Abramowitz & Stegun (1964), 26.2.17. */
function tail(z: number): number {
  const k = 1 / (1 + 0.2316419 * z);
  const series =
    k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return (Math.exp((-z * z) / 2) * series) / Math.sqrt(2 * Math.PI);
}

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}
