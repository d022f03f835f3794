import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { BoostingOptions, LossName, TrainingData } from "./boosted-trees.ts";
import { fitBoostedTrees, lossOf } from "./fit-boosted-trees.ts";
import { fitInWorker } from "./fit-in-worker.ts";
import { logistic } from "./losses.ts";
import { columnGains, predictBoostedRow, predictBoostedTrees, predictProbabilities } from "./predict.ts";
import { parseBoostedTrees, serializeBoostedTrees } from "./serialize.ts";

/** One tree of one split, exact: no shrinkage, no penalty, no least weight. */
const stump: BoostingOptions = {
  trees: 1,
  learningRate: 1,
  maxDepth: 1,
  maxLeaves: 2,
  ridge: 0,
  minChildWeight: 0,
};

function column(values: readonly number[]): TrainingData["features"] {
  return { width: 1, values: Float32Array.from(values) };
}

/** Rows whose label follows two of four columns, some values unknown; groups of ten. */
function madeUp(rows: number, seed: number): TrainingData {
  const rng = seededRng(seed);
  const values = Float32Array.from({ length: rows * 4 }, () => (rng.next() < 0.1 ? NaN : rng.normal()));
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [one, , three] = values.subarray(row * 4, row * 4 + 4);
    const score = 2 * (one || 0) + ((three || 0) > 0.5 ? 2 : 0) + 0.5 * rng.normal();
    return score > 1 ? 1 : 0;
  });
  return { features: { width: 4, values }, labels, groupSizes: new Uint32Array(rows / 10).fill(10) };
}

const losses: readonly LossName[] = ["squared", "logistic", "lambdarank"];

describe("a split, worked by hand", () => {
  it("parts four rows where the squared error falls most, and answers with the means", () => {
    const features = column([1, 2, 3, 4]);
    const model = fitBoostedTrees({ features, labels: [0, 0, 6, 9] }, stump);
    expect([...predictBoostedTrees(model, features)]).toEqual([0, 0, 7.5, 7.5]);
    expect(model.threshold[0]).toBe(2.5);
    // The halved squared error falls from 29.25 about the mean 3.75 to 2.25 about both means.
    expect(columnGains(model)[0]).toBeCloseTo(28.125, 5);
  });

  it("shrinks a leaf by the penalty: -G / (H + lambda)", () => {
    const features = column([1, 1, 2, 2]);
    const model = fitBoostedTrees({ features, labels: [0, 0, 4, 4] }, { ...stump, ridge: 2 });
    // From the mean 2, two rows pull by 2 each: 4 / (2 + 2) = 1.
    expect([...predictBoostedTrees(model, features)]).toEqual([1, 1, 3, 3]);
  });

  it("counts a row as often as it weighs", () => {
    const features = column([1, 2]);
    const weighted = fitBoostedTrees({ features, labels: [0, 8], weights: [3, 1] }, { ...stump, trees: 0 });
    expect(predictBoostedRow(weighted, [1])).toBe(2);
  });

  it("learns on which side unknown values belong", () => {
    const features = column([1, 1, 5, 5, NaN, NaN]);
    const model = fitBoostedTrees({ features, labels: [0, 0, 9, 9, 9, 9] }, stump);
    expect([...predictBoostedTrees(model, features)]).toEqual([0, 0, 9, 9, 9, 9]);
    const other = fitBoostedTrees({ features, labels: [0, 0, 9, 9, 0, 0] }, stump);
    expect(predictBoostedRow(other, [NaN])).toBe(0);
  });

  it("parts what is known from what is not", () => {
    const features = column([1, 2, NaN, NaN]);
    const model = fitBoostedTrees({ features, labels: [0, 0, 5, 5] }, stump);
    expect([...predictBoostedTrees(model, features)]).toEqual([0, 0, 5, 5]);
    expect(predictBoostedRow(model, [Infinity])).toBe(0);
  });

  it("sends a value that training always knew to the heavier side when it is unknown", () => {
    const features = column([1, 2, 2, 2]);
    const model = fitBoostedTrees({ features, labels: [0, 4, 4, 4] }, stump);
    expect(predictBoostedRow(model, [NaN])).toBe(4);
  });

  it("takes the difference of two columns, which no single split sees", () => {
    const features = { width: 2, values: Float32Array.from([0, 0, 0, 1, 1, 0, 1, 1]) };
    const labels = [0.1, 1, 1, 0];
    const model = fitBoostedTrees({ features, labels }, { ...stump, maxDepth: 2, maxLeaves: 4 });
    predictBoostedTrees(model, features).forEach((answer, row) =>
      expect(answer).toBeCloseTo(labels[row]!, 12),
    );
  });
});

