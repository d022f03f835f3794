import type { SeasonPhase } from "@almanac/signals";
import { describe, expect, it } from "vitest";
import { isToldNow, isWorseThan, seasonalThreshold, stockAlertPriority } from "./stock-alert.ts";

const peak: SeasonPhase = { kind: "peak", until: "2025-09-01", daysLeft: 19 };

describe("the mark below which a farmer is told", () => {
  it("moves with the season: half more at the peak, a quarter less at the end", () => {
    const phases: SeasonPhase[] = [
      { kind: "year-round" },
      { kind: "first-weeks", since: "2025-08-01", until: "2025-10-01", daysLeft: 49 },
      peak,
      { kind: "ending", until: "2025-08-20", daysLeft: 7, weeksLeft: 1 },
      { kind: "undated", inSeason: true },
    ];
    expect(phases.map((phase) => seasonalThreshold(4_000, phase))).toEqual([
      4_000, 5_000, 6_000, 3_000, 4_000,
    ]);
  });

  it("is nothing out of season, before it, and where the farm set none", () => {
    expect(seasonalThreshold(4_000, { kind: "off", back: "2026-06-01", daysToGo: 200 })).toBeUndefined();
    expect(seasonalThreshold(4_000, { kind: "coming", from: "2025-08-20", daysToGo: 7 })).toBeUndefined();
    expect(seasonalThreshold(4_000, { kind: "undated", inSeason: false })).toBeUndefined();
    expect(seasonalThreshold(0, peak)).toBeUndefined();
  });
});

describe("an alert", () => {
  it("is urgent when all is gone and more is wanted, high when too little is left for what is wanted", () => {
    expect(stockAlertPriority(0, 500)).toBe("URGENT");
    expect(stockAlertPriority(400, 500)).toBe("HIGH");
    expect(stockAlertPriority(600, 500)).toBe("MEDIUM");
    expect(stockAlertPriority(0, 0)).toBe("MEDIUM");
    expect(stockAlertPriority(0, undefined)).toBe("MEDIUM");
  });

  it("is repeated on a day only when it became more pressing", () => {
    expect(isWorseThan("URGENT", "HIGH")).toBe(true);
    expect(isWorseThan("HIGH", "HIGH")).toBe(false);
    expect(isWorseThan("MEDIUM", "URGENT")).toBe(false);
  });

  it("waits for the end of a market morning unless it is urgent", () => {
    const morning = { from: new Date("2025-08-16T08:00:00Z"), until: new Date("2025-08-16T17:00:00Z") };
    const at = (time: string) => new Date(`2025-08-16T${time}:00Z`);
    expect(isToldNow("HIGH", at("07:59"), [morning])).toBe(true);
    expect(isToldNow("HIGH", at("08:00"), [morning])).toBe(false);
    expect(isToldNow("URGENT", at("08:00"), [morning])).toBe(true);
    expect(isToldNow("HIGH", at("17:00"), [morning])).toBe(true);
  });
});
