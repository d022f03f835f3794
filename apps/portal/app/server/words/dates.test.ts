import { describe, expect, it } from "vitest";
import { dayAt, dayInWords, dayInYear, localInput, momentAt, plotDay, timeAt } from "./dates.ts";

describe("a day in words", () => {
  it("is told with its year", () => expect(dayInYear("2025-08-13T22:00:00Z")).toBe("13 Aug 2025"));

  it("stands on the axis of a plot with its year when that is another one", () => {
    const now = new Date("2025-08-13T22:00:00Z");
    expect(plotDay("2025-08-16", now)).toBe("Sat 16 Aug");
    expect(plotDay("2024-06-22", now)).toBe("22 Jun 2024");
  });
});

describe("times of a market", () => {
  const closes = "2025-08-15T00:00:00.000Z";
  const zone = "America/New_York";

  it("are those of its wall clock", () => {
    expect([timeAt(closes, zone), dayAt(closes, zone), localInput(closes, zone)]).toEqual([
      "20:00",
      "2025-08-14",
      "2025-08-14T20:00",
    ]);
  });

  it("name the year only when it is another", () => {
    expect(momentAt(closes, zone, new Date("2025-08-13T13:00:00Z"))).toBe("Thu 14 Aug, 20:00");
    expect(momentAt(closes, zone, new Date("2026-08-13T13:00:00Z"))).toBe("Thu 14 Aug 2025, 20:00");
    expect(dayInWords("2025-08-16", new Date("2025-08-13T13:00:00Z"))).toBe("Saturday 16 August");
  });
});
