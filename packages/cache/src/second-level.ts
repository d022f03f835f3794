import type { Milliseconds } from "@almanac/kernel";
import type { Redis } from "ioredis";

/** Text by key, shared by all processes, for a while. Never throws: a cache that is away is an empty cache. */
export interface SecondLevel {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttlMs: Milliseconds): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** Redis as the second level. While it is away nothing is found and nothing is kept. */
export function redisSecondLevel(
  redis: Redis,
  onTrouble: (error: unknown) => void = () => undefined,
): SecondLevel {
  async function orElse<T>(fallback: T, work: () => Promise<T>): Promise<T> {
    if (redis.status !== "ready") return fallback;
    try {
      return await work();
    } catch (error) {
      onTrouble(error);
      return fallback;
    }
  }
  return {
    get: (key) => orElse<string | undefined>(undefined, async () => (await redis.get(key)) ?? undefined),
    set: (key, text, ttlMs) =>
      orElse(undefined, async () => void (await redis.set(key, text, "PX", Math.ceil(ttlMs)))),
    remove: (keys) => orElse(undefined, async () => void (await redis.del(...keys))),
  };
}
