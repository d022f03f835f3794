import { describe, expect, it } from "vitest";
import { groupTrends, periodCount, type GroupPurchases } from "./group-trends.ts";

const periods = Array.from({ length: periodCount }, (_, period) => period);
/** Spread over periods by a plain recurrence, so that a series is not smooth; within -1 and 1. */
const wobble = (seed: number) => (period: number) => Math.sin(12.9898 * (period + 1) + 78.233 * seed);

const bought = (
  category: string,
  centsIn: (period: number) => number,
  {
    group = "riverside",
    people = 40,
  }: { group?: string; people?: number | ((period: number) => number) } = {},
): GroupPurchases[] =>
  periods.map((period) => ({
    group,
    category,
    period,
    people: typeof people === "number" ? people : people(period),
    cents: Math.round(centsIn(period)),
  }));

const rest = (group = "riverside") => bought("bread", () => 100_000, { group, people: 200 });

describe("trends of groups", () => {
  it("find what rises in one place and not in another, the time of the year taken out", () => {
    const year = (period: number) => 20_000 * (1.5 + Math.sin((2 * Math.PI * period) / 13));
    const rising = (period: number) =>
      year(period) * (period < 13 ? 1 : 1 + 0.08 * (period - 12) + 0.1 * wobble(2)(period));
    const { trends } = groupTrends([
      ...bought("berries", rising),
      ...rest(),
      ...bought("berries", (period) => year(period) * (1 + 0.02 * wobble(1)(period)), { group: "hilltop" }),
      ...rest("hilltop"),
    ]);
    const of = (group: string) =>
      trends.find((trend) => trend.group === group && trend.category === "berries")!;
    expect(of("riverside")).toMatchObject({ type: "rising", direction: "up", basis: "year" });
    expect(of("riverside").yearOnYear).toBeGreaterThan(0.3);
    expect(of("hilltop")).toMatchObject({ type: "stable", basis: "year" });
    expect(of("hilltop").yearOnYear).toBeCloseTo(0, 1);
  });

  it("call at most one in twenty of many that only wobble rising or falling", () => {
    const { trends } = groupTrends(
      Array.from({ length: 100 }, (_, n) => `g${n}`).flatMap((group, n) => [
        ...bought("berries", (period) => 20_000 * (1 + 0.3 * wobble(n)(period)), { group }),
        ...rest(group),
      ]),
    );
    expect(trends).toHaveLength(200);
    expect(trends.filter(({ type }) => type === "rising" || type === "falling").length).toBeLessThanOrEqual(
      10,
    );
  });

  it("hold a share of nine shoppers back, and the next smallest with it, in that period alone", () => {
    const { trends } = groupTrends([
      ...bought("honey", () => 5_000, { people: (period) => (period === 20 ? 9 : 12) }),
      ...bought("eggs", () => 15_000, { people: 30 }),
      ...rest(),
    ]);
    const sharesOf = (category: string) => trends.find((trend) => trend.category === category)!.shares;
    expect(sharesOf("honey").filter((share) => share === null)).toHaveLength(1);
    expect([sharesOf("honey")[20], sharesOf("eggs")[20]]).toEqual([null, null]);
    expect([sharesOf("honey")[19], sharesOf("honey")[21]]).toEqual([5 / 120, 5 / 120]);
    expect(sharesOf("bread")[20]).toBeCloseTo(100 / 120, 12);
  });

  it("say nothing but how many there are of what is always bought by few", () => {
    const found = groupTrends([
      ...bought("honey", () => 5_000, { people: 9 }),
      ...bought("eggs", () => 15_000),
      ...rest(),
    ]);
    expect(found.trends.map(({ category }) => category)).toEqual(["bread"]);
    expect(found.tooLittle).toBe(2);
  });

  it("do not take a season for a trend, nor what began lately", () => {
    const inSeason = (period: number) => (period % 13 < 6 ? 20_000 : 0);
    const found = groupTrends([
      ...bought("berries", inSeason).filter(({ cents }) => cents > 0),
      ...bought("honey", (period) => (period > 22 ? 9_000 : 0)).filter(({ cents }) => cents > 0),
      ...rest(),
    ]);
    expect(found.trends.map(({ category }) => category)).toEqual(["bread"]);
    expect(found.tooLittle).toBe(2);
  });

  it("go by the shares as they are where no year before is known", () => {
    const { trends } = groupTrends(
      [...bought("eggs", () => 15_000), ...rest()].filter(({ period }) => period >= 13),
    );
    expect(trends.map(({ category, basis, yearOnYear }) => [category, basis, yearOnYear])).toEqual([
      ["bread", "plain", null],
      ["eggs", "plain", null],
    ]);
  });

  it("are none of nobody, and none of a group that spent nothing", () => {
    expect(groupTrends([])).toEqual({ trends: [], tooLittle: 0 });
    expect(groupTrends(bought("eggs", () => 0))).toMatchObject({ trends: [] });
  });
});
