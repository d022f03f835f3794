import { dayOfYear, type CalendarDay } from "@almanac/kernel";
import type { Food, Window } from "./foods.ts";

/** "MM-DD" of an ordinary year as 1 to 365. */
const ordinal = (monthDay: string): number => dayOfYear(`2025-${monthDay}`);

/** How plentiful a food is that day, 0 (none to sell) to 1 (peak). What is stored or under glass stays at a quarter. */
export function supplyOn(food: Food, day: CalendarDay, latitude: number): number {
  if (!food.window) return 1;
  const shift = latitude < 0 ? 182 : 0;
  const today = ((dayOfYear(day) - 1 + shift) % 365) + 1;
  const height = heightInWindow(food.window, today);
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
