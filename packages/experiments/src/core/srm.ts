import { chiSquareTail } from "./special-functions.ts";

/** Sample ratio mismatch: the shares that were seen against those that were meant. */
export interface RatioCheck {
  readonly chiSquare: number;
  /** Probability of a split at least as uneven by chance. */
  readonly p: number;
  readonly isAlarm: boolean;
}

/** Below this, something is broken: at .05 a healthy experiment that is looked at often would cry wolf every few weeks. */
export const ratioAlarmLevel = 0.001;

/**
 * Pearson's chi-square test of the number of exposed shoppers by arm.
 *
 * @param counts shoppers of each arm, >= 0
 * @param weights shares that were meant, of the same arms; need not sum to one
 * @returns no alarm, with p 1, while nobody is counted or there is one arm
 *
 * Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD.
 */
export function checkRatio(counts: readonly number[], weights: readonly number[]): RatioCheck {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0 || counts.length < 2 || weightSum <= 0) return { chiSquare: 0, p: 1, isAlarm: false };
  const chiSquare = counts.reduce((sum, count, at) => {
    const expected = (total * (weights[at] ?? 0)) / weightSum;
    if (expected === 0) return count === 0 ? sum : Infinity;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const p = chiSquare === Infinity ? 0 : chiSquareTail(chiSquare, counts.length - 1);
  return { chiSquare, p, isAlarm: p < ratioAlarmLevel };
}
