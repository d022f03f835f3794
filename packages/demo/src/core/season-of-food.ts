import { dayOfYear, type CalendarDay } from "@almanac/kernel";
import type { Food, Window } from "./foods.ts";

/** "MM-DD" of an ordinary year as 1 to 365. */
const ordinal = (monthDay: string): number => dayOfYear(`2025-${monthDay}`);

export type SeasonPhase = "all year" | "out of season" | "rise" | "peak" | "decline";

/** Which part of its season a food is in that day. */
export function phaseOn({ window }: Food, day: CalendarDay, latitude: number): SeasonPhase {
  if (!window) return "all year";
  const [first, peakStart, peakEnd, last] = window.map(ordinal) as [number, number, number, number];
  const at = (dayInSeason(day, latitude) - first + 365) % 365;
  const from = (other: number) => (other - first + 365) % 365;
  if (at > from(last)) return "out of season";
  if (at < from(peakStart)) return "rise";
  return at <= from(peakEnd) ? "peak" : "decline";
}

/** 1 to 365, turned by half a year south of the equator. */
const dayInSeason = (day: CalendarDay, latitude: number): number =>
  ((dayOfYear(day) - 1 + (latitude < 0 ? 182 : 0)) % 365) + 1;

/** How plentiful a food is that day, 0 (none to sell) to 1 (peak). What is stored or under glass stays at a quarter. */
export function supplyOn(food: Food, day: CalendarDay, latitude: number): number {
  if (!food.window) return 1;
  const height = heightInWindow(food.window, dayInSeason(day, latitude));
  const floor = food.kind === "stored" || food.kind === "greenhouse" ? 0.25 : 0;
  return Math.max(height, floor);
}

function heightInWindow(window: Window, today: number): number {
  const [first, peakStart, peakEnd, last] = window.map(ordinal) as [number, number, number, number];
  const from = (day: number) => (day - first + 365) % 365;
  const at = from(today);
  if (at > from(last)) return 0;
  if (at < from(peakStart)) return (at + 1) / (from(peakStart) + 1);
  if (at <= from(peakEnd)) return 1;
  return (from(last) - at + 1) / (from(last) - from(peakEnd) + 1);
}
