import { describe, expect, it } from "vitest";
import type { Outlook } from "../shoppers/outlook.ts";
import { sumOutlooks, tellableCounts, tellableGroups } from "./farm-outlook.ts";

const outlook = (state: Outlook["state"], expectedOrders: number, valueCents: number): Outlook => ({
  state,
  isAtRisk: false,
  reasons: [],
  churnArm: "champion",
  lifetimeArm: "champion",
  expectedOrders,
  valueCents,
});
const many = (people: number, one: Outlook): Outlook[] => Array.from({ length: people }, () => one);

describe("what is expected of a farm's customers", () => {
  const sums = sumOutlooks([
    ...many(10, outlook("active", 6, 9_000)),
    ...many(12, outlook("resting", 1, 1_000)),
    ...many(15, outlook("away", 0.2, 100)),
    outlook("new", 3, 4_000),
  ]);

  it("sums over those who ordered from it", () => {
    expect(sums).toMatchObject({ customers: 37, active: 10, resting: 12, away: 15, valueCents: 103_500 });
    expect(sums.expectedOrders).toBeCloseTo(75, 10);
  });

  it("parts them by how often they are expected, and the parts sum to all", () => {
    const groups = tellableGroups(sums.groups)!;
    expect(groups.map(({ group, people }) => [group, people])).toEqual([
      ["often", 10],
      ["now and then", 12],
      ["hardly", 15],
    ]);
    expect(groups.reduce((sum, { cents }) => sum + cents, 0)).toBe(sums.valueCents);
  });

  it("tells how many come and stay away, unless one of the counts is of one to nine people", () => {
    expect(tellableCounts({ active: 10, away: 15, resting: 0 })).toEqual({
      active: 10,
      away: 15,
      resting: 0,
    });
    expect(tellableCounts({ active: 77, away: 1, resting: 0 })).toBeUndefined();
  });

  it("tells no group where one is of fewer than ten people, as the others would give it away", () => {
    const few = sumOutlooks([
      ...many(40, outlook("active", 6, 9_000)),
      ...many(9, outlook("active", 2, 1_000)),
    ]);
    expect(tellableGroups(few.groups)).toBeUndefined();
    expect(tellableGroups(sumOutlooks(many(40, outlook("active", 6, 9_000))).groups)).toHaveLength(3);
  });
});
