import type { Api } from "../request/person.ts";

export type Entry = Awaited<ReturnType<Api["growing"]["calendar"]>>["entries"][number];
export type Plan = Awaited<ReturnType<Api["growing"]["plan"]["preview"]>>;

export const kindWords: Readonly<Record<Entry["kind"], string>> = {
  sow: "Sow",
  transplant: "Set out",
  harvest: "Harvest",
  season: "Seasons",
  market: "Market",
  orders: "Orders",
  holiday: "Holidays",
};

/** Kinds as one ticks them, in the order of a farm's year. */
export const kinds = Object.keys(kindWords) as Entry["kind"][];

export const gapWords: Readonly<Record<NonNullable<Plan["weeks"][number]["gap"]>["reason"], string>> = {
  past: "should have been sown already",
  early: "would be outside before the frosts end",
  late: "frost comes before it is ready",
  beds: "no bed is free",
};

/** "2026-11" moved by months. */
export function monthLater(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year!, number! - 1 + by, 1)).toISOString().slice(0, 7);
}

/** "November 2026" */
export function monthInWords(month: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "long", year: "numeric" }).format(
    new Date(`${month}-15T12:00:00Z`),
  );
}

export interface MonthDay {
  readonly day: string;
  readonly number: number;
  readonly inMonth: boolean;
}

/** The weeks of a month from Monday to Sunday, with the days before and after that fill them. */
export function weeksOf(month: string): MonthDay[][] {
  const first = new Date(`${month}-01T12:00:00Z`);
  const start = first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000;
  const weeks: MonthDay[][] = [];
  for (let at = start; weeks.length < 6;) {
    const week = Array.from({ length: 7 }, (_, day): MonthDay => {
      const text = new Date(at + day * 86_400_000).toISOString().slice(0, 10);
      return { day: text, number: Number(text.slice(8)), inMonth: text.startsWith(month) };
    });
    if (weeks.length > 0 && !week.some(({ inMonth }) => inMonth)) break;
    weeks.push(week);
    at += 7 * 86_400_000;
  }
  return weeks;
}
