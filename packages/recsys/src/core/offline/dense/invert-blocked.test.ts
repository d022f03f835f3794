import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { invertPositiveDefinite } from "../cholesky.ts";
import { invertBlocked, squareMatrix } from "./invert-blocked.ts";
import { rowProductsIn } from "./row-products.ts";
import { Memory } from "./web-assembly.ts";

/** The lower triangle of X'X + I for random X, the upper one left 0. */
function randomGram(n: number): number[][] {
  const rng = seededRng(n);
  const x = Array.from({ length: n + 3 }, () => Array.from({ length: n }, () => rng.normal()));
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_unused, j) =>
      j > i ? 0 : x.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? 1 : 0),
    ),
  );
}

describe("inverting by blocks", () => {
  it.each([1, 2, 63, 64, 65, 200])("gives what the plain loops give, %d x the same", (n) => {
    const gram = randomGram(n);
    const matrix = squareMatrix(n);
    gram.forEach((row, i) => matrix.values.set(row, i * matrix.stride));
    const plain = invertPositiveDefinite(
      Float64Array.from({ length: n * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return gram[Math.max(i, j)]![Math.min(i, j)]!;
      }),
      n,
    );
    const { values, stride } = invertBlocked(matrix);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) expect(values[i * stride + j]).toBeCloseTo(plain[i * n + j]!, 10);
  });

  it("refuses a matrix that is not positive definite", () => {
    const matrix = squareMatrix(70);
    for (let i = 0; i < 70; i++) matrix.values[i * matrix.stride + i] = i === 69 ? -1 : 1;
    expect(() => invertBlocked(matrix)).toThrow("not positive definite");
  });
});

describe("products of rows", () => {
  it("adds the scaled products of every row of A and of B to C, and touches nothing else", () => {
    const memory = new Memory({ initial: 1 });
    const values = new Float64Array(memory.buffer);
    const rng = seededRng(2);
    // A: rows 0 to 7, B: rows 8 to 11, C: rows 12 to 19, all of stride 20; the first 8 numbers of a row are multiplied.
    const stride = 20;
    for (let at = 0; at < 20 * stride; at++) values[at] = rng.normal();
    const before = values.slice();
    rowProductsIn(memory)(8 * (12 * stride + 3), 0, 8 * 8 * stride, 8, 4, 64, 8 * stride, -2);
    for (let at = 0; at < values.length; at++) {
      const [row, column] = [Math.floor(at / stride) - 12, (at % stride) - 3];
      let expected = before[at]!;
      if (row >= 0 && row < 8 && column >= 0 && column < 4)
        for (let k = 0; k < 8; k++)
          expected -= 2 * before[row * stride + k]! * before[(8 + column) * stride + k]!;
      expect(values[at]).toBeCloseTo(expected, 12);
    }
  });
});
