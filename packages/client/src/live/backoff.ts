export const firstDelayMs = 1_000;
export const longestDelayMs = 30_000;
/** A connection that lasted so long starts again with the shortest delay. */
export const stableAfterMs = 60_000;

/**
 * How long to wait before the next attempt: anything between nothing and 1 s, then 2 s, 4 s ... 30 s (full jitter), so that
 * a thousand pages do not come back in the same moment. Nobody waits longer than twice the time that the trouble has lasted:
 * a server that was away for five seconds has everybody back within ten, while a long outage is asked about ever more seldom.
 *
 * @param attempt 0 for the first attempt after a loss
 * @param random a number in [0, 1)
 * @param troubledMs since the connection was last lost after a stable time
 * @returns milliseconds in [0, 30000)
 */
export function reconnectDelayMs(attempt: number, random: number, troubledMs: number): number {
  const doubled = firstDelayMs * 2 ** Math.min(attempt, 10);
  return random * Math.min(longestDelayMs, doubled, Math.max(firstDelayMs, 2 * troubledMs));
}
