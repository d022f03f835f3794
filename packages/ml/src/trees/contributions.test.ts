import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { BoostedTrees } from "./boosted-trees.ts";
import { contributionsOf, countCover } from "./contributions.ts";
import { fitBoostedTrees } from "./fit-boosted-trees.ts";
import { predictBoostedRow, predictBoostedTrees } from "./predict.ts";

const width = 4;

/** Products and steps of four columns, a tenth of the values unknown. */
function madeUp(rows: number, seed: number) {
  const rng = seededRng(seed);
  const values = Float32Array.from({ length: rows * width }, () => (rng.next() < 0.1 ? NaN : rng.normal()));
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [one, two, three] = values.subarray(row * width, row * width + 3);
    return (one || 0) * (two || 0) + ((three || 0) > 0 ? 1 : 0) + 0.1 * rng.normal();
  });
  return { features: { width, values }, labels };
}

const data = madeUp(300, 6);
const model = fitBoostedTrees(data, { trees: 12, maxDepth: 5, minChildWeight: 1, learningRate: 0.3 });
const cover = countCover(model, data.features);

/** The answer when the columns of `present` (bits) are known and the others follow the rows of the cover. */
function answerOf(present: number, values: Float32Array, of: BoostedTrees, rows: Float64Array): number {
  const below = (node: number): number => {
    const column = of.feature[node]!;
    if (column < 0) return of.value[node]!;
    const [left, right] = [of.left[node]!, of.right[node]!];
    if (present & (1 << column)) {
      const own = values[column]!;
      const goesLeft = Number.isNaN(own) ? of.missingLeft[node] === 1 : own <= of.threshold[node]!;
      return below(goesLeft ? left : right);
    }
    const share = rows[node]! > 0 ? rows[left]! / rows[node]! : 0.5;
    return share * below(left) + (1 - share) * below(right);
  };
  return [...of.roots].reduce((sum, root) => sum + below(root), of.base);
}

/** Shapley values by their definition: over all sets of the other columns. */
function byDefinition(values: Float32Array, rows: Float64Array): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let set = 0; set < 1 << width; set++) {
      if (set & (1 << column)) continue;
      const size = Array.from(set.toString(2)).filter((bit) => bit === "1").length;
      const weight = (factorial(size) * factorial(width - size - 1)) / factorial(width);
      sum +=
        weight * (answerOf(set | (1 << column), values, model, rows) - answerOf(set, values, model, rows));
    }
    return sum;
  });
}

describe("contributions", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])("of row %i are the Shapley values by their definition", (row) => {
    const values = data.features.values.subarray(row * width, (row + 1) * width);
    const found = contributionsOf(model, cover, data.features.values, row * width);
    byDefinition(values, cover).forEach((value, column) => expect(found[column]).toBeCloseTo(value, 9));
  });

  it("sum to the answer, from the mean answer over the rows of the cover", () => {
    const answers = predictBoostedTrees(model, data.features);
    const mean = answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
    answers.forEach((answer, row) => {
      const found = contributionsOf(model, cover, data.features.values, row * width);
      expect(found[width]).toBeCloseTo(mean, 9);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(answer, 9);
    });
  });

  it("hold where the cover has seen a part of the tree only", () => {
    const few = countCover(model, { width, values: data.features.values.slice(0, 3 * width) });
    for (const row of [0, 50, 99]) {
      const values = data.features.values.subarray(row * width, (row + 1) * width);
      const found = contributionsOf(model, few, values);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(predictBoostedRow(model, values), 9);
      byDefinition(values, few).forEach((value, column) => expect(found[column]).toBeCloseTo(value, 9));
    }
  });

  it("are 0 for a column that no split asks for", () => {
    const flat = data.features.values.map((value, at) => (at % width === 3 ? 7 : value));
    const blind = fitBoostedTrees({ features: { width, values: flat }, labels: data.labels }, { trees: 5 });
    const found = contributionsOf(blind, countCover(blind, { width, values: flat }), flat);
    expect(found[3]).toBe(0);
  });

  it("refuse a cover of another model", () => {
    expect(() => contributionsOf(model, cover.slice(1), data.features.values)).toThrow("another model");
  });
});
