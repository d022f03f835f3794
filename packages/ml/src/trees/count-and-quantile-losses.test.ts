import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { BoostingOptions, TrainingData } from "./boosted-trees.ts";
import { fitBoostedTrees, lossOf } from "./fit-boosted-trees.ts";
import { predictBoostedRow, predictBoostedTrees } from "./predict.ts";
import { parseBoostedTrees, serializeBoostedTrees } from "./serialize.ts";

const stump: BoostingOptions = { trees: 1, learningRate: 1, maxDepth: 1, ridge: 0, minChildWeight: 0 };
const column = (values: readonly number[]): TrainingData["features"] => ({
  width: 1,
  values: Float32Array.from(values),
});

/** One column x in 0..1; labels by what is drawn at x. */
function madeUp(rows: number, draw: (x: number, rng: ReturnType<typeof seededRng>) => number): TrainingData {
  const rng = seededRng(2);
  const values = Float32Array.from({ length: rows }, () => rng.next());
  return { features: { width: 1, values }, labels: Float64Array.from(values, (x) => draw(x, rng)) };
}

describe("the Poisson loss", () => {
  it("starts from the logarithm of the mean, with derivatives that agree with differences of the value", () => {
    const loss = lossOf("poisson", { features: column([1, 2, 3]), labels: [0, 1, 5], weights: [1, 2, 1] });
    expect(loss.base).toBeCloseTo(Math.log(7 / 4), 12);
    const scores = Float64Array.of(0.3, -0.2, 1);
    const out = new Float64Array(6);
    loss.derivatives(scores, out);
    for (let row = 0; row < 3; row++) {
      const moved = (by: number): number => loss.value(scores.map((s, at) => (at === row ? s + by : s)));
      // The value is a mean over a weight of 4.
      expect(out[2 * row]).toBeCloseTo((4 * (moved(1e-5) - moved(-1e-5))) / 2e-5, 6);
      expect(out[2 * row + 1]).toBeGreaterThan(0);
    }
  });

  it("finds the rates that counts were drawn at", () => {
    const train = madeUp(4_000, (x, rng) => rng.poisson(x < 0.5 ? 0.5 : 6));
    const model = fitBoostedTrees(train, { loss: "poisson", trees: 100, maxDepth: 2 });
    expect(Math.exp(predictBoostedRow(model, [0.2]))).toBeGreaterThan(0.35);
    expect(Math.exp(predictBoostedRow(model, [0.2]))).toBeLessThan(0.65);
    expect(Math.exp(predictBoostedRow(model, [0.8]))).toBeGreaterThan(5.4);
    expect(Math.exp(predictBoostedRow(model, [0.8]))).toBeLessThan(6.6);
  });

  it("refuses a label below 0", () => {
    expect(() => fitBoostedTrees({ features: column([1]), labels: [-1] }, { loss: "poisson" })).toThrow(
      ">= 0",
    );
  });
});

describe("the quantile loss", () => {
  it("answers with the quantile of each leaf, worked by hand", () => {
    const features = column([1, 1, 1, 1, 2, 2, 2, 2]);
    const labels = [1, 2, 3, 40, 101, 102, 103, 140];
    const model = fitBoostedTrees({ features, labels }, { ...stump, loss: "quantile", quantile: 0.75 });
    expect([predictBoostedRow(model, [1]), predictBoostedRow(model, [2])]).toEqual([3, 103]);
  });

  it("counts a row as often as it weighs", () => {
    const loss = lossOf("quantile", { features: column([1, 2, 3]), labels: [1, 2, 3], weights: [1, 1, 8] });
    expect(loss.base).toBe(3);
    expect(loss.value(Float64Array.of(3, 3, 3))).toBeCloseTo((0.5 * 2 + 0.5 * 1) / 10, 12);
  });

  it.each([0.1, 0.5, 0.9])(
    "holds the share %f of labels that it has not seen, where spread grows",
    (quantile) => {
      const all = madeUp(6_000, (x, rng) => 1_000 * x * (1 + 0.3 * rng.normal()));
      const half = (from: number, to: number): TrainingData => ({
        features: { width: 1, values: all.features.values.slice(from, to) },
        labels: Array.from(all.labels).slice(from, to),
      });
      const [train, later] = [half(0, 3_000), half(3_000, 6_000)];
      const options: BoostingOptions = {
        loss: "quantile",
        quantile,
        trees: 80,
        maxDepth: 3,
        minChildWeight: 50,
      };
      const model = fitBoostedTrees(train, options);
      const answers = predictBoostedTrees(model, later.features);
      const below = answers.filter((answer, row) => later.labels[row]! <= answer).length / answers.length;
      expect(Math.abs(below - quantile)).toBeLessThan(0.03);
      expect(predictBoostedTrees(parseBoostedTrees(serializeBoostedTrees(model)), later.features)).toEqual(
        answers,
      );
    },
  );

  it.each([0, 1, NaN])("refuses the level %f", (quantile) => {
    const data = { features: column([1]), labels: [1] };
    expect(() => fitBoostedTrees(data, { loss: "quantile", quantile })).toThrow("level");
  });
});
