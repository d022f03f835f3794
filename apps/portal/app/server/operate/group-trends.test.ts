import { expect, it } from "vitest";
import { groupTrendRows, groupTrendShown, type GroupTrends } from "./group-trends.ts";

const told: GroupTrends = {
  by: "segment",
  tooLittle: 0,
  periods: [
    { from: "2025-06-18T12:00:00.000Z", to: "2025-07-16T12:00:00.000Z" },
    { from: "2025-07-16T12:00:00.000Z", to: "2025-08-13T12:00:00.000Z" },
  ],
  trends: [
    {
      group: "LOYAL_CUSTOMER",
      groupName: "LOYAL_CUSTOMER",
      category: "eggs",
      categoryName: "Eggs",
      shares: [null, 0.125],
      now: 0.125,
      basis: "year",
      yearOnYear: -0.2,
      type: "falling",
      direction: "down",
      strength: 0.7,
      confidence: 0.995,
      changePerPeriod: -0.031,
    },
  ],
};

it("says what is held back and never a number for it, on the card and in the file", () => {
  const card = groupTrendShown(told.trends[0]!, told);
  expect(card.table.rows.map(({ value }) => value)).toEqual(["12.5\u00a0%", "held back"]);
  expect(groupTrendRows(told)[1]!.slice(-2)).toEqual(["held back", 0.125]);
});

it("tells in words what moves, and beside what", () => {
  expect(groupTrendShown(told.trends[0]!, told)).toMatchObject({
    now: "12.5\u00a0% of what is spent",
    sure: "quite sure",
    factors: [
      "About 3\u00a0% less every four weeks, beside the year before.",
      "Its share of the year is 20\u00a0% below that of the year before.",
    ],
  });
  expect(groupTrendRows(told)[1]!.slice(0, 3)).toEqual(["Loyal customers", "Eggs", "falling"]);
});
