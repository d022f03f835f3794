import { describe, expect, it } from "vitest";
import { holidaysNear, holidaysOf } from "./holidays.ts";

describe("holidays", () => {
  it("are those of the country", () => {
    const named = (year: number, zone: string, name: string) =>
      holidaysOf(year, zone).find((one) => one.name === name)?.day;
    expect(named(2026, "America/New_York", "Thanksgiving")).toBe("2026-11-26");
    expect(named(2026, "America/New_York", "Memorial Day")).toBe("2026-05-25");
    expect(named(2026, "Europe/Paris", "Easter Monday")).toBe("2026-04-06");
    expect(named(2025, "Australia/Melbourne", "Easter Sunday")).toBe("2025-04-20");
    expect(named(2026, "Europe/Paris", "Thanksgiving")).toBeUndefined();
  });

  it("count as near a market day from the third day before it to the sixth after it, also over the turn of the year", () => {
    const near = (day: string) => holidaysNear(day, "America/New_York").map(({ name }) => name);
    expect(near("2025-08-30")).toEqual(["Labor Day"]);
    expect(near("2025-09-04")).toEqual(["Labor Day"]);
    expect(near("2025-09-05")).toEqual([]);
    expect(near("2025-12-27")).toEqual(["Christmas Eve", "Christmas Day", "New Year's Day"]);
  });

  it("reach over a long weekend: the Saturday after Thanksgiving is near it", () => {
    expect(holidaysNear("2026-11-28", "America/New_York")).toEqual([
      { day: "2026-11-26", name: "Thanksgiving" },
    ]);
  });
});
