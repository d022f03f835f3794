import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { Basket, BasketLog } from "../baskets.ts";
import { tifuRankColumn } from "./basket-features.ts";
import { nextBasketLessons, stretchLessons } from "./basket-lessons.ts";
import { readLearningRows } from "./learning-rows.ts";
import { readPurchaseDiary } from "./purchase-diary.ts";
import { ScoreSums } from "./score-sums.ts";
import { seasonColumnCount, seasonReader } from "./season-columns.ts";

/** Baskets of one user a week apart, from day `first`. */
function weekly(user: number, first: number, baskets: number[][]): Basket[] {
  return baskets.map((items, order) => ({ user, order, day: first + 7 * order, items }));
}
const log: BasketLog = {
  itemCount: 4,
  byUser: [weekly(0, 100, [[0], [0, 1], [0], [0, 2]]), weekly(1, 101, [[1], [3], [1], [3]])],
};
const diary = readPurchaseDiary(log);

describe("the diary of purchases", () => {
  it("counts from a day on and up to another, without it", () => {
    expect(diary.basketsBetween(100, 101)).toBe(1);
    expect(diary.basketsBetween(100, 102)).toBe(2);
    expect(diary.purchasesBetween(0, 107, 114)).toBe(1);
    expect(diary.purchasesBetween(3, 0, 108)).toBe(0);
    expect(diary.purchasesBetween(3, 0, 1e9)).toBe(2);
  });

  it("leaves out baskets without a date", () => {
    const undated = { itemCount: 1, byUser: [[{ user: 0, order: 0, day: NaN, items: [0] }]] };
    expect(readPurchaseDiary(undated).basketsBetween(-1e9, 1e9)).toBe(0);
  });
});

describe("columns of the season", () => {
  it("do not see the day itself or what comes after it", () => {
    const until = (day: number): BasketLog => ({
      ...log,
      byUser: log.byUser.map((baskets) => baskets.filter((basket) => basket.day < day)),
    });
    for (const day of [101, 108, 121])
      for (const item of [0, 1, 3])
        expect(seasonReader(diary, day)(item)).toEqual(
          seasonReader(readPurchaseDiary(until(day)), day)(item),
        );
  });

  it("tell what sold around this day a year ago from what sells all year", () => {
    const steady = Array.from({ length: 156 }, (_, week) => (week % 52 < 4 ? [0, 1] : [0]));
    const years = readPurchaseDiary({ itemCount: 2, byUser: [weekly(0, 0, steady)] });
    const aroundYearsAgo = 4;
    expect(seasonReader(years, 3 * 365.2425)(1)[aroundYearsAgo]).toBeGreaterThan(0.2);
    expect(seasonReader(years, 2.5 * 365.2425)(1)[aroundYearsAgo]).toBeLessThan(0);
  });

  it("are as many as promised, and not known without a date", () => {
    expect(seasonReader(diary, 121)(0)).toHaveLength(seasonColumnCount);
    expect(seasonReader(diary, NaN)(0)).toEqual(Array.from({ length: seasonColumnCount }, () => NaN));
  });
});

describe("lessons about next baskets", () => {
  it("ask for the latest baskets of each user from those before them", () => {
    const [lesson, ...more] = [...nextBasketLessons(log, diary, { samples: 4, rounds: 1 })];
    expect(more).toEqual([]);
    expect(lesson!.samples.map(({ query, truth }) => [query.user, query.past.length, [...truth]])).toEqual([
      [0, 2, [0]],
      [0, 3, [0, 2]],
      [1, 2, [1]],
      [1, 3, [3]],
    ]);
  });

  it("know of items nothing from the baskets that they ask for", () => {
    for (const { sources, samples } of nextBasketLessons(log, diary, { samples: 4, rounds: 2 })) {
      const before = Math.min(...samples.map(({ query }) => query.past.length));
      const bought = log.byUser.flatMap((baskets) => baskets.slice(0, before)).flatMap(({ items }) => items);
      for (let item = 0; item < log.itemCount; item++)
        expect(sources.statistics.popularity[item]! > 0).toBe(bought.includes(item));
    }
  });

  it("ask for every basket in one round only", () => {
    const asked = [...nextBasketLessons(log, diary, { samples: 6, rounds: 3 })].flatMap(({ samples }) =>
      samples.map(({ query }) => `${query.user}/${query.past.length}`),
    );
    expect(asked.sort()).toEqual(["0/1", "0/2", "0/3", "1/1", "1/2", "1/3"]);
  });
});

describe("lessons about stretches of days", () => {
  it("ask for all that is bought in a stretch, on its first day", () => {
    const [latest] = [...stretchLessons(log, diary, { samples: 10, rounds: 1, days: 15 })];
    expect(latest!.samples.map(({ query, truth }) => [query.day, query.past.length, [...truth]])).toEqual([
      [108, 2, [0, 2]],
      [108, 1, [3, 1]],
    ]);
  });

  it("end where nothing lies before a stretch", () => {
    expect([...stretchLessons(log, diary, { samples: 10, rounds: 9, days: 15 })]).toHaveLength(1);
  });
});

describe("rows to learn from", () => {
  it("are those of questions with an answer, and weigh what was left out", () => {
    const rows = readLearningRows(nextBasketLessons(log, diary, { samples: 4, rounds: 1 }), seededRng(1));
    const rowCount = rows.groupSizes.reduce((a, b) => a + b, 0);
    expect(rows.values).toHaveLength(rowCount * rows.width);
    expect(rows.labels).toHaveLength(rowCount);
    const isDrawn = (row: number): boolean =>
      rows.labels[row] === 0 && rows.values[row * rows.width + tifuRankColumn]! >= 40;
    const drawn = rows.weights.reduce((total, _, row) => total + (isDrawn(row) ? 1 : 0), 0);
    const total = rows.weights.reduce((sum, weight) => sum + weight, 0);
    expect(drawn).toBeGreaterThan(0);
    // Each counts one on average over questions, and the drawn ones for those that were left out.
    expect(total).toBeCloseTo(rowCount - drawn + drawn / 0.4, 0);
  });

  it("let a row count less the more its question bought, as even as is wanted", () => {
    const rows = readLearningRows(
      nextBasketLessons(log, diary, { samples: 4, rounds: 1 }),
      seededRng(1),
      0.5,
    );
    const bought: number[] = [];
    const weights: number[] = [];
    let start = 0;
    for (const size of rows.groupSizes) {
      const labels = rows.labels.subarray(start, start + size);
      bought.push(labels.reduce((sum, label) => sum + label, 0));
      weights.push(rows.weights[start + labels.indexOf(1)]!);
      start += size;
    }
    expect(bought).toContain(2);
    for (const [at, weight] of weights.entries())
      expect(weight / weights[0]!).toBeCloseTo(Math.sqrt(bought[0]! / bought[at]!), 5);
  });
});

describe("sums of scores", () => {
  it("keep the order of the first addition, and begin anew when they are taken", () => {
    const sums = new ScoreSums(4);
    sums.add(2, 1);
    sums.add(0, 0);
    sums.add(2, 2);
    expect([...sums.take(2)]).toEqual([
      [2, 6],
      [0, 0],
    ]);
    expect(sums.take().size).toBe(0);
  });
});