describe("limits", () => {
  const data = madeUp(400, 3);

  it("leaves a column without information alone, and answers with the base", () => {
    const features = column([7, 7, 7]);
    const model = fitBoostedTrees({ features, labels: [1, 2, 6] }, { trees: 5 });
    expect(model.feature.every((f) => f === -1)).toBe(true);
    expect(predictBoostedRow(model, [7])).toBe(3);
  });

  it("keeps every leaf at the least weight", () => {
    const features = column([1, 2, 3, 4]);
    const model = fitBoostedTrees({ features, labels: [0, 0, 0, 9] }, { ...stump, minChildWeight: 2 });
    expect(model.threshold[0]).toBe(2.5);
  });

  it.each([
    [1, 31],
    [3, 31],
    [6, 5],
  ])("grows no tree beyond %i splits in depth and %i leaves", (maxDepth, maxLeaves) => {
    const model = fitBoostedTrees(data, { maxDepth, maxLeaves, trees: 10, minChildWeight: 1 });
    const depthOf = (node: number): number =>
      model.feature[node] === -1 ? 0 : 1 + Math.max(depthOf(model.left[node]!), depthOf(model.right[node]!));
    const leavesOf = (node: number): number =>
      model.feature[node] === -1 ? 1 : leavesOf(model.left[node]!) + leavesOf(model.right[node]!);
    for (const root of model.roots) {
      expect(depthOf(root)).toBeLessThanOrEqual(maxDepth);
      expect(leavesOf(root)).toBeLessThanOrEqual(maxLeaves);
    }
  });

  it("tells coarse bins apart no finer than they are cut", () => {
    const features = column(Array.from({ length: 1_000 }, (_, row) => row));
    const labels = features.values;
    const model = fitBoostedTrees({ features, labels }, { maxBins: 5, trees: 50, minChildWeight: 0 });
    expect(new Set(predictBoostedTrees(model, features)).size).toBe(4);
  });

  it.each<[string, TrainingData, BoostingOptions]>([
    ["labels that are too few", { features: column([1, 2]), labels: [1] }, {}],
    ["a label that is no number", { features: column([1, 2]), labels: [1, NaN] }, {}],
    ["a probability above 1", { features: column([1, 2]), labels: [0, 2] }, { loss: "logistic" }],
    ["ranking without groups", { features: column([1, 2]), labels: [0, 2] }, { loss: "lambdarank" }],
    [
      "groups that miss a row",
      { features: column([1, 2]), labels: [0, 2], groupSizes: [1] },
      { loss: "lambdarank" },
    ],
    ["a negative weight", { features: column([1, 2]), labels: [0, 2], weights: [1, -1] }, {}],
    ["a table cut within a row", { features: { width: 2, values: new Float32Array(3) }, labels: [1] }, {}],
    ["bins beyond a byte", { features: column([1]), labels: [1] }, { maxBins: 256 }],
    ["a learning rate of 0", { features: column([1]), labels: [1] }, { learningRate: 0 }],
  ])("refuses %s", (_, bad, options) => {
    expect(() => fitBoostedTrees(bad, options)).toThrow();
  });
});

