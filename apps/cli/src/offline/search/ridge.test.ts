import { describe, expect, it } from "vitest";
import { RidgeSums } from "./ridge.ts";

function sumsOf(rows: readonly (readonly [number, number, number])[]): RidgeSums {
  const sums = new RidgeSums(2);
  for (const [a, b, target] of rows) sums.add([a, b], target, 1);
  return sums;
}

describe("ridge regression", () => {
  it("finds the coefficients of exact data when the penalty is next to nothing", () => {
    const [a, b] = sumsOf([
      [1, 0, 3],
      [0, 1, -2],
      [1, 1, 1],
    ]).solve(1e-9, [0, 0]);
    expect(a).toBeCloseTo(3, 6);
    expect(b).toBeCloseTo(-2, 6);
  });

  it("is drawn towards the prior, wholly when there is no data", () => {
    expect(new RidgeSums(2).solve(1, [0.4, -0.1])).toEqual([0.4, -0.1]);
    // Hand-worked: one row (1, 0) with target 3, penalty 1, prior 1: 1 + (3 - 1) / (1 + 1) = 2.
    expect(sumsOf([[1, 0, 3]]).solve(1, [1, 1])[0]).toBeCloseTo(2, 12);
  });

  it("joins folds into what they are together", () => {
    const together = sumsOf([
      [1, 2, 3],
      [2, 1, 1],
    ]);
    const joined = sumsOf([[1, 2, 3]]);
    joined.join(sumsOf([[2, 1, 1]]));
    expect(joined.solve(0.5, [0, 0])).toEqual(together.solve(0.5, [0, 0]));
  });
});
