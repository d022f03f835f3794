import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { predictGroups } from "./fit-group-regressor.ts";
import { fitRegressor } from "./fit-regressor.ts";
import { historyWidth, readGroupHistory } from "./group-history.ts";
import { blendBySquares, conformalFactor } from "./regression-blend.ts";
import { tableOf } from "./table.ts";

const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

describe("the history of a group", () => {
  it("holds earlier labels alone, the latest first, whatever the order of the rows", () => {
    const times = [3, 1, 2, 2, 1];
    const groups = [0, 0, 0, 0, 1];
    const { last, meanOfFive, features, scale } = readGroupHistory([30, 10, 20, 24, 7], groups, times);
    expect([...last]).toEqual([24, NaN, 10, 10, NaN]);
    expect(meanOfFive[0]).toBe(18);
    expect([...features.subarray(0, 3)].map((value) => value * scale[0]!)).toEqual([24, 20, 10]);
    expect([...features.subarray(historyWidth, historyWidth + 2)]).toEqual([NaN, NaN]);
  });
});

it("the usual error is a tenth of the size at first, and then more and more what was off by", () => {
  const { usualError } = readGroupHistory([10, 10, 20, 0], [0, 0, 0, 0], [1, 2, 3, 4]);
  expect(usualError[0]).toBeNaN();
  expect(usualError[1]).toBeCloseTo(1);
  // One error, of 0: three parts of four of a tenth of 10.
  expect(usualError[2]).toBeCloseTo(0.75);
  // Errors of 0 and 10: two parts of five of their mean, three of a tenth of 40 / 3.
  expect(usualError[3]).toBeCloseTo(0.4 * 5 + 0.6 * (4 / 3));
});

it("a label that is not known is no part of the history", () => {
  expect([...readGroupHistory([5, NaN, 7], [0, 0, 0], [1, 2, 3]).last]).toEqual([NaN, 5, 5]);
});

describe("a blend", () => {
  it("finds the share of two members that lie on either side", () => {
    const labels = Float64Array.of(1, 2, 3, 4);
    const members = [
      { name: "low", heldOut: labels.map((label) => label - 1) },
      { name: "high", heldOut: labels.map((label) => label + 1) },
    ];
    expect([...blendBySquares(members, labels)]).toEqual([0.5, 0.5]);
  });
});

describe("the width of an interval", () => {
  it("is the error that the share of errors stays below, in units of their size", () => {
    const errors = Array.from({ length: 99 }, (_, at) => (at % 2 ? 1 : -1) * (at + 1));
    expect(conformalFactor(errors, new Float64Array(99).fill(1), 0.8)).toBe(80);
    expect(conformalFactor([4, -2], [2, 2], 0.8)).toBe(2);
    expect(conformalFactor([], [], 0.8)).toBe(0);
  });
});

describe("a regressor", () => {
  const rng = seededRng(4);
  const x = Array.from({ length: 900 }, () => rng.next() * 6);
  const labels = x.map((value) => 10 * Math.sin(value) + (0.5 + value) * rng.normal());
  const table = tableOf([{ name: "x", cells: x.map(String) }]);
  const learned = all(600);
  const held = Int32Array.from({ length: 300 }, (_, at) => 600 + at);

  it("learns a curve, is wider where rows scatter more, and holds the share that it promises", async () => {
    const told = (await fitRegressor(table, labels, learned)).predict(held);
    const inside = [...held].filter(
      (row, at) => labels[row]! >= told.lower[at]! && labels[row]! <= told.upper[at]!,
    );
    expect(inside.length / held.length).toBeGreaterThan(0.72);
    expect(inside.length / held.length).toBeLessThan(0.88);
    const widthWhere = (test: (value: number) => boolean): number => {
      const those = [...held.keys()].filter((at) => test(x[held[at]!]!));
      return those.reduce((sum, at) => sum + told.upper[at]! - told.lower[at]!, 0) / those.length;
    };
    expect(widthWhere((value) => value > 5)).toBeGreaterThan(1.5 * widthWhere((value) => value < 1));
  }, 60_000);

  it("reads no label of the rows that it predicts, and tells the mean of few rows", async () => {
    const poisoned = labels.map((label, row) => (row < 600 ? label : NaN));
    const told = (await fitRegressor(table, poisoned, learned)).predict(held);
    expect(told).toEqual((await fitRegressor(table, labels, learned)).predict(held));
    const few = (await fitRegressor(table, [2, 4], all(2))).predict([0]);
    expect([...few.mean]).toEqual([3]);
  }, 60_000);
});

describe("groups over time", () => {
  /** Twenty groups of very different sizes that grow by a twentieth a year, for twenty years. */
  function growing() {
    const rng = seededRng(8);
    const rows = Array.from({ length: 400 }, (_, row) => ({ group: row % 20, year: Math.floor(row / 20) }));
    const labels = rows.map(
      ({ group, year }) => 10 ** (group / 5) * 1.05 ** year * (1 + 0.03 * rng.normal()),
    );
    return {
      labels,
      groups: rows.map(({ group }) => group),
      times: rows.map(({ year }) => 2000 + year),
      table: tableOf([{ name: "group", cells: rows.map(({ group }) => `group ${group}`) }]),
    };
  }
  const learned = all(340);
  const wanted = Int32Array.from({ length: 60 }, (_, at) => 340 + at);
  const rmse = (labels: readonly number[], told: ArrayLike<number>): number =>
    Math.sqrt([...wanted].reduce((sum, row, at) => sum + (labels[row]! - told[at]!) ** 2, 0) / wanted.length);

  it("are told better than by the last year, which trees alone cannot", async () => {
    const world = growing();
    const { mean } = await predictGroups(world, learned, wanted);
    const { last } = readGroupHistory(world.labels, world.groups, world.times);
    expect(rmse(world.labels, mean)).toBeLessThan(
      rmse(
        world.labels,
        Float64Array.from(wanted, (row) => last[row]!),
      ),
    );
  }, 60_000);

  it("use no label of the same time or later", async () => {
    const world = growing();
    const { mean } = await predictGroups(world, learned, wanted);
    const poisoned = world.labels.map((label, row) => (row >= 380 ? 1e6 : label));
    const again = await predictGroups({ ...world, labels: poisoned }, learned, wanted);
    expect(again.mean).toEqual(mean);
  }, 60_000);

  it("tell a group without a past by its other columns, and few rows by their past", async () => {
    const world = growing();
    const newcomer = { ...world, groups: world.groups.map((group, row) => (row === 399 ? 99 : group)) };
    const { mean, lower, upper } = await predictGroups(newcomer, learned, wanted);
    expect([mean.at(-1), lower.at(-1), upper.at(-1)].every(Number.isFinite)).toBe(true);
    const few = await predictGroups(world, all(40), Int32Array.of(40, 41));
    expect(few.members).toEqual({ last: 0.6, "mean of five": 0.4 });
    expect([...few.mean].every(Number.isFinite)).toBe(true);
  }, 60_000);
});
