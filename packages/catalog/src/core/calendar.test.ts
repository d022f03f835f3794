import { describe, expect, it } from "vitest";
import { isCalendarDay, isMonthDay, isTimeZone, isWallTime } from "./calendar.ts";

describe("text from outside", () => {
  it.each([
    ["2025-08-16", true],
    ["2024-02-29", true],
    ["2025-02-29", false],
    ["2025-13-01", false],
    ["1999-12-31", false],
    ["2025-8-16", false],
    ["2025-08-16T00:00", false],
  ])("%j as a day: %s", (text, is) => expect(isCalendarDay(text)).toBe(is));

  it.each([
    ["02-29", true],
    ["02-30", false],
    ["00-10", false],
    ["6-1", false],
  ])("%j as a day of any year: %s", (text, is) => expect(isMonthDay(text)).toBe(is));

  it.each([
    ["00:00", true],
    ["23:59", true],
    ["24:00", false],
    ["8:00", false],
  ])("%j as a time: %s", (text, is) => expect(isWallTime(text)).toBe(is));

  it.each([
    ["America/New_York", true],
    ["Mars/Olympus", false],
    ["", false],
  ])("%j as a time zone: %s", (text, is) => expect(isTimeZone(text)).toBe(is));
});
