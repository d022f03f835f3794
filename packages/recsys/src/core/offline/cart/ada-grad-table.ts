import type { Rng } from "@almanac/kernel";

/** Mean squared slope that every row starts from, so that its first step is no leap. */
const calmStart = 0.01;

/**
 * Rows of parameters that AdaGrad moves one row at a time: the further a row has been pushed, the shorter its steps, so
 * that a rare item learns as much from its few carts as a popular one from its many. One root a row, not one a number.
 *
 * Duchi, Hazan & Singer (2011), "Adaptive subgradient methods".
 */
export class AdaGradTable {
  /** `rows` x `width` by rows. */
  readonly values: Float64Array;
  readonly width: number;
  /** Sum over the steps so far of the mean squared slope of a row. */
  readonly #squares: Float64Array;
  readonly #ridge: number;

  /**
   * @param spread standard deviation of the values to start from; 0 starts from zeros
   * @param ridge penalty on half the square of each value, paid when its row is moved
   */
  constructor(rows: number, width: number, spread: number, ridge: number, rng: Rng) {
    this.width = width;
    this.values = new Float64Array(rows * width);
    if (spread > 0) for (let at = 0; at < this.values.length; at++) this.values[at] = spread * rng.normal();
    this.#squares = new Float64Array(rows).fill(calmStart);
    this.#ridge = ridge;
  }

  /** Moves a row against `factor` x `slope`, as wide as the table. */
  descend(row: number, slope: Float64Array, factor: number, rate: number): void {
    const { values, width } = this;
    const ridge = this.#ridge;
    const start = row * width;
    let squares = 0;
    for (let k = 0; k < width; k++) squares += (factor * slope[k]! + ridge * values[start + k]!) ** 2;
    this.#squares[row]! += squares / width;
    const step = rate / Math.sqrt(this.#squares[row]!);
    for (let k = 0; k < width; k++)
      values[start + k]! -= step * (factor * slope[k]! + ridge * values[start + k]!);
  }
}
