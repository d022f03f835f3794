import { ValueOrder } from "./value-order.ts";

const neighbours = 10;
const fewestWindows = 20;

/**
 * How far the last few values of a stream lie from everything alike in its past: the mean distance to the nearest windows
 * of as many values. It sees what limits do not: a usual value after an unusual one, a flat stretch in a noisy stream, a
 * level between two others. Several lengths of windows are looked at in one pass.
 *
 * Burnaev & Ishimtsev (2016), "Conformalized density- and distance-based anomaly detection in time-series data", arXiv
 * 1608.04585. Costs no more after ten years than after an hour: past values are walked in order of their distance from the
 * last one, and where that alone is more than the nearest windows are away, the rest of them is not looked at.
 */
export class NearestPast {
  readonly #lags: readonly number[];
  readonly #memory: number;
  /** Twice as long as what is remembered: windows are whole, and old values are moved out once a memory's length. */
  readonly #values: Float64Array;
  #length = 0;
  readonly #ends: ValueOrder;
  /** Squared distances of the nearest windows, ascending, `neighbours` for each length. */
  readonly #nearest: Float64Array;
  readonly #distances: Float64Array;

  /**
   * @param lags values of the windows, each at least 1, ascending
   * @param memory values a window's end is looked for among, above all lags
   */
  constructor(lags: readonly number[], memory: number) {
    this.#lags = lags;
    this.#memory = memory;
    this.#values = new Float64Array(2 * (memory + lags.at(-1)!));
    this.#ends = new ValueOrder(memory);
    this.#nearest = new Float64Array(neighbours * lags.length);
    this.#distances = new Float64Array(lags.length);
  }

  /**
   * Learns a value.
   *
   * @returns for each length the root mean square distance per value, in the values' unit; 0 until there are twenty windows
   *   to compare with. The next call overwrites it
   */
  next(value: number): Float64Array {
    this.#makeRoom();
    const now = this.#length++;
    this.#values[now] = value;
    this.#walk(now, value);
    this.#lags.forEach((lag, at) => {
      const windows = now - lag - Math.max(lag - 1, now - this.#memory) + 1;
      this.#distances[at] = windows < fewestWindows ? 0 : this.#meanDistance(at, lag);
    });
    if (this.#ends.size === this.#memory) this.#ends.removeOldest(this.#values[now - this.#memory]!);
    this.#ends.add(value, now);
    return this.#distances;
  }

  #makeRoom(): void {
    if (this.#length < this.#values.length) return;
    const by = this.#values.length / 2;
    this.#values.copyWithin(0, by);
    this.#length -= by;
    this.#ends.moveStart(by);
  }

  /** Finds the nearest windows of all lengths, ends that are alike first. */
  #walk(now: number, value: number): void {
    const { values: ends, places, size } = this.#ends;
    this.#nearest.fill(Infinity);
    let above = this.#ends.below(value);
    let below = above - 1;
    let farthest = Infinity;
    while (below >= 0 || above < size) {
      const down = below >= 0 ? value - ends[below]! : Infinity;
      const up = above < size ? ends[above]! - value : Infinity;
      const apart = Math.min(down, up);
      if (apart * apart >= farthest) return;
      const end = down < up ? places[below--]! : places[above++]!;
      if (this.#compare(now, end, apart * apart, farthest)) farthest = this.#farthest();
    }
  }

  /** Compares the windows up to `end` with those up to `now`, short ones first. @returns whether one is among the nearest */
  #compare(now: number, end: number, first: number, farthest: number): boolean {
    const values = this.#values;
    const nearest = this.#nearest;
    // Windows that share values with this one are near it whatever happens.
    const longest = Math.min(now - end, end + 1);
    let squares = first;
    let back = 1;
    let isNear = false;
    for (let at = 0; at < this.#lags.length; at++) {
      const lag = this.#lags[at]!;
      if (lag > longest) break;
      for (; back < lag && squares < farthest; back++) {
        const difference = values[now - back]! - values[end - back]!;
        squares += difference * difference;
      }
      if (squares >= farthest) break;
      const start = at * neighbours;
      let place = start + neighbours - 1;
      if (squares >= nearest[place]!) continue;
      for (; place > start && nearest[place - 1]! > squares; place--) nearest[place] = nearest[place - 1]!;
      nearest[place] = squares;
      isNear = true;
    }
    return isNear;
  }

  /** The squared distance beyond which no window is near, of whatever length. */
  #farthest(): number {
    let most = 0;
    for (let last = neighbours - 1; last < this.#nearest.length; last += neighbours) {
      if (this.#nearest[last]! > most) most = this.#nearest[last]!;
    }
    return most;
  }

  #meanDistance(at: number, lag: number): number {
    let sum = 0;
    const start = at * neighbours;
    for (let place = start; place < start + neighbours; place++)
      sum += Math.sqrt(this.#nearest[place]! / lag);
    return sum / neighbours;
  }
}
