import type { NamedDays } from "./holidays.ts";
import { dayNumber, weekdayOf } from "./holidays.ts";

/** When wages come: at the end of the month, on the 1st, on the 15th and the last, or every other week from some day on. */
export type PayRhythm =
  | { readonly kind: "end-of-month" }
  | { readonly kind: "first-of-month" }
  | { readonly kind: "twice-a-month" }
  | { readonly kind: "every-other-week"; readonly from: number };

/**
 * Days on which a rhythm pays, and the two days after each, when the money is spent.
 *
 * @param from, to days since 1970, both included
 * @param spending days that count after a pay day, itself included; 3 unless told
 * @returns ascending days
 */
export function payDays(rhythm: PayRhythm, from: number, to: number, spending = 3): number[] {
  const out: number[] = [];
  for (let day = from - spending + 1; day <= to; day++) {
    if (!isPayDay(rhythm, day)) continue;
    for (let after = 0; after < spending; after++) {
      if (day + after >= from && day + after <= to) out.push(day + after);
    }
  }
  return [...new Set(out)].sort((a, b) => a - b);
}

function isPayDay(rhythm: PayRhythm, day: number): boolean {
  if (rhythm.kind === "every-other-week") return (((day - rhythm.from) % 14) + 14) % 14 === 0;
  const date = new Date(day * 86_400_000);
  const isLast = dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 2, 1) - 1 === day;
  if (rhythm.kind === "end-of-month") return isLast;
  if (rhythm.kind === "first-of-month") return date.getUTCDate() === 1;
  return isLast || date.getUTCDate() === 15;
}

/**
 * The days of a market that is held on given weekdays.
 *
 * @param weekdays 0 is Sunday
 * @param closed days on which it is not held after all
 */
export function marketDays(
  weekdays: readonly number[],
  from: number,
  to: number,
  closed: readonly number[] = [],
): number[] {
  const held = new Set(weekdays);
  const out = new Set(closed);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k).filter(
    (day) => held.has(weekdayOf(day)) && !out.has(day),
  );
}

/**
 * Named days as columns of a panel's series: how many of them fall into each period.
 *
 * @param firstPeriod number of the first period, `periodDays` long each, counted from 1970 as in `PanelSeries`
 * @param length periods of history and horizon together
 * @param periodDays 1 for daily series, 7 for weekly ones
 */
export function dayColumns(
  named: NamedDays,
  firstPeriod: number,
  length: number,
  periodDays = 1,
): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(named).map(([name, days]) => {
      const column = Array.from({ length }, () => 0);
      for (const day of days) {
        const at = Math.floor(day / periodDays) - firstPeriod;
        if (at >= 0 && at < length) column[at]!++;
      }
      return [name, column];
    }),
  );
}
