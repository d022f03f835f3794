import { addCalendarDays, formatRoughQuantity } from "@almanac/kernel";
import { dayInYear } from "../words/dates.ts";
import type { Api } from "../request/person.ts";

export type Trends = Awaited<ReturnType<Api["growing"]["trends"]>>;
export type Trend = Trends["products"][number];
export type Pattern = Trends["patterns"][number];

const percent = (value: number): string => `${Math.round(100 * Math.abs(value))}\u00a0%`;

const patternNames: Readonly<Record<Pattern["kind"], string>> = {
  weekend: "At weekends",
  "pay-day": "On pay days, the 1st and 15th,",
  "after-pay-day": "In the three days after pay day",
  "month-start": "In the first week of the month",
  "month-end": "In the last week of the month",
  "benefit-days": "In the first ten days of the month, when food benefits are paid out,",
  "holiday-week": "In the week before a holiday",
  spring: "In spring",
  summer: "In summer",
  autumn: "In autumn",
  winter: "In winter",
};

/** "In summer you sell 40 % more than otherwise." */
export function patternWords({ kind, effect }: Pattern): string {
  return `${patternNames[kind]} you sell ${percent(effect)} ${effect > 0 ? "more" : "less"} than otherwise.`;
}

/** The year of weeks behind a line, the latest first: the Monday of each, and what was sold on a market day in it. */
export function weekRows({ weeks, lastDay, baseUnit }: Pick<Trend, "weeks" | "lastDay" | "baseUnit">) {
  if (lastDay === null) return [];
  const weekday = (new Date(`${lastDay}T12:00:00Z`).getUTCDay() + 6) % 7;
  return weeks
    .map((sold, at) => ({
      week: dayInYear(addCalendarDays(lastDay, -weekday - 7 * (weeks.length - 1 - at))),
      sold: sold === null ? "not for sale" : formatRoughQuantity(sold, baseUnit),
    }))
    .toReversed();
}

/** "quite sure": what a confidence means to a person. */
export function sureness(confidence: number): string {
  return confidence >= 0.999 ? "very sure" : confidence >= 0.99 ? "quite sure" : "likely";
}
