import { seededRng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedRow } from "@almanac/ml";
import { describe, expect, it } from "vitest";
import { dirichletShrinkage, personalDecay } from "./baskets.ts";
import type { Basket, BasketLog } from "./baskets.ts";
import { invertPositiveDefinite } from "./cholesky.ts";
import { fitEase } from "./ease.ts";
import { fitIals } from "./ials.ts";
import { fitItemKnn } from "./item-knn.ts";
import { blendScorers, popularScorer } from "./item-scorer.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { fitLearnedBasket } from "./basket/learned-basket.ts";
import { ndcgAtK, recallAtK } from "./ranking-metrics.ts";
import { revisits } from "./sequential-rules.ts";
import { fitSessionKnn } from "./session-knn.ts";
import type { SessionKnnOptions } from "./session-knn.ts";
import { packRows } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";
import { fitTifuKnn } from "./tifu-knn.ts";

const rng = seededRng(4);
/** Two tastes over twelve items: even users like items 0 to 5, odd ones 6 to 11. */
function twoTastes(users: number): SparseRows {
  const rows: number[] = [];
  const columns: number[] = [];
  for (let user = 0; user < users; user++)
    for (let item = 0; item < 12; item++)
      if (rng.next() < (item < 6 === (user % 2 === 0) ? 0.6 : 0.1)) {
        rows.push(user);
        columns.push(item);
      }
  return packRows(users, 12, rows, columns);
}
function scoresOf(scorer: ItemScorer, items: number[], itemCount = 12): Float64Array {
  const scores = new Float64Array(itemCount);
  scorer.addScores({ items, weights: items.map(() => 1) }, scores);
  return scores;
}
const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("models that rank items given items", () => {
  const interactions = twoTastes(300);
  it.each([
    ["item-knn", fitItemKnn(interactions)],
    ["ease", fitEase(interactions, { lambda: 20 })],
    ["ials", fitIals(interactions, { rng: seededRng(1), dimensions: 8 })],
  ])("%s prefers the rest of the taste it was shown", (_, scorer) => {
    const scores = scoresOf(scorer, [0, 1]);
    expect(mean(scores.subarray(2, 6))).toBeGreaterThan(mean(scores.subarray(6)));
  });

  it("counts users for popularity", () => {
    const scores = scoresOf(popularScorer(packRows(3, 2, [0, 1, 2, 2], [0, 1, 0, 1])), [], 2);
    expect([...scores]).toEqual([2, 2]);
  });

  it("gives each member of a blend the same say, whatever its scale", () => {
    const by = (factor: number, item: number): ItemScorer => ({
      name: "one",
      addScores: (_, scores) => void (scores[item]! += factor),
    });
    const scores = scoresOf(
      blendScorers("both", [
        { scorer: by(1_000, 0), weight: 1 },
        { scorer: by(0.001, 1), weight: 2 },
      ]),
      [],
      4,
    );
    expect((scores[1]! - scores[2]!) / (scores[0]! - scores[2]!)).toBeCloseTo(2, 6);
    expect(scores[1]).toBeGreaterThan(scores[0]!);
    expect(scores[0]).toBeGreaterThan(scores[2]!);
  });
});

describe("EASE", () => {
  /** The closed form, worked by inverting the whole Gram matrix. */
  function closedForm(interactions: SparseRows, lambda: number): Float64Array {
    const n = interactions.columnCount;
    const gram = new Float64Array(n * n);
    for (let u = 0; u < interactions.rowCount; u++)
      for (let a = interactions.offsets[u]!; a < interactions.offsets[u + 1]!; a++)
        for (let b = interactions.offsets[u]!; b < interactions.offsets[u + 1]!; b++)
          gram[interactions.columns[a]! * n + interactions.columns[b]!]!++;
    for (let i = 0; i < n; i++) gram[i * n + i]! += lambda;
    const inverse = invertPositiveDefinite(gram, n);
    return Float64Array.from({ length: n }, (_, j) => (j === 0 ? 0 : -inverse[j]! / inverse[j * n + j]!));
  }

  const itemCount = 900;
  const rows = Array.from({ length: 3_000 }, (_, i) => Math.floor(i / 3));
  const columns = rows.map((row, i) => (row * 7 + [0, 3, 11][i % 3]! * (1 + (row % 4))) % itemCount);
  const interactions = packRows(1_000, itemCount, rows, columns);
  const agrees = (solver: "columns" | "inverse", digits: number): void => {
    const expected = closedForm(interactions, 30);
    const actual = scoresOf(fitEase(interactions, { lambda: 30, solver, keep: itemCount }), [0], itemCount);
    for (let j = 0; j < itemCount; j++) expect(actual[j]).toBeCloseTo(expected[j]!, digits);
  };

  it("agrees with the closed form where it solves column by column", () => {
    agrees("columns", 3);
  });

  it("agrees with the closed form where it inverts by blocks", () => {
    agrees("inverse", 9);
  });

  it("inverts a known matrix", () => {
    const inverse = invertPositiveDefinite(Float64Array.from([4, 2, 2, 3]), 2);
    expect([...inverse].map((value) => Number(value.toFixed(6)))).toEqual([0.375, -0.25, -0.25, 0.5]);
  });
});

