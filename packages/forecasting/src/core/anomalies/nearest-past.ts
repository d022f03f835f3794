/**
 * How far the last few values of a stream lie from everything alike in its past: the mean distance to the nearest windows
 * of as many values among the last that are remembered. It sees what limits do not: a usual value after an unusual one, a
 * flat stretch in a noisy stream, a level between two others.
 *
 * Costs memory x lags per value, no more after ten years than after an hour. Burnaev & Ishimtsev (2016), "Conformalized
 * density- and distance-based anomaly detection in time-series data", arXiv 1608.04585.
 */
export class NearestPast {
  readonly #lags: number;
  readonly #memory: number;
  /** Twice as long as what is remembered: windows are whole, and old values are moved out once a memory's length. */
  readonly #values: Float64Array;
  readonly #nearest = new Float64Array(neighbours);
  #length = 0;

  /**
   * @param lags values of a window, at least 1
   * @param memory windows remembered, above `lags`
   */
  constructor(lags: number, memory: number) {
    this.#lags = lags;
    this.#memory = memory + lags;
    this.#values = new Float64Array(2 * this.#memory);
  }

  /**
   * Learns a value.
   *
   * @returns the root mean square distance per value, in the values' unit; 0 until there are twenty windows to compare with
   */
  next(value: number): number {
    if (this.#length === this.#values.length) {
      this.#values.copyWithin(0, this.#length - this.#memory);
      this.#length = this.#memory;
    }
    this.#values[this.#length++] = value;
    // Windows that share values with this one are near it whatever happens.
    const last = this.#length - 1 - this.#lags;
    const first = Math.max(this.#lags - 1, this.#length - this.#memory);
    return last - first + 1 < fewestWindows ? 0 : this.#meanDistance(first, last);
  }

  #meanDistance(first: number, last: number): number {
    const values = this.#values;
    const lags = this.#lags;
    const now = this.#length - 1;
    const nearest = this.#nearest.fill(Infinity);
    let limit = Infinity;
    for (let end = first; end <= last; end++) {
      let squares = 0;
      for (let back = 0; back < lags && squares < limit; back++) {
        const difference = values[now - back]! - values[end - back]!;
        squares += difference * difference;
      }
      if (!(squares < limit)) continue;
      let place = neighbours - 1;
      for (; place > 0 && nearest[place - 1]! > squares; place--) nearest[place] = nearest[place - 1]!;
      nearest[place] = squares;
      limit = nearest[neighbours - 1]!;
    }
    return nearest.reduce((sum, squares) => sum + Math.sqrt(squares / lags), 0) / neighbours;
  }
}

const neighbours = 10;
const fewestWindows = 20;
