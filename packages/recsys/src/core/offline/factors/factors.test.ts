import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { ItemScorer } from "../item-scorer.ts";
import { packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { AdamTable } from "./adam-table.ts";
import { fitBpr } from "./bpr.ts";
import { fitNcf } from "./ncf.ts";

/** Two tastes over twelve items: even users like items 0 to 5, odd ones 6 to 11; nobody has item 12. */
function twoTastes(users: number): SparseRows {
  const rng = seededRng(4);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let user = 0; user < users; user++)
    for (let item = 0; item < 12; item++)
      if (rng.next() < (item < 6 === (user % 2 === 0) ? 0.6 : 0.1)) {
        rows.push(user);
        columns.push(item);
      }
  return packRows(users, 13, rows, columns);
}

const fits: readonly [string, (interactions: SparseRows, seed: number) => ItemScorer][] = [
  ["bpr", (rows, seed) => fitBpr(rows, { rng: seededRng(seed), dimensions: 8, rounds: 20 })],
  ["ncf", (rows, seed) => fitNcf(rows, { rng: seededRng(seed), dimensions: 8, hidden: 8, rounds: 20 })],
];

describe.each(fits)("%s", (_, fit) => {
  const interactions = twoTastes(300);
  const scorer = fit(interactions, 1);
  const scoresOf = (by: ItemScorer, items: number[]): Float64Array => {
    const scores = new Float64Array(13);
    by.addScores({ items, weights: items.map(() => 1) }, scores);
    return scores;
  };
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

  it("prefers the rest of the taste it was shown, whichever that is", () => {
    const even = scoresOf(scorer, [0, 1]);
    expect(mean(even.subarray(2, 6))).toBeGreaterThan(mean(even.subarray(6, 12)));
    const odd = scoresOf(scorer, [10, 11]);
    expect(mean(odd.subarray(6, 10))).toBeGreaterThan(mean(odd.subarray(0, 6)));
  });

  it("ranks what nobody has last for somebody of whom nothing is known", () => {
    const scores = scoresOf(scorer, []);
    expect(Math.min(...scores)).toBe(scores[12]);
  });

  it("gives the same bits for the same seed, and others for another", () => {
    expect(scoresOf(fit(interactions, 1), [0])).toEqual(scoresOf(scorer, [0]));
    expect(scoresOf(fit(interactions, 2), [0])).not.toEqual(scoresOf(scorer, [0]));
  });

  it("stays finite with one user, one item, or a user who has everything", () => {
    for (const rows of [packRows(1, 1, [0], [0]), packRows(2, 2, [0, 0, 1], [0, 1, 0])]) {
      const scores = new Float64Array(rows.columnCount);
      fit(rows, 1).addScores({ items: [0], weights: [1] }, scores);
      expect([...scores].every(Number.isFinite)).toBe(true);
    }
  });
});

describe("Adam by rows", () => {
  it("moves one row by the learning rate at first, against the gradient, and no other", () => {
    const table = new AdamTable(2, 2, 0, seededRng(1), { learningRate: 0.1, weightDecay: 0 });
    table.descend(1, Float64Array.of(5, -0.2));
    expect([...table.values].map((value) => Number(value.toFixed(6)))).toEqual([0, 0, -0.1, 0.1]);
  });

  it("finds the least of a parabola", () => {
    const table = new AdamTable(1, 1, 0, seededRng(1), { learningRate: 0.05, weightDecay: 0 });
    for (let step = 0; step < 500; step++) table.descend(0, Float64Array.of(table.values[0]! - 3));
    expect(table.values[0]).toBeCloseTo(3, 2);
  });
});