describe("losses", () => {
  const scores = Float64Array.from({ length: 40 }, (_, row) => Math.sin(row));
  const data = { ...madeUp(40, 9), weights: Float64Array.from({ length: 40 }, (_, row) => 1 + (row % 3)) };

  it.each(["squared", "logistic"] as const)("%s: derivatives agree with differences of the value", (name) => {
    const loss = lossOf(name, data);
    const out = new Float64Array(80);
    loss.derivatives(scores, out);
    const total = data.weights.reduce((sum, weight) => sum + weight, 0);
    const step = 1e-4;
    for (let row = 0; row < 40; row++) {
      const at = (shift: number): number => {
        const moved = scores.slice();
        moved[row]! += shift;
        return total * loss.value(moved);
      };
      expect(out[2 * row]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 5);
      expect(out[2 * row + 1]).toBeCloseTo((at(step) - 2 * at(0) + at(-step)) / step ** 2, 3);
    }
  });

  it("starts from the constant that loses least", () => {
    for (const name of ["squared", "logistic"] as const) {
      const loss = lossOf(name, data);
      const at = (base: number): number => loss.value(new Float64Array(40).fill(base));
      expect(at(loss.base)).toBeLessThan(Math.min(at(loss.base - 0.01), at(loss.base + 0.01)));
    }
  });

  it("stays finite at scores no probability can tell from 0 and 1", () => {
    const loss = lossOf("logistic", { features: column([1, 2]), labels: [0, 1] });
    expect(loss.value(Float64Array.of(800, -800))).toBe(800);
  });

  it("lambdarank: two rows the wrong way round pull apart as hard as their swap is worth", () => {
    const loss = lossOf("lambdarank", { features: column([1, 2]), labels: [0, 1], groupSizes: [2] });
    const out = new Float64Array(4);
    loss.derivatives(Float64Array.of(1, 0), out);
    // The swap is worth 1 - 1/log2(3) of NDCG; the worse row is ahead by 1, so it is doubted by logistic(1).
    const force = (1 - 1 / Math.log2(3)) * logistic(1);
    const scale = Math.log2(1 + 2 * force) / (2 * force);
    expect(out[0]).toBeCloseTo(force * scale, 12);
    expect(out[2]).toBeCloseTo(-force * scale, 12);
    expect(out[1]).toBeCloseTo(force * (1 - logistic(1)) * scale, 12);
    expect(loss.value(Float64Array.of(1, 0))).toBeCloseTo(1 - 1 / Math.log2(3), 12);
    expect(loss.value(Float64Array.of(0, 1))).toBe(0);
  });

  it("lambdarank: only pairs with a row in the first places pull, each as hard as its swap is worth", () => {
    const { labels, scores } = { labels: [0, 1, 2], scores: Float64Array.of(2, 0, 1) };
    const loss = lossOf(
      "lambdarank",
      { features: column([1, 2, 3]), labels, groupSizes: [3] },
      { ndcgAt: 1 },
    );
    const out = new Float64Array(6);
    loss.derivatives(scores, out);
    // Order: row 0, row 2, row 1. Gains 0, 1, 3; the best first place is worth 3, every place after it nothing.
    const [byRow1, byRow2] = [(1 / 3) * logistic(2), (3 / 3) * logistic(1)];
    const pull = 2 * (byRow1 + byRow2);
    const scale = Math.log2(1 + pull) / pull;
    expect(out[0]).toBeCloseTo((byRow1 + byRow2) * scale, 12);
    // Rows 1 and 2 are in the wrong order too, but neither is in the first place.
    expect(out[2]).toBeCloseTo(-byRow1 * scale, 12);
    expect(out[4]).toBeCloseTo(-byRow2 * scale, 12);
    expect(out[3]).toBeCloseTo(byRow1 * (1 - logistic(2)) * scale, 12);
    expect(out[5]).toBeCloseTo(byRow2 * (1 - logistic(1)) * scale, 12);
    expect(loss.value(scores)).toBe(1);
  });

  it("lambdarank: the pulls of a group cancel, and a group of one grade feels none", () => {
    const grades = { ...data, labels: Array.from({ length: 40 }, (_, row) => (row < 10 ? 2 : row % 4)) };
    const out = new Float64Array(80);
    lossOf("lambdarank", grades).derivatives(scores, out);
    for (let group = 0; group < 4; group++) {
      let sum = 0;
      for (let row = group * 10; row < group * 10 + 10; row++) sum += out[2 * row]!;
      expect(sum).toBeCloseTo(0, 12);
    }
    expect(out.subarray(0, 20).every((value) => value === 0)).toBe(true);
  });

  it.each(losses)("%s: training loss falls with every tree", (name) => {
    const train = madeUp(600, 5);
    const at = (trees: number): number =>
      lossOf(name, train).value(
        predictBoostedTrees(fitBoostedTrees(train, { loss: name, trees }), train.features),
      );
    // What LambdaRank descends is not NDCG itself, which goes in steps: it falls over longer stretches.
    const course = (name === "lambdarank" ? [0, 2, 32] : [0, 1, 2, 4, 8, 16, 32]).map(at);
    for (let i = 1; i < course.length; i++) expect(course[i]).toBeLessThan(course[i - 1]!);
    expect(course.at(-1)).toBeLessThan(0.6 * course[0]!);
  });
});

