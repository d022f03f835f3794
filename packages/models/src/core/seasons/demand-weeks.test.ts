import { describe, expect, it } from "vitest";
import { demandSeries, isWeekKnown, latestYear, mondayOf, shortened, weekOf } from "./demand-weeks.ts";

const every = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => from + at * step);

describe("weeks of demand", () => {
  it("begin on Mondays", () => {
    const sunday = Date.parse("2026-07-05T23:59:59Z");
    expect(weekOf(sunday + 1_000)).toBe(weekOf(sunday) + 1);
    expect(new Date(mondayOf(weekOf(sunday))).toISOString()).toBe("2026-06-29T00:00:00.000Z");
  });

  it("begin after a product was first asked for, and end before the running week", () => {
    const [one] = demandSeries(
      [{ product: "a", market: "m", weeks: [100, ...every(102, 200, 4), 200] }],
      200,
    );
    expect(one).toMatchObject({ firstWeek: 101 });
    expect(one!.isAsked).toHaveLength(99);
    expect([...one!.isAsked.subarray(0, 6)]).toEqual([0, 1, 0, 0, 0, 1]);
    expect(shortened([one!], 8)[0]!.isAsked).toHaveLength(91);
  });

  it("tell nothing while there was nothing to sell, unless it was asked for then all the same", () => {
    const asked = [{ product: "a", market: "m", weeks: [100, ...every(102, 200, 4)] }];
    const absent = [
      { product: "a", from: 90, to: 103 },
      { product: "a", from: 140, to: 145 },
      { product: "b", from: 150, to: 160 },
    ];
    const [one] = demandSeries(asked, 200, absent);
    const unknown = Array.from({ length: 99 }, (_, at) => 101 + at).filter(
      (week) => !isWeekKnown(one!, week - 101),
    );
    // 102 and 142 were asked for.
    expect(unknown).toEqual([101, 103, 140, 141, 143, 144, 145]);
    expect(latestYear(shortened([one!], 47)[0]!)).toEqual({ asked: 13, of: 45 });
    expect(latestYear(demandSeries(asked, 200)[0]!)).toEqual({ asked: 13, of: 52 });
    const gone = demandSeries(
      asked.map((each) => ({ ...each, weeks: each.weeks.filter((w) => w < 130) })),
      200,
      [{ product: "a", from: 130, to: 199 }],
    );
    expect(gone).toEqual([]);
  });

  it("leave out what is young or hardly ever asked for", () => {
    const asked = [
      { product: "young", market: "m", weeks: every(150, 200, 1) },
      { product: "rare", market: "m", weeks: [100, 120, 140] },
      { product: "old", market: "m", weeks: every(100, 200, 3) },
    ];
    expect(demandSeries(asked, 200).map(({ product }) => product)).toEqual(["old"]);
    expect(demandSeries([], 200)).toEqual([]);
  });
});
