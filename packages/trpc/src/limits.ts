import { minutes } from "@almanac/kernel";
import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { windowLimiter } from "./window-limiter.ts";

/**
 * Calls per minute and caller. `read` is a page being browsed, `write` a person changing things, `track` the events of an
 * eager reader, `auth` a person at a password field, `heavy` what costs seconds, `predict` a question to a model.
 */
export const limitsPerMinute = {
  read: 1_200,
  write: 240,
  track: 600,
  auth: 20,
  heavy: 20,
  predict: 60,
} as const;

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

const limitClasses = Object.keys(limitsPerMinute) as LimitClass[];

/** Limits inside tRPC rather than in an HTTP hook, since calls over a WebSocket never pass one. */
export function createRateLimiter({ redis, factor = 1 }: RateLimiterOptions = {}): RateLimiter {
  const pointsOf = (limitClass: LimitClass): number => Math.ceil(limitsPerMinute[limitClass] * factor);
  return redis ? sharedLimiter(redis, pointsOf) : ownLimiter(pointsOf);
}

function ownLimiter(pointsOf: (limitClass: LimitClass) => number): RateLimiter {
  const limiters = new Map(limitClasses.map((name) => [name, windowLimiter(pointsOf(name), minutes(1))]));
  const within = Promise.resolve(undefined);
  return {
    take(limitClass, key) {
      const waitMs = limiters.get(limitClass)!.take(key, performance.now());
      return waitMs === undefined ? within : Promise.resolve(waitMs);
    },
  };
}

function sharedLimiter(redis: Redis, pointsOf: (limitClass: LimitClass) => number): RateLimiter {
  const limiters = new Map(
    limitClasses.map((limitClass) => {
      const options = {
        keyPrefix: `almanac:limit:${limitClass}`,
        points: pointsOf(limitClass),
        duration: 60,
      };
      // Without waiting for a connection: nobody's page should take as long as Redis is away.
      const shared = { ...options, storeClient: redis, rejectIfRedisNotReady: true };
      const insuranceLimiter = new RateLimiterMemory(options);
      return [limitClass, new RateLimiterRedis({ ...shared, insuranceLimiter })];
    }),
  );
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
