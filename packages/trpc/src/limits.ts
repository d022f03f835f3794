import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

/**
 * Calls per minute and caller. `read` is a page being browsed, `write` a person changing things, `track` the events of an
 * eager reader, `auth` a person at a password field, `heavy` what costs seconds.
 */
export const limitsPerMinute = { read: 1_200, write: 240, track: 600, auth: 20, heavy: 20 } as const;

export type LimitClass = keyof typeof limitsPerMinute;

export interface RateLimiter {
  /**
   * Counts one call.
   *
   * @returns `undefined` when within the limit, else after how many milliseconds to try again
   */
  take(limitClass: LimitClass, key: string): Promise<number | undefined>;
}

export interface RateLimiterOptions {
  /** Shared by all processes when given; while it is away, each process counts for itself. */
  redis?: Redis;
  /** Multiplies every limit; tests that storm on purpose set it high. */
  factor?: number;
}

/** Limits inside tRPC rather than in an HTTP hook, since calls over a WebSocket never pass one. */
export function createRateLimiter({ redis, factor = 1 }: RateLimiterOptions = {}): RateLimiter {
  const limiters = new Map<LimitClass, RateLimiterMemory | RateLimiterRedis>();
  for (const limitClass of Object.keys(limitsPerMinute) as LimitClass[]) {
    const options = {
      keyPrefix: `almanac:limit:${limitClass}`,
      points: Math.ceil(limitsPerMinute[limitClass] * factor),
      duration: 60,
    };
    const memory = new RateLimiterMemory(options);
    limiters.set(
      limitClass,
      redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory,
    );
  }
  return {
    async take(limitClass, key) {
      try {
        await limiters.get(limitClass)!.consume(key);
        return undefined;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
        throw refusal;
      }
    },
  };
}

export const unlimited: RateLimiter = { take: () => Promise.resolve(undefined) };
