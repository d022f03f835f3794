import type { Milliseconds } from "@almanac/kernel";

/**
 * Whether enough time has passed since the last one that was let through: a leading throttle, not a debounce, so a steady
 * stream passes once per window (decision D3, golden G8: 0, 200, 450, 600, 1100 ms -> yes, no, no, yes, yes).
 *
 * @param lastPassedMs when one was last let through; `undefined` for the first
 * @param windowMs exactly this much later passes again
 */
export function passesThrottle(
  lastPassedMs: Milliseconds | undefined,
  nowMs: Milliseconds,
  windowMs: Milliseconds,
): boolean {
  return lastPassedMs === undefined || nowMs - lastPassedMs >= windowMs;
}
