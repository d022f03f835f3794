import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { createRateLimiter, limitsPerMinute } from "./limits.ts";

describe("call limits", () => {
  it("let a minute's worth through and then say when to come back", async () => {
    const limiter = createRateLimiter({ factor: 0.1 });
    const allowed = Math.ceil(limitsPerMinute.auth * 0.1);
    for (let n = 0; n < allowed; n++) expect(await limiter.take("auth", "10.0.0.1")).toBeUndefined();
    const waitMs = await limiter.take("auth", "10.0.0.1");
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  it("count each caller and each class apart", async () => {
    const limiter = createRateLimiter({ factor: 0.05 });
    expect(await limiter.take("auth", "a")).toBeUndefined();
    expect(await limiter.take("auth", "a")).toBeGreaterThan(0);
    expect(await limiter.take("auth", "b")).toBeUndefined();
    expect(await limiter.take("write", "a")).toBeUndefined();
  });

  it("count here, and at once, while Redis is away", async () => {
    // Nobody listens there, and commands would wait for as long as it takes.
    const redis = new Redis("redis://127.0.0.1:1", { maxRetriesPerRequest: null });
    redis.on("error", () => undefined);
    const limiter = createRateLimiter({ redis, factor: 0.05 });
    expect(await limiter.take("auth", "a")).toBeUndefined();
    expect(await limiter.take("auth", "a")).toBeGreaterThan(0);
    redis.disconnect();
  });
});
