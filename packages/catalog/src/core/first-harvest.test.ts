import { describe, expect, it } from "vitest";
import { moveFirstHarvest, seasonBegunBy } from "./first-harvest.ts";

describe("a first harvest that comes earlier or later", () => {
  const july = { firstDay: "07-01", peakStart: "07-15", peakEnd: "09-20", lastDay: "10-20" };

  it("moves the beginning and leaves the end", () => {
    expect(moveFirstHarvest([july], 0, 10)).toEqual([{ ...july, firstDay: "07-11", peakStart: "07-25" }]);
    expect(moveFirstHarvest([july], 0, -10)).toEqual([{ ...july, firstDay: "06-21", peakStart: "07-05" }]);
    const winter = { firstDay: "12-20", peakStart: "01-05", peakEnd: "02-10", lastDay: "03-01" };
    expect(moveFirstHarvest([winter], 0, 15)[0]).toMatchObject({ firstDay: "01-04", peakStart: "01-20" });
  });

  it("squeezes the peak when it is very late, and is refused when nothing would be left", () => {
    expect(moveFirstHarvest([july], 0, 90)).toEqual([
      { firstDay: "09-29", peakStart: "09-29", peakEnd: "09-29", lastDay: "10-20" },
    ]);
    expect(() => moveFirstHarvest([july], 0, 150)).toThrow("after it ends");
    expect(() => moveFirstHarvest([july], 1, 1)).toThrow("no such harvest");
  });

  it("begins the season that comes next, from 45 days before it, and none that is under way", () => {
    expect(seasonBegunBy([july], "06-21")).toEqual({ index: 0, daysEarly: 10 });
    expect(seasonBegunBy([july], "05-17")).toEqual({ index: 0, daysEarly: 45 });
    expect(seasonBegunBy([july], "05-16")).toBeUndefined();
    expect(seasonBegunBy([july], "07-01")).toBeUndefined();
    expect(seasonBegunBy([july], "10-20")).toBeUndefined();
    expect(seasonBegunBy([july], "10-21")).toBeUndefined();
    const spring = { firstDay: "04-01", peakStart: "04-10", peakEnd: "05-01", lastDay: "05-20" };
    expect(seasonBegunBy([spring, july], "06-01")).toEqual({ index: 1, daysEarly: 30 });
    const winter = { firstDay: "01-10", peakStart: "01-15", peakEnd: "02-10", lastDay: "03-01" };
    expect(seasonBegunBy([winter], "12-30")).toEqual({ index: 0, daysEarly: 11 });
    expect(seasonBegunBy([], "06-21")).toBeUndefined();
  });
});
