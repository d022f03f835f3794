import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { contributionsOf, countCover } from "./contributions.ts";
import { fitBoostedTrees } from "./fit-boosted-trees.ts";
import { predictBoostedRow, predictBoostedTrees } from "./predict.ts";
import { parseBoostedTrees, serializeBoostedTrees } from "./serialize.ts";

const rng = seededRng(12);
const rows = 4_000;

/** A column of codes with this many levels, each worth something of its own in no order. */
function coded(levels: number) {
  const worth = Array.from({ length: levels }, () => rng.normal());
  const values = Float32Array.from({ length: rows }, () => rng.int(levels));
  const labels = values.map((code) => worth[code]! + 0.1 * rng.normal());
  return { worth, labels, features: { width: 1, values, categories: [0] } };
}

describe("a column of codes", () => {
  it("is told apart level by level, in few splits", () => {
    const { worth, ...data } = coded(5);
    const model = fitBoostedTrees(data, { trees: 60, learningRate: 0.3, ridge: 0 });
    worth.forEach((own, code) => expect(predictBoostedRow(model, [code])).toBeCloseTo(own, 1));
  });

  it("gives the same answers as a column of 0 and 1 for each of few levels", () => {
    const { features, labels } = coded(6);
    const indicators = new Float32Array(rows * 6);
    features.values.forEach((code, row) => (indicators[row * 6 + code] = 1));
    const options = { trees: 20, maxDepth: 3, maxLeaves: 8 };
    const byCodes = fitBoostedTrees({ features, labels }, options);
    const wide = { width: 6, values: indicators };
    const byMarks = fitBoostedTrees({ features: wide, labels }, options);
    const [a, b] = [predictBoostedTrees(byCodes, features), predictBoostedTrees(byMarks, wide)];
    a.forEach((value, row) => expect(value).toBeCloseTo(b[row]!, 6));
  });

  it("with many levels is split by sets: one tree finds what a threshold cannot", () => {
    const values = Float32Array.from({ length: rows }, () => rng.int(100));
    const labels = values.map((code) => (code % 2 === 0 ? 1 : -1));
    const told = { trees: 1, learningRate: 1, maxLeaves: 2, ridge: 0 };
    const bySets = fitBoostedTrees({ features: { width: 1, values, categories: [0] }, labels }, told);
    expect(predictBoostedRow(bySets, [40])).toBeCloseTo(1, 3);
    expect(predictBoostedRow(bySets, [41])).toBeCloseTo(-1, 3);
    const byNumber = fitBoostedTrees({ features: { width: 1, values }, labels }, told);
    expect(Math.abs(predictBoostedRow(byNumber, [40]))).toBeLessThan(0.3);
  });

  it("takes what is not known as a level, and a level that was never seen as the rest", () => {
    const values = Float32Array.from({ length: 300 }, (_, row) => [0, 1, NaN][row % 3]!);
    const labels = values.map((code) => (Number.isNaN(code) ? 5 : 0));
    const model = fitBoostedTrees(
      { features: { width: 1, values, categories: [0] }, labels },
      { trees: 1, learningRate: 1, ridge: 0 },
    );
    expect(predictBoostedRow(model, [NaN])).toBeCloseTo(5);
    for (const code of [0, 1, 7, 250, 1e9, -3]) expect(predictBoostedRow(model, [code])).toBeCloseTo(0);
  });

  it("comes back from text, and its contributions sum to the answer", () => {
    const { features, labels } = coded(40);
    const model = fitBoostedTrees({ features, labels }, { trees: 10 });
    const again = parseBoostedTrees(serializeBoostedTrees(model));
    expect(predictBoostedTrees(again, features)).toEqual(predictBoostedTrees(model, features));
    const parts = contributionsOf(model, countCover(model, features), features.values, 7);
    expect(parts[0]! + parts[1]!).toBeCloseTo(predictBoostedRow(model, features.values, 7), 9);
  });

  it("refuses what is no code, and a text whose sets are not there", () => {
    const features = { width: 1, values: Float32Array.of(0, 1.5), categories: [0] };
    expect(() => fitBoostedTrees({ features, labels: [0, 1] })).toThrow("no code");
    const model = fitBoostedTrees(coded(5), { trees: 1 });
    const broken = { ...model, levels: model.levels.subarray(0, 8) };
    broken.levelSet.fill(8);
    expect(() => parseBoostedTrees(serializeBoostedTrees(broken))).toThrow("set is not there");
  });

  it("is read from the format before there were sets", () => {
    const features = { width: 1, values: Float32Array.from({ length: 100 }, (_, row) => row) };
    const model = fitBoostedTrees({ features, labels: features.values }, { trees: 3 });
    const { levels: _levels, levelSet: _levelSet, ...old } = JSON.parse(serializeBoostedTrees(model));
    const again = parseBoostedTrees(JSON.stringify({ ...old, format: "almanac-boosted-trees-1" }));
    expect(predictBoostedTrees(again, features)).toEqual(predictBoostedTrees(model, features));
  });
});

describe("a column that is held in a direction", () => {
  const values = Float32Array.from({ length: 2 * rows }, () => 4 * rng.next() - 2);
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [x, z] = [values[2 * row]!, values[2 * row + 1]!];
    return x + 2 * Math.sin(4 * x) + z * x + rng.normal();
  });
  const data = { features: { width: 2, values }, labels };
  const falls = (direction: number, monotone: readonly number[], loss: "squared" | "poisson"): number => {
    const told = loss === "poisson" ? { ...data, labels: labels.map(Math.abs) } : data;
    const model = fitBoostedTrees(told, { loss, trees: 60, maxDepth: 5, monotone });
    let count = 0;
    for (let z = -2; z <= 2; z += 0.5)
      for (let x = -2; x < 2; x += 0.05)
        if (direction * (predictBoostedRow(model, [x + 0.05, z]) - predictBoostedRow(model, [x, z])) < -1e-12)
          count++;
    return count;
  };

  it.each([
    [1, "squared"],
    [-1, "squared"],
    [1, "poisson"],
  ] as const)("never goes against %d, with the %s loss", (direction, loss) => {
    expect(falls(direction, [direction, 0], loss)).toBe(0);
    expect(falls(direction, [0, 0], loss)).toBeGreaterThan(0);
  });

  it("refuses directions that make no sense", () => {
    expect(() => fitBoostedTrees(data, { monotone: [1] })).toThrow("one direction a column");
    expect(() => fitBoostedTrees(data, { monotone: [2, 0] })).toThrow("-1, 0 or 1");
    expect(() => fitBoostedTrees(data, { monotone: [1, 0], loss: "quantile" })).toThrow("cannot be held");
    expect(() => fitBoostedTrees(coded(4), { monotone: [1] })).toThrow("no direction");
  });
});
