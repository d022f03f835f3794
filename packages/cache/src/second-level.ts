import type { Milliseconds } from "@almanac/kernel";
import type { Redis } from "ioredis";

/** Text by key, shared by all processes, for a while. Never throws: a cache that is away is an empty cache. */
export interface SecondLevel {
  get(key: string): Promise<string | undefined>;
  /** @param tags names by which `removeTag` finds it, whichever process kept it */
  set(key: string, text: string, ttlMs: Milliseconds, tags?: readonly string[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  removeTag(tag: string): Promise<void>;
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
    set: (key, text, ttlMs, tags = []) =>
      orElse(undefined, async () => {
        const writes = redis.multi();
        // The tags first: a value must never be there without the names by which it is taken away.
        for (const tag of tags) {
          writes.sadd(tag, key);
          // A tag lives as long as the youngest value under it.
          writes.pexpire(tag, Math.ceil(ttlMs), "NX");
          writes.pexpire(tag, Math.ceil(ttlMs), "GT");
        }
        writes.set(key, text, "PX", Math.max(1, Math.ceil(ttlMs)));
        await writes.exec();
      }),
    removeTag: (tag) =>
      orElse(undefined, async () => {
        const keys = await redis.smembers(tag);
        if (keys.length > 0) await redis.del(...keys);
        await redis.del(tag);
      }),
    remove: (keys) => orElse(undefined, async () => void (await redis.del(...keys))),
  };
}
