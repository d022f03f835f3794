import { seconds, type Milliseconds } from "@almanac/kernel";

export interface RetryPolicy {
  /** How often a consumer is tried before the fact is parked for an operator. */
  readonly maxAttempts: number;
  readonly firstDelayMs: Milliseconds;
  readonly maxDelayMs: Milliseconds;
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 8,
  firstDelayMs: 500,
  maxDelayMs: seconds(300),
};

/**
 * How long to wait before the next try: 0.5 s, 1 s, 2 s, ... up to the cap. No jitter, as one relay drains one table.
 *
 * @param failedAttempts how many tries failed so far, at least 1
 * @returns milliseconds, or `undefined` when it is time to give up
 */
export function retryDelayMs(
  failedAttempts: number,
  policy: RetryPolicy = defaultRetryPolicy,
): Milliseconds | undefined {
  if (failedAttempts >= policy.maxAttempts) return undefined;
  return Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failedAttempts - 1));
}
