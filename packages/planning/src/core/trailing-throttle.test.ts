import { describe, expect, it } from "vitest";
import { trailingThrottle } from "./trailing-throttle.ts";

describe("a throttle with a trailing edge", () => {
  it("passes the first at once, gathers those of the window into one after it, and passes again after that", () => {
    const throttle = trailingThrottle(3_000);
    expect(throttle.offer("tomato", 0)).toEqual({ kind: "now" });
    expect(throttle.offer("tomato", 1_000)).toEqual({ kind: "later", afterMs: 2_000 });
    expect(throttle.offer("tomato", 2_900)).toEqual({ kind: "waits" });
    throttle.fired("tomato", 3_000);
    expect(throttle.offer("tomato", 4_000)).toEqual({ kind: "later", afterMs: 2_000 });
    throttle.fired("tomato", 6_000);
    expect(throttle.offer("tomato", 9_000)).toEqual({ kind: "now" });
  });

  it("keeps products apart", () => {
    const throttle = trailingThrottle(3_000);
    throttle.offer("tomato", 0);
    expect(throttle.offer("kale", 1)).toEqual({ kind: "now" });
  });

  it("holds nothing longer than a window when the clock is set back", () => {
    const throttle = trailingThrottle(3_000);
    throttle.offer("tomato", 1_000_000);
    expect(throttle.offer("tomato", 0)).toEqual({ kind: "later", afterMs: 3_000 });
  });
});
