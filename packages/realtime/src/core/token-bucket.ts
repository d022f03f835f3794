import type { Milliseconds } from "@almanac/kernel";

/** Lets `perSecond` things pass each second on average, and as many at once. */
export interface TokenBucket {
  /** Whether one more may pass now. */
  take(nowMs: Milliseconds): boolean;
}

export function tokenBucket(perSecond: number, nowMs: Milliseconds): TokenBucket {
  let tokens = perSecond;
  let filledAtMs = nowMs;
  return {
    take(atMs) {
      tokens = Math.min(perSecond, tokens + ((atMs - filledAtMs) / 1_000) * perSecond);
      filledAtMs = atMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

/** Counts what happened within the last `windowMs`. */
export interface SlidingCount {
  /** Adds one. @returns how many are in the window, this one included */
  add(nowMs: Milliseconds): number;
}

export function slidingCount(windowMs: Milliseconds): SlidingCount {
  let moments: Milliseconds[] = [];
  return {
    add(nowMs) {
      moments = moments.filter((at) => nowMs - at < windowMs);
      moments.push(nowMs);
      return moments.length;
    },
  };
}
