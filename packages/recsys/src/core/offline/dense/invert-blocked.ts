import { choleskyInPlace } from "../cholesky.ts";
import { rowProductsIn } from "./row-products.ts";
import type { RowProducts } from "./row-products.ts";
import { Memory } from "./web-assembly.ts";

/** A square matrix by rows: entry (i, j) is at `i * stride + j`. */
export interface SquareMatrix {
  readonly values: Float64Array;
  readonly size: number;
  readonly stride: number;
}

/** Rows and columns of a block. */
const edge = 64;
/** What is multiplied at a time: as many columns of half a block's rows stay in the nearest cache. */
const span = 96;
const half = edge / 2;
const pageBytes = 65_536;

/**
 * A matrix of zeros that `invertBlocked` can work on. Its room is 8 x size^2 bytes, a little rounded up, with two block
 * rows below it to work in.
 */
export function squareMatrix(size: number): SquareMatrix & { readonly multiply: RowProducts } {
  const stride = Math.ceil(size / edge) * edge;
  const room = stride * (stride + 2 * edge);
  const memory = new Memory({ initial: Math.ceil((8 * room) / pageBytes) });
  const values = new Float64Array(memory.buffer, 0, room);
  return { values, size, stride, multiply: rowProductsIn(memory) };
}

/**
 * Inverse of a symmetric positive definite matrix in its own room, n^3 / 2 products: the Cholesky factor L by blocks,
 * then L^-1, then L^-T L^-1, each block by products of rows. Only the lower triangle is read; all of it is written.
 *
 * While at work the blocks below the diagonal hold L and those above it the transpose of L^-1; a block on the diagonal
 * holds that of L^-1.
 *
 * @throws InvariantError if the matrix is not positive definite
 */
export function invertBlocked(matrix: ReturnType<typeof squareMatrix>): SquareMatrix {
  const { values, size, stride, multiply } = matrix;
  for (let i = size; i < stride; i++) values[i * stride + i] = 1;
  const work = new BlockWork(values, stride, multiply);
  for (let i = 0; i < stride; i += edge) work.factorRow(i);
  for (let j = 0; j < stride; j += edge) work.invertRow(j);
  for (let i = 0; i < stride; i += edge) work.multiplyRow(i);
  work.mirror();
  return matrix;
}

/** Steps on one matrix; rows and columns are given by the first of a block. */
class BlockWork {
  readonly #values: Float64Array;
  readonly #stride: number;
  readonly #multiply: RowProducts;
  /** The block row that holds L^-1 of each diagonal block, and the one that a block is copied to. */
  readonly #inverses: number;
  readonly #copies: number;
  readonly #scratch = new Float64Array(edge * edge);

  constructor(values: Float64Array, stride: number, multiply: RowProducts) {
    [this.#values, this.#stride, this.#multiply] = [values, stride, multiply];
    [this.#inverses, this.#copies] = [stride, stride + edge];
  }

  /** L of a block row: L_ij = (A_ij - sum over k < j of L_ik L_jk^T) L_jj^-T. */
  factorRow(i: number): void {
    for (let j = 0; j < i; j += edge) {
      this.#addProducts(i, j, i, j, 0, j, -1);
      this.#timesInverse(i, j, j);
    }
    this.#addProducts(i, i, i, i, 0, i, -1);
    const [values, stride, block] = [this.#values, this.#stride, this.#scratch];
    this.#copyDiagonal(i, block);
    choleskyInPlace(block, edge);
    const inverse = invertFactor(block);
    for (let row = 0; row < edge; row++)
      for (let column = 0; column < edge; column++) {
        values[(this.#inverses + row) * stride + i + column] = inverse[row * edge + column]!;
        values[(i + row) * stride + i + column] = inverse[column * edge + row]!;
      }
  }

  /** M = L^-T of a block row: M_ji = -(sum over j <= k < i of M_jk L_ik^T) L_ii^-T. */
  invertRow(j: number): void {
    for (let i = j + edge; i < this.#stride; i += edge) {
      this.#clear(j, i);
      this.#addProducts(j, i, j, i, j, i, -1);
      this.#timesInverse(j, i, i);
    }
  }

  /** The inverse below the diagonal: P_ij = sum over k >= i of M_ik M_jk^T; the diagonal last, as it is read until then. */
  multiplyRow(i: number): void {
    for (let j = 0; j < i; j += edge) {
      this.#clear(i, j);
      this.#addProducts(i, j, i, j, i, this.#stride, 1);
    }
    const diagonal = this.#scratch;
    this.#copyDiagonal(i, diagonal);
    this.#clear(i, i);
    this.#addProducts(i, i, i, i, i + edge, this.#stride, 1);
    for (let a = 0; a < edge; a++)
      for (let b = 0; b < edge; b++) {
        let sum = 0;
        for (let k = Math.max(a, b); k < edge; k++) sum += diagonal[a * edge + k]! * diagonal[b * edge + k]!;
        this.#values[(i + a) * this.#stride + i + b]! += sum;
      }
  }

  /** Copies what is below the diagonal to above it, block by block. */
  mirror(): void {
    const [values, stride] = [this.#values, this.#stride];
    for (let i = 0; i < stride; i += edge)
      for (let j = 0; j <= i; j += edge)
        for (let a = 0; a < edge; a++)
          for (let b = 0; b < edge; b++) values[(j + b) * stride + i + a] = values[(i + a) * stride + j + b]!;
  }

  /** Block (row, column) += sign x the products of two block rows over the columns from `from` up to `to`. */
  #addProducts(
    row: number,
    column: number,
    a: number,
    b: number,
    from: number,
    to: number,
    sign: number,
  ): void {
    const stride = this.#stride;
    const at = (r: number, k: number): number => 8 * (r * stride + k);
    for (let k = from; k < to; k += span) {
      const bytes = 8 * Math.min(span, to - k);
      for (let part = 0; part < edge; part += half)
        this.#multiply(
          at(row, column + part),
          at(a, k),
          at(b + part, k),
          edge,
          half,
          bytes,
          8 * stride,
          sign,
        );
    }
  }

  /** Block (row, column) times the transposed inverse of the factor's diagonal block at `of`. */
  #timesInverse(row: number, column: number, of: number): void {
    const [values, stride] = [this.#values, this.#stride];
    // A block of the copies lies in the columns of the inverse that it meets.
    for (let a = 0; a < edge; a++) {
      const start = (row + a) * stride + column;
      values.copyWithin((this.#copies + a) * stride + of, start, start + edge);
    }
    this.#clear(row, column);
    this.#addProducts(row, column, this.#copies, this.#inverses, of, of + edge, 1);
  }

  #copyDiagonal(i: number, out: Float64Array): void {
    for (let row = 0; row < edge; row++) {
      const start = (i + row) * this.#stride + i;
      out.set(this.#values.subarray(start, start + edge), row * edge);
    }
  }

  #clear(row: number, column: number): void {
    for (let a = 0; a < edge; a++) {
      const start = (row + a) * this.#stride + column;
      this.#values.fill(0, start, start + edge);
    }
  }
}

/** Inverse of a lower triangular block, by rows, zeros above the diagonal. */
function invertFactor(factor: Float64Array): Float64Array {
  const out = new Float64Array(edge * edge);
  for (let column = 0; column < edge; column++)
    for (let row = column; row < edge; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) sum -= factor[row * edge + k]! * out[k * edge + column]!;
      out[row * edge + column] = sum / factor[row * edge + row]!;
    }
  return out;
}
