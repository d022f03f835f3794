import type { Cents } from "@almanac/kernel";

export const rejectionReasons = [
  "too_much_work",
  "too_little_gain",
  "not_believed",
  "other_plans",
  "other",
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** Nobody is asked to miss more than this for good. */
const most: Cents = 5_000;

/**
 * The least gain that a farm finds worth an advice of one type, after it said no: for too much work or too little gain, half
 * the way from what it was to the gain that was refused, and a euro or dollar at least. Other reasons say nothing about gain.
 *
 * @param gainCents of what was refused
 */
export function raisedThreshold(threshold: Cents, gainCents: Cents, reason: RejectionReason): Cents {
  if (reason !== "too_much_work" && reason !== "too_little_gain") return threshold;
  const halfWay = threshold + Math.max(0, gainCents - threshold) / 2;
  return Math.min(most, Math.max(threshold, 100, Math.ceil(halfWay)));
}

/** After it said yes to less than that: it is worth as little as was taken. */
export const loweredThreshold = (threshold: Cents, gainCents: Cents): Cents =>
  Math.max(0, Math.min(threshold, gainCents));
