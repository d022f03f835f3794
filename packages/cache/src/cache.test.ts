import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCache } from "./cache.ts";
import { redisSecondLevel, type SecondLevel } from "./second-level.ts";

function counted<T>(make: (n: number) => T) {
  let calls = 0;
  return { load: () => Promise.resolve(make(++calls)), calls: () => calls };
}

describe("the cache", () => {
  it("makes a value once and keeps it for its time, not longer", async () => {
    let nowMs = 1;
    const cache = createCache<number>({ name: "a", ttlMs: 1_000, monotonic: () => nowMs });
    const { load } = counted((n) => n);
    expect(await cache.get("k", load)).toBe(1);
    nowMs += 1_000;
    expect(await cache.get("k", load)).toBe(1);
    nowMs += 1;
    expect(await cache.get("k", load)).toBe(2);
    expect(cache.stats()).toEqual({ hits: 1, misses: 2, entries: 1 });
  });

  it("shares one making among those who ask at the same moment", async () => {
    const cache = createCache<number>({ name: "a", ttlMs: 1_000 });
    const { load, calls } = counted((n) => n);
    expect(await Promise.all([1, 2, 3].map(() => cache.get("k", load)))).toEqual([1, 1, 1]);
    expect(calls()).toBe(1);
  });

  it("does not keep a failure", async () => {
    const cache = createCache<number>({ name: "a", ttlMs: 1_000 });
    const failing = cache.get("k", () => Promise.reject(new Error("down")));
    await expect(Promise.all([failing, cache.get("k", () => Promise.resolve(1))])).rejects.toThrow("down");
    expect(await cache.get("k", () => Promise.resolve(2))).toBe(2);
  });

  it("forgets the longest unused when it is full, and its tags with it", async () => {
    const cache = createCache<string>({ name: "a", ttlMs: 1_000, maxEntries: 2 });
    for (const key of ["a", "b", "c"]) await cache.get(key, () => Promise.resolve(key), { tags: ["t"] });
    expect(cache.stats().entries).toBe(2);
    expect(await cache.get("a", () => Promise.resolve("made again"))).toBe("made again");
  });

  it("forgets by key and by tag, and nothing else", async () => {
    const cache = createCache<number>({ name: "a", ttlMs: 1_000 });
    const { load } = counted((n) => n);
    await cache.get("a", load, { tags: ["tomato", "farm"] });
    await cache.get("b", load, { tags: ["farm"] });
    await cache.get("c", load, { tags: ["basil"] });
    await cache.invalidateTag("tomato");
    expect(await cache.get("a", load)).toBe(4);
    expect(await cache.get("b", load)).toBe(2);
    await cache.invalidate("b");
    expect(await cache.get("b", load)).toBe(5);
    expect(await cache.get("c", load)).toBe(3);
  });

  it("does not keep what was already being made when it was invalidated", async () => {
    const cache = createCache<string>({ name: "a", ttlMs: 1_000 });
    const slow = Promise.withResolvers<string>();
    const early = cache.get("k", () => slow.promise, { tags: ["t"] });
    await cache.invalidateTag("t");
    const late = cache.get("k", () => Promise.resolve("new"));
    slow.resolve("old");
    expect(await Promise.all([early, late])).toEqual(["old", "new"]);
    expect(await cache.get("k", () => Promise.resolve("newer"))).toBe("new");
  });
});

describe("the second level", () => {
  const url = process.env["TEST_REDIS_URL"];
  if (!url) {
    it.skip("Redis: not configured");
    return;
  }
  const redis = new Redis(url, { lazyConnect: true });
  beforeAll(() => redis.connect());
  afterAll(() => redis.disconnect());
  const uniqueName = (): string => `test-${crypto.randomUUID()}`;
  const open = (name: string, version = 1) =>
    createCache<{ n: number } | null>({ name, version, ttlMs: 60_000, secondLevel: redisSecondLevel(redis) });

  it("spares another process the making, `null` included", async () => {
    const name = uniqueName();
    expect(await open(name).get("k", () => Promise.resolve({ n: 1 }))).toEqual({ n: 1 });
    expect(await open(name).get("k", () => Promise.resolve({ n: 2 }))).toEqual({ n: 1 });
    expect(await open(name).get("none", () => Promise.resolve(null))).toBeNull();
    expect(await open(name).get("none", () => Promise.resolve({ n: 3 }))).toBeNull();
    const ttl = await redis.pttl(`almanac:cache:${name}:v1:k`);
    expect(ttl).toBeGreaterThan(50_000);
  });

  it("keeps versions apart and forgets what is invalidated", async () => {
    const name = uniqueName();
    const cache = open(name);
    await cache.get("k", () => Promise.resolve({ n: 1 }), { tags: ["t"] });
    expect(await open(name, 2).get("k", () => Promise.resolve({ n: 2 }))).toEqual({ n: 2 });
    await cache.invalidateTag("t");
    expect(await open(name).get("k", () => Promise.resolve({ n: 3 }))).toEqual({ n: 3 });
  });

  it("is an empty cache while Redis is away", async () => {
    const away = new Redis("redis://127.0.0.1:1", { lazyConnect: true, retryStrategy: () => null });
    const secondLevel: SecondLevel = redisSecondLevel(away);
    const cache = createCache<number>({ name: uniqueName(), ttlMs: 1_000, secondLevel });
    expect(await cache.get("k", () => Promise.resolve(1))).toBe(1);
    await cache.invalidate("k");
    expect(await cache.get("k", () => Promise.resolve(2))).toBe(2);
    away.disconnect();
  });
});
