import { testRedisUrl } from "@almanac/db/testing";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { passesThrottle } from "../core/throttle.ts";
import { leadingThrottle, throttleKey } from "./throttle.ts";
import { fakeClock } from "../testing.ts";

const key = throttleKey("shopper", "VIEW_PRODUCT", "product");

describe("the throttle on pushes", () => {
  it("passes golden G8: clicks at 0, 200, 450, 600, 1100 ms are P S S P P", async () => {
    const clock = fakeClock();
    const throttle = leadingThrottle({ windowMs: 500, clock });
    const answers: string[] = [];
    let atMs = 0;
    for (const nextMs of [0, 200, 450, 600, 1100]) {
      clock.advance(nextMs - atMs);
      atMs = nextMs;
      answers.push((await throttle.passes(key)) ? "P" : "S");
    }
    expect(answers.join(" ")).toBe("P S S P P");
  });

  it("passes again after exactly the window", () => {
    expect(passesThrottle(0, 499, 500)).toBe(false);
    expect(passesThrottle(0, 500, 500)).toBe(true);
    expect(passesThrottle(undefined, 0, 500)).toBe(true);
  });

  it("keeps shoppers, actions and things apart", async () => {
    const throttle = leadingThrottle({ clock: fakeClock() });
    expect(await throttle.passes(throttleKey("a", "SEARCH", "x"))).toBe(true);
    expect(await throttle.passes(throttleKey("b", "SEARCH", "x"))).toBe(true);
    expect(await throttle.passes(throttleKey("a", "VIEW_FARM", "x"))).toBe(true);
    expect(await throttle.passes(throttleKey("a", "SEARCH", "x"))).toBe(false);
  });
});

describe("the throttle over Redis", () => {
  const url = testRedisUrl();
  if (!url) {
    it.skip("Redis: not configured");
    return;
  }
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  it("shares one window between processes", async () => {
    await redis.connect();
    const shared = `${key}-${crypto.randomUUID()}`;
    const throttles = [1, 2].map(() => leadingThrottle({ windowMs: 60_000, clock: fakeClock(), redis }));
    const answers = await Promise.all(throttles.map((throttle) => throttle.passes(shared)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await redis.pttl(`almanac:throttle:${shared}`)).toBeGreaterThan(50_000);
  });
});
