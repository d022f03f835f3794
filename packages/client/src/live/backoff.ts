export const firstDelayMs = 1_000;
export const longestDelayMs = 30_000;
/** A connection that lasted so long starts again with the shortest delay. */
export const stableAfterMs = 60_000;

/**
 * How long to wait before the next attempt: anything between nothing and 1 s, then 2 s, 4 s ... 30 s (full jitter), so that
 * a thousand pages do not come back in the same moment.
 *
 * @param attempt 0 for the first attempt after a loss
 * @param random a number in [0, 1)
 * @returns milliseconds in [0, 30000)
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  return random * Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
}
