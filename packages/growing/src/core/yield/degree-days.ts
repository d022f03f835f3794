import { invariant } from "@almanac/kernel";

/** A day's coldest and warmest air, in degrees Celsius; nothing where nobody measured. */
export interface DayWeather {
  readonly min?: number;
  readonly max?: number;
}

/** Below `base` a crop does not grow, above `ceiling` no faster; degrees Celsius. */
export interface GrowthRange {
  readonly base: number;
  readonly ceiling: number;
}

export interface DegreeDays {
  /** Degrees above the base, summed over the days. */
  readonly sum: number;
  /** Share of days that were measured, 0 to 1; of no days at all, 1. */
  readonly known: number;
}

/** Share of days that has to be known for a sum to be used. */
export const leastKnownDays = 0.8;

/**
 * Growing degree-days: each day the mean of its coldest and warmest, both kept within the range first, less the base. Days
 * that nobody measured count as the mean of those that were.
 *
 * McMaster and Wilhelm (1997), "Growing Degree-Days: One Equation, Two Interpretations", method 2.
 */
export function degreeDays(days: readonly DayWeather[], { base, ceiling }: GrowthRange): DegreeDays {
  invariant(ceiling > base, "a crop's ceiling is above its base");
  const kept = (degrees: number): number => Math.min(ceiling, Math.max(base, degrees));
  let sum = 0;
  let known = 0;
  for (const { min, max } of days) {
    if (!Number.isFinite(min) || !Number.isFinite(max) || min! > max!) continue;
    sum += (kept(min!) + kept(max!)) / 2 - base;
    known++;
  }
  if (days.length === 0) return { sum: 0, known: 1 };
  return { sum: known === 0 ? 0 : (sum * days.length) / known, known: known / days.length };
}

/** How far a crop has come: 0 when it is sown, 1 when it can be harvested, beyond 1 while it is picked. */
export function growthStage({ sum }: DegreeDays, neededDegreeDays: number): number {
  invariant(neededDegreeDays > 0, "a crop needs degree-days");
  return sum / neededDegreeDays;
}
