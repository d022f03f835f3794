import type { Basket } from "../baskets.ts";

/**
 * How long since an item was last bought, on one scale and in stages that widen: stage s lasts from `from[s]` up to, without
 * it, `from[s + 1]`.
 */
export interface WaitScale {
  readonly from: readonly number[];
  /** How long after basket `start` basket `end` is; `past.length` is the basket to come, on `day`. */
  between(past: readonly Basket[], start: number, end: number, day: number): number;
  /** The first basket after `start` that is at least `wait` later; `past.length` without one. */
  firstAfter(past: readonly Basket[], start: number, wait: number): number;
}

/** Waits by later baskets. */
export const basketWaits: WaitScale = {
  from: [1, 2, 3, 5, 9, 17, 33],
  between: (_past, start, end) => end - start,
  firstAfter: (past, start, wait) => Math.min(past.length, start + Math.max(1, wait)),
};

/** Waits by days; NaN without dates. */
export const dayWaits: WaitScale = {
  from: [0, 1, 2, 3, 5, 8, 11, 15, 22, 31, 61, 121],
  between: (past, start, end, day) => (past[end]?.day ?? day) - past[start]!.day,
  firstAfter(past, start, wait) {
    const day = past[start]!.day + wait;
    let low = start + 1;
    let high = past.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (past[middle]!.day < day) low = middle + 1;
      else high = middle;
    }
    return low;
  },
};

/** The stage of a wait, from 0. */
export function stageOf({ from }: WaitScale, wait: number): number {
  let stage = 0;
  while (stage + 1 < from.length && wait >= from[stage + 1]!) stage++;
  return stage;
}

/**
 * Baskets of a stage after a purchase in basket `start`, none later than basket `end`: chances to buy it again.
 *
 * @param end the basket in which it was bought again, or the latest
 */
export function chancesIn(
  scale: WaitScale,
  past: readonly Basket[],
  start: number,
  end: number,
  stage: number,
): number {
  const first = scale.firstAfter(past, start, scale.from[stage]!);
  if (first > end) return 0;
  const next = scale.from[stage + 1];
  const beyond = next === undefined ? past.length : scale.firstAfter(past, start, next);
  return Math.max(0, Math.min(beyond, end + 1) - first);
}
