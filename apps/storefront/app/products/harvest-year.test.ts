import { describe, expect, it } from "vitest";
import { harvestYear } from "./harvest-year.ts";

describe("the year of a harvest", () => {
  it("is at its best in months that are half peak", () => {
    const windows = [{ firstDay: "07-10", peakStart: "08-01", peakEnd: "09-12", lastDay: "10-05" }];
    expect(harvestYear({ kind: "field", windows })?.slice(5, 11)).toEqual([
      "none",
      "some",
      "peak",
      "some",
      "some",
      "none",
    ]);
  });

  it("runs over New Year", () => {
    const windows = [{ firstDay: "11-20", peakStart: "12-10", peakEnd: "01-20", lastDay: "02-10" }];
    const year = harvestYear({ kind: "field", windows });
    expect([year?.[10], year?.[11], year?.[0], year?.[1], year?.[2]]).toEqual([
      "some",
      "peak",
      "peak",
      "some",
      "none",
    ]);
  });

  it("is whole for what has no season, and unknown without a harvest", () => {
    expect(harvestYear({ kind: "year_round", windows: [] })).toHaveLength(12);
    expect(harvestYear(undefined)).toBeUndefined();
  });
});
