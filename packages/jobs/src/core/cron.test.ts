import { describe, expect, it } from "vitest";
import { latestTick, nextTick, parseCron } from "./cron.ts";

const zone = "America/New_York";
const epoch = new Date(0);
const latest = (cron: string, until: string, after = epoch, timeZone = zone): string | undefined =>
  latestTick(parseCron(cron), timeZone, after, new Date(until))?.toISOString();
const next = (cron: string, after: string, timeZone = zone): string | undefined =>
  nextTick(parseCron(cron), timeZone, new Date(after))?.toISOString();

describe("schedules by the clock on a market's wall", () => {
  it.each([
    ["0 2 * * *", "2025-08-14T12:00:00Z", "2025-08-14T06:00:00.000Z", "2025-08-15T06:00:00.000Z"],
    ["0 20 * * 4", "2025-08-14T23:59:00Z", "2025-08-08T00:00:00.000Z", "2025-08-15T00:00:00.000Z"],
    ["*/15 * * * *", "2025-08-14T12:07:30Z", "2025-08-14T12:00:00.000Z", "2025-08-14T12:15:00.000Z"],
    ["30 4 1 * *", "2025-08-14T12:00:00Z", "2025-08-01T08:30:00.000Z", "2025-09-01T08:30:00.000Z"],
    ["0 8 * 5-9 6", "2025-11-22T12:00:00Z", "2025-09-27T12:00:00.000Z", "2026-05-02T12:00:00.000Z"],
    ["0 8 29 2 *", "2025-08-14T12:00:00Z", undefined, undefined],
    ["0 9 1 * 1", "2025-08-14T12:00:00Z", "2025-08-11T13:00:00.000Z", "2025-08-18T13:00:00.000Z"],
    ["0 0 * * 0", "2025-08-14T12:00:00Z", "2025-08-10T04:00:00.000Z", "2025-08-17T04:00:00.000Z"],
    ["0 0 * * 7", "2025-08-14T12:00:00Z", "2025-08-10T04:00:00.000Z", "2025-08-17T04:00:00.000Z"],
  ])("%s, seen at %s, fired at %s and fires next at %s", (cron, at, fired, fires) => {
    expect(latest(cron, at)).toBe(fired);
    expect(next(cron, at)).toBe(fires);
  });

  it("fires at the moment itself, once", () => {
    const at = "2025-08-14T06:00:00.000Z";
    expect(latest("0 2 * * *", at)).toBe(at);
    expect(latest("0 2 * * *", "2025-08-14T06:30:00Z", new Date(at))).toBeUndefined();
    expect(next("0 2 * * *", at)).toBe("2025-08-15T06:00:00.000Z");
  });

  it("keeps to the wall when the clocks change", () => {
    expect(latest("0 8 * * *", "2025-11-01T18:00:00Z")).toBe("2025-11-01T12:00:00.000Z");
    expect(latest("0 8 * * *", "2025-11-02T18:00:00Z")).toBe("2025-11-02T13:00:00.000Z");
  });

  it("fires once in the hour that comes twice, and every hour when it is to", () => {
    const first = "2025-11-02T05:30:00.000Z";
    expect(latest("30 1 * * *", "2025-11-02T12:00:00Z")).toBe(first);
    expect(latest("30 * * * *", "2025-11-02T06:45:00Z")).toBe("2025-11-02T06:30:00.000Z");
  });

  it("knows the halves of hours and the other side of the date line", () => {
    expect(next("0 6 * * *", "2025-08-14T12:00:00Z", "Asia/Kolkata")).toBe("2025-08-15T00:30:00.000Z");
    expect(next("0 6 * * *", "2025-08-14T12:00:00Z", "Pacific/Auckland")).toBe("2025-08-14T18:00:00.000Z");
  });

  it.each([
    "",
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "5-1 * * * *",
    "*/0 * * * *",
    "x * * * *",
    "* * 0 * *",
  ])("refuses %j", (text) => {
    expect(() => parseCron(text)).toThrow();
  });
});