describe("models of the next basket", () => {
  const basket = (user: number, order: number, ...items: number[]): Basket => ({
    user,
    order,
    day: order * 7,
    items,
  });
  const log: BasketLog = {
    itemCount: 5,
    byUser: [
      [basket(0, 0, 0, 1), basket(0, 1, 0), basket(0, 2, 0, 2)],
      [basket(1, 0, 0, 2), basket(1, 1, 0, 2, 3)],
    ],
  };
  const query = { user: 0, past: log.byUser[0]!, day: 21 };
  const scored = (scorer: { addScores(q: typeof query, scores: Float64Array): void }): Float64Array => {
    const scores = new Float64Array(5);
    scorer.addScores(query, scores);
    return scores;
  };

  it("lets later baskets count more, and what was never bought not at all but by popularity", () => {
    const scores = scored(personalDecay(log, 0.5));
    expect(scores[0]).toBeCloseTo(1.75, 4);
    expect(scores[2]).toBeCloseTo(1, 4);
    expect(scores[1]).toBeCloseTo(0.25, 4);
    expect(scores[3]).toBeGreaterThan(scores[4]!);
    expect(scores[3]).toBeLessThan(1e-5);
  });

  it("shrinks own counts towards what everybody buys", () => {
    const weak = scored(dirichletShrinkage(log, { strength: 0 }));
    expect([...weak]).toEqual([3, 1, 1, 0, 0]);
    expect(scored(dirichletShrinkage(log, { strength: 10 }))[3]).toBeGreaterThan(0);
  });

  it("finds new items with those who buy alike", () => {
    const scores = scored(fitTifuKnn(log, { ownShare: 0.7 }));
    expect(scores[3]).toBeGreaterThan(0);
    expect(scores[0]).toBe(Math.max(...scores));
  });

  it("learns that a staple comes back and a one-off does not", () => {
    const many: BasketLog = {
      itemCount: 60,
      byUser: Array.from({ length: 40 }, (_, user) =>
        Array.from({ length: 6 }, (__, order) =>
          basket(user, order, user % 5, 10 + ((user * 7 + order * 13) % 50)),
        ),
      ),
    };
    const scorer = fitLearnedBasket(many, { rng: seededRng(2), trees: 20 });
    const ranked = many.byUser.slice(0, 20).map((past, user) => {
      const scores = new Float64Array(60);
      scorer.addScores({ user, past, day: 42 }, scores);
      return scores.indexOf(Math.max(...scores));
    });
    expect(ranked).toEqual(Array.from({ length: 20 }, (_, user) => user % 5));
    const query = { user: 0, past: many.byUser[0]!, day: 42 };
    const remembered = scorer.judge(query);
    expect(scorer.judge(query)).toBe(remembered);
    expect(scorer.judge({ ...query, past: many.byUser[1]! })).not.toEqual(remembered);
  });
});

describe("sessions", () => {
  it("follow those who saw the same last, and may return to an item of the session", () => {
    const sessions = [
      [0, 1, 2],
      [0, 1, 2],
      [3, 4],
      [3, 4],
    ];
    const scores = new Float64Array(5);
    fitSessionKnn({ itemCount: 5, sessions, endedAt: [1, 2, 3, 4] }).addScores([3, 0], scores);
    expect(scores[2]).toBeGreaterThan(scores[4]!);
    expect(scores[0]).toBeGreaterThan(0);
  });
});

describe("sessions that fade", () => {
  const log = {
    itemCount: 4,
    sessions: [
      [0, 1],
      [0, 2],
    ],
    endedAt: [0, 90],
  };
  const scoresWith = (options: SessionKnnOptions): Float64Array => {
    const scores = new Float64Array(4);
    fitSessionKnn(log, options).addScores([0], scores);
    return scores;
  };

  it("count alike without a half-life, and half after one", () => {
    const [, early, late] = scoresWith({});
    expect(early).toBe(late);
    const [, older, newer] = scoresWith({ halfLife: 90 });
    expect(older! / newer!).toBeCloseTo(0.5);
  });

  it("go back to what they have seen, the latest first, and to nothing unknown", () => {
    const scores = new Float64Array(4);
    revisits().addScores([2, 3, -1, 3], scores);
    expect([...scores].map((score) => Number(score.toFixed(3)))).toEqual([0, 0, 0.512, 1.64]);
  });
});

describe("boosted trees", () => {
  it("learn an exclusive or, which no sum of features can", () => {
    const values = new Float32Array(4_000);
    const labels = new Uint8Array(2_000);
    for (let r = 0; r < 2_000; r++) {
      values[2 * r] = rng.next();
      values[2 * r + 1] = rng.next();
      labels[r] = values[2 * r]! > 0.5 !== values[2 * r + 1]! > 0.4 ? 1 : 0;
    }
    const model = fitBoostedTrees(
      { features: { width: 2, values }, labels },
      { loss: "logistic", trees: 40, maxDepth: 3 },
    );
    let right = 0;
    for (let r = 0; r < 2_000; r++)
      if (predictBoostedRow(model, values, 2 * r) > 0 === (labels[r] === 1)) right++;
    expect(right / 2_000).toBeGreaterThan(0.95);
  });
});

describe("metrics", () => {
  it("give a hit on the second place 1 / log2(3), and half the truth .5", () => {
    expect(ndcgAtK([4, 7], new Set([7]), 10)).toBeCloseTo(0.6309, 4);
    expect(recallAtK([4, 7], new Set([7, 8]), 10)).toBe(0.5);
    expect(ndcgAtK([], new Set(), 10)).toBe(0);
  });
});
