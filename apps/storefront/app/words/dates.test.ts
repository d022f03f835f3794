import { describe, expect, it } from "vitest";
import { atMarket, dayInWords, openingHours, placeInYear, sameDayWords } from "./dates.ts";

describe("dates in words", () => {
  it("are in the market's time, wherever the reader is", () => {
    expect(atMarket("2025-08-15T00:00:00Z", "America/New_York", "weekday-time")).toBe("Thursday 20:00");
  });

  it("name a calendar day without moving it", () => {
    expect(dayInWords("2025-08-16")).toBe("Saturday 16 August");
  });

  it("give the year where a day may be far off", () => {
    expect(dayInWords("2026-06-15", "date")).toBe("15 June 2026");
  });

  it("say today and yesterday as the market counts days", () => {
    const words = (iso: string) => sameDayWords(iso, "2026-03-01T02:00:00Z", "America/New_York");
    expect(words("2026-02-28T05:00:00Z")).toBe("Today");
    expect(words("2026-02-28T04:59:00Z")).toBe("Yesterday");
    expect(words("2026-02-20T12:00:00Z")).toBe("Friday 20 February");
    expect(words("2025-12-31T12:00:00Z")).toBe("31 December 2025");
    expect(sameDayWords("2026-02-28T12:00:00Z", "2026-02-28T12:00:00Z", "Pacific/Auckland")).toBe("Today");
  });

  it("shorten opening hours", () => {
    expect(openingHours("08:00", "13:00")).toBe("8–13");
    expect(openingHours("08:30", "13:00")).toBe("8:30–13");
  });

  it("place a day in its month", () => {
    expect(placeInYear("2025-08-16")).toEqual({ month: 8, monthShare: 15 / 31 });
  });
});
