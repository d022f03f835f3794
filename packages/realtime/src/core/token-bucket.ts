import type { Milliseconds } from "@almanac/kernel";

/** Lets `perSecond` things pass each second on average, and `burst` at once. */
export interface TokenBucket {
  /** Whether one more may pass now. */
  take(nowMs: Milliseconds): boolean;
}

export function tokenBucket(perSecond: number, nowMs: Milliseconds, burst = perSecond): TokenBucket {
  let tokens = burst;
  let filledAtMs = nowMs;
  return {
    take(atMs) {
      tokens = Math.min(burst, tokens + ((atMs - filledAtMs) / 1_000) * perSecond);
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
