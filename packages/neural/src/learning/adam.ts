/**
 * One table that is learned by Adam (Kingma and Ba, 2015): every entry in every step, so that one without a gradient goes on
 * by its momentum.
 */
export class AdamTable {
  readonly values: Float32Array;
  /** Added to in a step, and cleared by it. */
  readonly gradient: Float32Array;
  private readonly means: Float32Array;
  private readonly squares: Float32Array;

  constructor(values: Float32Array) {
    this.values = values;
    this.gradient = new Float32Array(values.length);
    this.means = new Float32Array(values.length);
    this.squares = new Float32Array(values.length);
  }

  /** @param step counted from 1 */
  apply(rate: number, step: number): void {
    const { values, gradient, means, squares } = this;
    const meanScale = rate / (1 - 0.9 ** step);
    const squareScale = 1 / (1 - 0.999 ** step);
    for (let at = 0; at < values.length; at++) {
      const slope = gradient[at]!;
      const mean = 0.9 * means[at]! + 0.1 * slope;
      const square = 0.999 * squares[at]! + 0.001 * slope * slope;
      means[at] = mean;
      squares[at] = square;
      values[at]! -= (meanScale * mean) / (Math.sqrt(squareScale * square) + 1e-7);
    }
    gradient.fill(0);
  }
}
