import { describe, expect, it } from "vitest";
import { seasonYear } from "./season-year.ts";

describe("seasonYear", () => {
  it("marks months of the harvest, and those mostly at its peak", () => {
    const year = seasonYear([{ firstDay: "06-25", peakStart: "07-15", peakEnd: "08-31", lastDay: "10-05" }]);
    expect(year.slice(5, 10)).toEqual(["some", "peak", "peak", "some", "some"]);
    expect(year.filter((level) => level === "none")).toHaveLength(7);
  });

  it("follows a harvest across New Year", () => {
    const year = seasonYear([{ firstDay: "11-10", peakStart: "12-01", peakEnd: "01-31", lastDay: "03-01" }]);
    expect([year[0], year[2], year[5], year[10], year[11]]).toEqual(["peak", "some", "none", "some", "peak"]);
  });

  it("is empty without a harvest", () => {
    expect(new Set(seasonYear([]))).toEqual(new Set(["none"]));
  });
});
