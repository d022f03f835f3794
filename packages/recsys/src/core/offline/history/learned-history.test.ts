import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { popularScorer } from "../item-scorer.ts";
import { packRows } from "../sparse.ts";
import { topK } from "../../scores/top-k.ts";
import { blendHistoryMembers, learnHistoryBlend } from "./learned-history.ts";
import { fitSuccession } from "./succession.ts";

const itemCount = 30;

/** Histories of five that go from each item to the next one, in three of four steps. */
function drawHistories(count: number, seed: number): number[][] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const history = [rng.int(itemCount)];
    while (history.length < 5) {
      const next = rng.next() < 0.75 ? (history.at(-1)! + 1) % itemCount : rng.int(itemCount);
      if (!history.includes(next)) history.push(next);
    }
    return history;
  });
}

function matrixOf(histories: readonly (readonly number[])[]) {
  const rows = histories.flatMap((history, row) => history.map(() => row));
  return packRows(histories.length, itemCount, rows, histories.flat());
}

describe("what follows the latest items", () => {
  it("counts by the steps between, by how late the item before is and by how seldom it is taken", () => {
    const scorer = fitSuccession([[0, 1, 2], [0, 3], [4]], 5);
    const scores = new Float64Array(5);
    scorer.addScores({ items: [1, 0], weights: [1, 1] }, scores);
    // Item 0 was taken twice, item 1 once; one is added to both.
    const [late, early] = [1 / Math.sqrt(3), 0.7 / Math.sqrt(2)];
    const expected = [0, late, late / 2 + early, late, 0];
    expected.forEach((score, item) => expect(scores[item]).toBeCloseTo(score, 12));
  });
});

describe("a blend learned from what came next", () => {
  const histories = drawHistories(400, 3);
  const interactions = matrixOf(histories);
  const members = [
    { scorer: popularScorer(interactions), decay: 1 },
    { scorer: fitSuccession(histories, itemCount), decay: 0.5 },
  ];
  const questions = drawHistories(200, 4).map((history) => ({
    history: history.slice(0, -1),
    taken: history.at(-1)!,
  }));

  it("trusts the member that knows, and is judged on questions it was not learned from", () => {
    const { weights, scores } = learnHistoryBlend(members, interactions, questions);
    expect(weights).toHaveLength(3);
    expect(weights[1]!).toBeGreaterThan(3 * Math.abs(weights[0]!));
    expect(scores).toHaveLength(200);
    expect(scores.reduce((a, b) => a + b, 0) / 200).toBeGreaterThan(0.7);
  });

  it("lists what follows first and what the history holds last", () => {
    const scorer = blendHistoryMembers(members, interactions, [0.1, 1, 0]);
    const scores = new Float64Array(itemCount);
    scorer.addScores({ items: [20, 4, 5], weights: [1, 1, 1] }, scores);
    const ranked = topK(scores, itemCount);
    expect(ranked[0]).toBe(6);
    expect(new Set(ranked.slice(-3))).toEqual(new Set([20, 4, 5]));
  });

  it("says nothing where nobody was asked", () => {
    const { weights, scores } = learnHistoryBlend(members, interactions, []);
    expect([...weights, ...scores]).toEqual([0, 0, 0]);
  });
});
