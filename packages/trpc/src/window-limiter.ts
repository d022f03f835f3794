import type { Milliseconds } from "@almanac/kernel";

interface Window {
  count: number;
  readonly endsAtMs: Milliseconds;
}

/** Counts by key in windows that begin with a key's first call. */
export interface WindowLimiter {
  /** @returns `undefined` when within the limit, else for how many milliseconds the window goes on */
  take(key: string, nowMs: Milliseconds): Milliseconds | undefined;
  /** How many keys are remembered. */
  readonly size: number;
}

/**
 * Limits in the memory of one process. Keys whose window has ended are forgotten once a window, so that the memory is
 * bounded by who called within the last two.
 */
export function windowLimiter(limit: number, windowMs: Milliseconds): WindowLimiter {
  const windows = new Map<string, Window>();
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  function sweep(nowMs: Milliseconds): void {
    sweptAtMs = nowMs;
    for (const [key, { endsAtMs }] of windows) if (endsAtMs <= nowMs) windows.delete(key);
  }

  return {
    take(key, nowMs) {
      if (nowMs - sweptAtMs >= windowMs) sweep(nowMs);
      const current = windows.get(key);
      if (!current || current.endsAtMs <= nowMs) {
        windows.set(key, { count: 1, endsAtMs: nowMs + windowMs });
        return limit >= 1 ? undefined : windowMs;
      }
      current.count += 1;
      return current.count <= limit ? undefined : current.endsAtMs - nowMs;
    },
    get size() {
      return windows.size;
    },
  };
}
