import { expect, it } from "vitest";
import { trendFactors } from "./trend-factors.ts";

const still = {
  type: "stable",
  changePerPeriod: 0.02,
  basis: "season",
  yearOnYear: null,
  soldOut: 1,
} as const;

it("tells what moves a product, the weightiest first, and nothing of what is small", () => {
  const yearOnYear = { change: -0.24, weeks: 4, laterDays: 9 };
  expect(trendFactors({ ...still, type: "rising", yearOnYear, soldOut: 2 })).toEqual([
    "About 8\u00a0% more each month, beside last season at the same age.",
    "24\u00a0% below last season after 4 weeks of it, which began 9 days later.",
    "Sold out early on 2 of the last 8 market days: more was wanted.",
  ]);
  expect(trendFactors({ ...still, yearOnYear: { change: 0.3, weeks: 8, laterDays: -1 } })).toEqual([
    "30\u00a0% above last season after 8 weeks of it.",
  ]);
  expect(trendFactors({ ...still, yearOnYear: { change: 0.04, weeks: 8, laterDays: 20 } })).toEqual([]);
});
