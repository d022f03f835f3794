import { days, hours, minutes, seconds, type Milliseconds } from "@almanac/kernel";

const pattern = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Ten years: further on, the demo's calendar has no market days. */
export const longestAdvance = days(3_653);

/**
 * An ISO 8601 duration in weeks, days, hours, minutes and seconds, "PT35H" or "P1DT12H". Months and years are not
 * understood, since their length depends on where one starts.
 *
 * @returns milliseconds, or `undefined` when the text is none, is zero or is longer than `longestAdvance`
 */
export function parseIsoDuration(text: string): Milliseconds | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const total = days(7 * part(1) + part(2)) + hours(part(3)) + minutes(part(4)) + seconds(part(5));
  return total > 0 && total <= longestAdvance ? Math.round(total) : undefined;
}
