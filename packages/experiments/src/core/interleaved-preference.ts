import { anytimeMultiplier, anytimeP, type SequenceSettings } from "./confidence-sequence.ts";
import type { Interval } from "./interval.ts";
import { interleavingResult, type Team } from "./interleaving.ts";

/** What shoppers who saw two rankings in one list made of it. */
export interface InterleavedPreference {
  /** Shoppers who opened more of the control's places, of the other's, and as many of both. */
  readonly winsA: number;
  readonly winsB: number;
  readonly ties: number;
  /**
   * How much more shoppers prefer b: from -.5, all prefer the control, to .5. The 95 % interval holds at every look at once;
   * `undefined` while too few opened anything.
   */
  readonly preference: Interval | undefined;
  /** Of the preference, at any time. */
  readonly p: number;
  /** Two-sided sign test of those who were not tied: for one look at the end. */
  readonly signTestP: number;
}

/** Tightest where interleaving is decided: a tenth of what two groups take. */
const sequence: SequenceSettings = { alpha: 0.05, tightestAt: 500 };

/** Fewer shoppers with a click than this say nothing: the spread of so few is a guess. */
export const leastPreferring = 50;

/**
 * Which of two interleaved rankings is preferred. The unit is a shopper, whose clicks are credited to the team of the place:
 * searches of one shopper are alike, and would make the interval too narrow.
 *
 * @param credits clicks by team, one entry for each shopper who opened anything
 */
export function interleavedPreference(credits: readonly Record<Team, number>[]): InterleavedPreference {
  const { winsA, winsB, ties, preferenceB, p: signTestP } = interleavingResult(credits);
  const n = winsA + winsB + ties;
  const counted = { winsA, winsB, ties, signTestP };
  if (preferenceB === undefined || n < leastPreferring) return { ...counted, preference: undefined, p: 1 };
  // Each shopper is worth 1/2, 0 or -1/2.
  const variance = ((winsA + winsB) / 4 - n * preferenceB ** 2) / (n - 1);
  if (!(variance > 0)) return { ...counted, preference: undefined, p: 1 };
  const error = Math.sqrt(variance / n);
  const half = anytimeMultiplier(n, sequence) * error;
  return {
    ...counted,
    preference: { value: preferenceB, low: preferenceB - half, high: preferenceB + half },
    p: anytimeP(preferenceB / error, n, sequence),
  };
}
