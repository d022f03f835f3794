import { describe, expect, it } from "vitest";
import { windowLimiter } from "./window-limiter.ts";

describe("a limit in windows", () => {
  it("lets as many through as it says, and tells the rest when the window ends", () => {
    const limiter = windowLimiter(2, 1_000);
    expect([0, 100, 300].map((at) => limiter.take("a", at))).toEqual([undefined, undefined, 700]);
    expect(limiter.take("a", 999)).toBe(1);
  });

  it("begins anew when the window has ended", () => {
    const limiter = windowLimiter(1, 1_000);
    expect([0, 500, 1_000, 1_001].map((at) => limiter.take("a", at))).toEqual([
      undefined,
      500,
      undefined,
      999,
    ]);
  });

  it("counts each key apart", () => {
    const limiter = windowLimiter(1, 1_000);
    expect(["a", "b", "a"].map((key) => limiter.take(key, 0))).toEqual([undefined, undefined, 1_000]);
  });

  it("forgets who has not called for a window, so that its memory is bounded", () => {
    const limiter = windowLimiter(1, 1_000);
    for (let n = 0; n < 500; n++) limiter.take(`caller ${n}`, n);
    limiter.take("late", 1_600);
    expect(limiter.size).toBe(1);
  });
});