describe("a fit", () => {
  const train = madeUp(1_000, 11);
  const validation = madeUp(500, 12);

  it.each(losses)("%s: learns what holds for rows it has not seen", (loss) => {
    const model = fitBoostedTrees(train, { loss, trees: 60 });
    const watched = lossOf(loss, validation);
    const without = watched.value(new Float64Array(500).fill(model.base));
    expect(watched.value(predictBoostedTrees(model, validation.features))).toBeLessThan(0.6 * without);
  });

  it("does not care for the scale of a column, only for its order", () => {
    const { width, values } = train.features;
    // A power of two of positive factor keeps the bounds between the same rows.
    const scaled = { ...train, features: { width, values: values.map((value) => value * 8) } };
    const one = predictBoostedTrees(fitBoostedTrees(train, { trees: 10 }), train.features);
    const other = predictBoostedTrees(fitBoostedTrees(scaled, { trees: 10 }), scaled.features);
    expect(other).toEqual(one);
  });

  it("is the same bit by bit for a seed, and another for another", () => {
    const options = { loss: "logistic", rowShare: 0.7, columnShare: 0.5, trees: 20 } as const;
    const one = serializeBoostedTrees(fitBoostedTrees(train, { ...options, seed: 5 }));
    expect(serializeBoostedTrees(fitBoostedTrees(train, { ...options, seed: 5 }))).toBe(one);
    expect(serializeBoostedTrees(fitBoostedTrees(train, { ...options, seed: 6 }))).not.toBe(one);
  });

  it("learns from a share of rows and columns", () => {
    const options = { loss: "logistic", rowShare: 0.5, columnShare: 0.5, trees: 100 } as const;
    const model = fitBoostedTrees(train, options);
    const watched = lossOf("logistic", validation);
    expect(watched.value(predictBoostedTrees(model, validation.features))).toBeLessThan(0.35);
  });

  it("ends where the validation loss was least", () => {
    const options: BoostingOptions = { loss: "logistic", learningRate: 0.3, trees: 400, minChildWeight: 0 };
    const model = fitBoostedTrees(train, { ...options, validation, patience: 10 });
    const kept = model.roots.length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(390);
    const at = (trees: number): number =>
      lossOf("logistic", validation).value(
        predictBoostedTrees(fitBoostedTrees(train, { ...options, trees }), validation.features),
      );
    for (const other of [kept - 1, kept + 1, kept + 9]) expect(at(kept)).toBeLessThan(at(other));
  });

  it("keeps no tree when each makes the validation loss worse", () => {
    const against = { ...train, labels: Array.from(train.labels, (label) => 1 - label) };
    const model = fitBoostedTrees(train, { loss: "logistic", trees: 50, validation: against, patience: 3 });
    expect(model.roots.length).toBeLessThanOrEqual(1);
  });

  it("gives probabilities from 0 to 1 near the shares of the labels", () => {
    const model = fitBoostedTrees(train, { loss: "logistic", trees: 30 });
    const answers = predictProbabilities(model, train.features);
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(answers.every((p) => p > 0 && p < 1)).toBe(true);
    expect(mean(answers)).toBeCloseTo(mean(train.labels), 2);
  });

  it("tells how far it is, up to 1", () => {
    const shares: number[] = [];
    fitBoostedTrees(train, { trees: 4, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
  });
});

describe("a model as text", () => {
  const train = madeUp(300, 21);
  const model = fitBoostedTrees(train, { loss: "logistic", trees: 12 });
  const text = serializeBoostedTrees(model);

  it("comes back bit by bit", () => {
    expect(parseBoostedTrees(text)).toEqual(model);
    expect(predictBoostedTrees(parseBoostedTrees(text), train.features)).toEqual(
      predictBoostedTrees(model, train.features),
    );
  });

  const changed = (change: Record<string, unknown>): string =>
    JSON.stringify({ ...JSON.parse(text), ...change });
  const int32 = (values: Int32Array): string => Buffer.from(values.buffer).toString("base64");
  it.each([
    ["what is no JSON", "trees"],
    ["what is no object", "[]"],
    ["another format", changed({ format: "xgboost" })],
    ["a loss nobody knows", changed({ loss: "hinge" })],
    ["a missing array", changed({ value: undefined })],
    ["an array that ends within a number", changed({ value: "AAAA" })],
    ["arrays of different lengths", changed({ gain: "" })],
    ["a child before its node", changed({ left: int32(model.left.map(() => 0)) })],
    ["a child behind the end", changed({ right: int32(model.right.map(() => model.feature.length)) })],
    ["a column it does not have", changed({ width: 1 })],
    ["a tree without a root", changed({ roots: int32(Int32Array.of(-1)) })],
  ])("is refused when it is %s", (_, bad) => {
    expect(() => parseBoostedTrees(bad)).toThrowError(expect.objectContaining({ code: "input_invalid" }));
  });
});

describe("a fit in a thread", () => {
  const train = madeUp(500, 31);

  it("gives the same model and tells how far it is", async () => {
    const shares: number[] = [];
    const options = { loss: "lambdarank", trees: 25, rowShare: 0.8 } as const;
    const model = await fitInWorker(train, { ...options, onProgress: (share) => shares.push(share) });
    expect(model).toEqual(fitBoostedTrees(train, options));
    expect(shares.at(-1)).toBe(1);
  });

  it("ends when it is called off, with the reason", async () => {
    const control = new AbortController();
    const reason = new Error("not needed any more");
    const fit = fitInWorker(train, {
      trees: 1_000_000,
      signal: control.signal,
      onProgress: () => control.abort(reason),
      minChildWeight: 0,
    });
    await expect(fit).rejects.toBe(reason);
    await expect(fitInWorker(train, { signal: control.signal })).rejects.toBe(reason);
  });

  it("throws what the fit throws", async () => {
    await expect(fitInWorker({ ...train, labels: [1] })).rejects.toThrow("differ in rows");
  });
});
