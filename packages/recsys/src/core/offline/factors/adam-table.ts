import type { Rng } from "@almanac/kernel";

const firstDecay = 0.9;
const secondDecay = 0.999;
const tiny = 1e-8;

export interface AdamOptions {
  readonly learningRate: number;
  /** Share of a row that each of its updates takes away, times the learning rate. */
  readonly weightDecay: number;
}

/**
 * Rows of parameters that Adam moves one row at a time, so that an update costs what the row is wide and not what the
 * table is: the lazy form, with steps counted by row, and weight decay apart from the gradient.
 *
 * Kingma & Ba (2015), "Adam"; Loshchilov & Hutter (2019), "Decoupled weight decay regularization".
 */
export class AdamTable {
  readonly width: number;
  /** `rows` x `width` by rows. */
  readonly values: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #steps: Int32Array;
  readonly #options: AdamOptions;

  /** @param spread standard deviation of the values to start from; 0 starts from zeros */
  constructor(rows: number, width: number, spread: number, rng: Rng, options: AdamOptions) {
    this.width = width;
    this.values = new Float64Array(rows * width);
    if (spread > 0) for (let at = 0; at < this.values.length; at++) this.values[at] = spread * rng.normal();
    this.#first = new Float64Array(rows * width);
    this.#second = new Float64Array(rows * width);
    this.#steps = new Int32Array(rows);
    this.#options = options;
  }

  /** Moves a row against `gradient`, as wide as the table, by `share` of the learning rate. */
  descend(row: number, gradient: Float64Array, share = 1): void {
    const { weightDecay } = this.#options;
    const learningRate = share * this.#options.learningRate;
    const step = ++this.#steps[row]!;
    const scale = (learningRate * Math.sqrt(1 - secondDecay ** step)) / (1 - firstDecay ** step);
    const start = row * this.width;
    for (let k = 0; k < this.width; k++) {
      const at = start + k;
      const slope = gradient[k]!;
      const first = firstDecay * this.#first[at]! + (1 - firstDecay) * slope;
      const second = secondDecay * this.#second[at]! + (1 - secondDecay) * slope * slope;
      this.#first[at] = first;
      this.#second[at] = second;
      const value = this.values[at]!;
      this.values[at] =
        value - (scale * first) / (Math.sqrt(second) + tiny) - learningRate * weightDecay * value;
    }
  }
}
