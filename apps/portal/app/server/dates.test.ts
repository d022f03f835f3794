import { describe, expect, it } from "vitest";
import { dayInYear, plotDay } from "./dates.ts";

describe("a day in words", () => {
  it("is told with its year", () => expect(dayInYear("2025-08-13T22:00:00Z")).toBe("13 Aug 2025"));

  it("stands on the axis of a plot with its year when that is another one", () => {
    const now = new Date("2025-08-13T22:00:00Z");
    expect(plotDay("2025-08-16", now)).toBe("Sat 16 Aug");
    expect(plotDay("2024-06-22", now)).toBe("22 Jun 2024");
  });
});
