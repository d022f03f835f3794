import { describe, expect, it } from "vitest";
import { fitLogisticRegression, predictLogisticRegression, type SparseRows } from "./logistic-regression.ts";

/** Rows of one dense column. */
function oneColumn(values: readonly number[]): SparseRows {
  return {
    width: 1,
    offsets: Int32Array.from({ length: values.length + 1 }, (_, at) => at),
    index: new Int32Array(values.length),
    value: Float32Array.from(values),
  };
}

/** Hosmer and Lemeshow's way of two groups: 30 of 100 without the mark, 60 of 100 with it. */
const rows = oneColumn(Array.from({ length: 200 }, (_, at) => (at < 100 ? 0 : 1)));
const labels = Array.from({ length: 200 }, (_, at) => (at % 100 < (at < 100 ? 30 : 60) ? 1 : 0));

describe("logistic regression", () => {
  it("finds the log-odds ratio of two groups", () => {
    const model = fitLogisticRegression(rows, labels, 1e-6);
    expect(model.intercept).toBeCloseTo(Math.log(30 / 70), 4);
    expect(model.weights[0]).toBeCloseTo(Math.log(60 / 40) - Math.log(30 / 70), 4);
  });

  it("is pulled towards nothing by its penalty, from wherever it starts", () => {
    const free = fitLogisticRegression(rows, labels, 1e-6);
    const held = fitLogisticRegression(rows, labels, 50);
    expect(Math.abs(held.weights[0]!)).toBeLessThan(Math.abs(free.weights[0]!));
    const again = fitLogisticRegression(rows, labels, 50, free);
    expect(again.weights[0]).toBeCloseTo(held.weights[0]!, 3);
  });

  it("stays finite where the classes can be told apart without error, and where all are one", () => {
    const apart = fitLogisticRegression(oneColumn([-2, -1, 1, 2]), [0, 0, 1, 1], 0.1);
    expect([...predictLogisticRegression(apart, oneColumn([-2, 2]))].every(Number.isFinite)).toBe(true);
    const one = fitLogisticRegression(oneColumn([1, 2, 3]), [1, 1, 1], 1);
    expect(predictLogisticRegression(one, oneColumn([2]))[0]).toBeGreaterThan(2);
  });
});
