import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRng } from "@almanac/kernel";
import { createCache, type CacheAnnouncer, type CacheMessage } from "./cache.ts";
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
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2, entries: 1 });
  });

  it("shares one making among those who ask at the same moment", async () => {
    const cache = createCache<number>({ name: "a", ttlMs: 1_000 });
    const { load, calls } = counted((n) => n);
    expect(await Promise.all([1, 2, 3].map(() => cache.get("k", load)))).toEqual([1, 1, 1]);
    expect(calls()).toBe(1);
  });

  it.each([
    ["results", 60],
    ["trending", 5 * 60],
    ["profiles", 60 * 60],
  ])("keeps %s a second less than their %i seconds, and not a second more", async (name, ttlSeconds) => {
    let nowMs = 1;
    const cache = createCache<number>({ name, ttlMs: 1_000 * ttlSeconds, monotonic: () => nowMs });
    const { load, calls } = counted((n) => n);
    await cache.get("k", load);
    nowMs += 1_000 * (ttlSeconds - 1);
    await cache.get("k", load);
    expect(calls()).toBe(1);
    nowMs += 2_000;
    await cache.get("k", load);
    expect(calls()).toBe(2);
  });

  it("lets what was made together go apart, never later than its time", async () => {
    let nowMs = 1;
    const cache = createCache<number>({
      name: "a",
      ttlMs: 1_000,
      jitter: 0.2,
      rng: seededRng(3),
      monotonic: () => nowMs,
    });
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
    for (const key of keys) await cache.get(key, () => Promise.resolve(0));
    const kept: number[] = [];
    for (nowMs = 801; nowMs <= 1_002; nowMs += 50) {
      const before = cache.stats().hits;
      const again: string[] = [];
      for (const key of keys) await cache.get(key, () => Promise.resolve(again.push(key)));
      kept.push(cache.stats().hits - before);
      for (const key of again) await cache.invalidate(key);
    }
    expect(kept[0]).toBe(200);
    expect(kept.toSorted((a, b) => b - a)).toEqual(kept);
    expect(kept.at(-1)).toBeLessThan(20);
  });

  it("makes a value once for a hundred who ask at the same moment", async () => {
    const cache = createCache<number>({ name: "a", ttlMs: 1_000 });
    const { load, calls } = counted((n) => n);
    await Promise.all(Array.from({ length: 100 }, () => cache.get("k", load)));
    expect(calls()).toBe(1);
  });

  it("stays under its bytes with a million keys", async () => {
    const maxBytes = 1_000_000;
    const cache = createCache<string>({ name: "a", ttlMs: 60_000, maxEntries: 2_000_000, maxBytes });
    const value = Promise.resolve("x".repeat(40));
    for (let i = 0; i < 1_000_000; i++) await cache.get(`k${i}`, () => value);
    expect(cache.stats().bytes).toBeLessThanOrEqual(maxBytes);
    expect(cache.stats().bytes).toBeGreaterThan(0.9 * maxBytes);
  });

  it("tells the other processes what to forget, by key and by tag", async () => {
    const listeners = new Set<(message: CacheMessage) => void>();
    const announce: CacheAnnouncer = {
      publish: (message) => Promise.resolve(listeners.forEach((hear) => hear(message))),
      subscribe: (hear) => {
        listeners.add(hear);
        return () => listeners.delete(hear);
      },
    };
    const here = createCache<number>({ name: "a", ttlMs: 1_000, announce });
    const there = createCache<number>({ name: "a", ttlMs: 1_000, announce });
    const other = createCache<number>({ name: "b", ttlMs: 1_000, announce });
    for (const cache of [here, there, other]) {
      await cache.get("k", () => Promise.resolve(1), { tags: ["tomato"] });
      await cache.get("unrelated", () => Promise.resolve(1), { tags: ["basil"] });
    }
    await here.invalidateTag("tomato");
    expect(await there.get("k", () => Promise.resolve(2))).toBe(2);
    expect(await there.get("unrelated", () => Promise.resolve(2))).toBe(1);
    expect(await other.get("k", () => Promise.resolve(2))).toBe(1);
    await here.invalidate("unrelated");
    expect(await there.get("unrelated", () => Promise.resolve(3))).toBe(3);
    for (const cache of [here, there, other]) cache.close();
    expect(listeners.size).toBe(0);
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

  it("keeps nothing there that was being made when it was invalidated", async () => {
    const name = uniqueName();
    const cache = open(name);
    const slow = Promise.withResolvers<{ n: number }>();
    const asked = Promise.withResolvers<void>();
    const early = cache.get("k", () => (asked.resolve(), slow.promise), { tags: ["t"] });
    await asked.promise;
    await cache.invalidateTag("t");
    slow.resolve({ n: 1 });
    expect(await early).toEqual({ n: 1 });
    expect(await open(name).get("k", () => Promise.resolve({ n: 2 }))).toEqual({ n: 2 });
  });

  it("keeps versions apart and forgets what is invalidated", async () => {
    const name = uniqueName();
    const cache = open(name);
    await cache.get("k", () => Promise.resolve({ n: 1 }), { tags: ["t"] });
    expect(await open(name, 2).get("k", () => Promise.resolve({ n: 2 }))).toEqual({ n: 2 });
    await cache.invalidateTag("t");
    expect(await open(name).get("k", () => Promise.resolve({ n: 3 }))).toEqual({ n: 3 });
  });

  it("takes away by tag what another process kept, and leaves the rest", async () => {
    const name = uniqueName();
    await open(name).get("k", () => Promise.resolve({ n: 1 }), { tags: ["tomato"] });
    await open(name).get("other", () => Promise.resolve({ n: 1 }), { tags: ["basil"] });
    await open(name).invalidateTag("tomato");
    const reader = open(name);
    expect(await reader.get("k", () => Promise.resolve({ n: 2 }))).toEqual({ n: 2 });
    expect(await reader.get("other", () => Promise.resolve({ n: 2 }))).toEqual({ n: 1 });
    expect(reader.stats()).toMatchObject({ sharedHits: 1, misses: 1 });
    expect(await redis.pttl(`almanac:cache-tag:${name}:v1:basil`)).toBeGreaterThan(50_000);
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
