import { describe, expect, it } from "vitest";
import {
  addCalendarDays,
  atMarketTime,
  hours,
  marketDay,
  seasonAt,
  shiftedClock,
  weekdayAt,
} from "./time.ts";
import { seededRng } from "./random.ts";

const newYork = "America/New_York";

describe("the market's calendar", () => {
  it("has its own day, whatever UTC says", () => {
    expect(marketDay(new Date("2025-08-16T02:30:00Z"), newYork)).toBe("2025-08-15");
    expect(weekdayAt(new Date("2025-08-16T02:30:00Z"), newYork)).toBe(5);
  });

  it("is the calendar's of each moment, also when days were asked for before", () => {
    const zones = [newYork, "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns", "UTC"];
    const format = (timeZone: string) => new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
    const rng = seededRng(7);
    for (const zone of zones) {
      const midnight = atMarketTime("2025-03-09", 0, 0, zone).getTime();
      const moments = [-60_000, -1, 0, 59_999, 60_000].map((ms) => midnight + ms);
      for (let n = 0; n < 300; n++)
        moments.push(Date.UTC(1971, 0) + rng.int(60 * 365 * 24 * 60) * 60_000 + rng.int(60_000));
      const asked = [...moments, ...moments].map((ms) => marketDay(new Date(ms), zone));
      expect(asked).toEqual([...moments, ...moments].map((ms) => format(zone).format(ms)));
    }
  });

  it("opens at eight by the clock on the wall, before and after the clocks change", () => {
    expect(atMarketTime("2025-03-08", 8, 0, newYork).toISOString()).toBe("2025-03-08T13:00:00.000Z");
    expect(atMarketTime("2025-03-09", 8, 0, newYork).toISOString()).toBe("2025-03-09T12:00:00.000Z");
  });

  it("counts days across the end of a leap February", () => {
    expect(addCalendarDays("2024-02-28", 2)).toBe("2024-03-01");
    expect(addCalendarDays("2025-01-01", -1)).toBe("2024-12-31");
  });
});

describe("the season", () => {
  it.each([
    // Golden cases: 15 January is winter at 41 north and summer at 38 south.
    ["2026-01-15T12:00:00Z", newYork, 41, "WINTER"],
    ["2026-01-15T12:00:00Z", "Australia/Melbourne", -38, "SUMMER"],
    // 1 March 00:00 at the market is spring; an hour earlier in UTC terms it still is winter.
    ["2026-03-01T05:00:00Z", newYork, 41, "SPRING"],
    ["2026-03-01T04:59:59Z", newYork, 41, "WINTER"],
    ["2026-12-01T12:00:00Z", newYork, 41, "WINTER"],
    ["2026-09-01T12:00:00Z", newYork, 41, "FALL"],
  ] as const)("at %s in %s, latitude %d, is %s", (at, zone, latitude, season) => {
    expect(seasonAt(new Date(at), zone, latitude)).toBe(season);
  });
});

describe("a shifted clock", () => {
  it("starts where it is told and runs on with the wall's", () => {
    let wallMs = 0;
    const clock = shiftedClock(new Date("2025-08-13T13:00:00Z"), { now: () => new Date(wallMs) });
    wallMs += hours(1);
    expect(clock.now().toISOString()).toBe("2025-08-13T14:00:00.000Z");
    clock.advance(hours(35));
    expect(clock.now().toISOString()).toBe("2025-08-15T01:00:00.000Z");
  });

  it("never runs back", () => {
    expect(() => shiftedClock(new Date()).advance(-1)).toThrow(RangeError);
  });
});
