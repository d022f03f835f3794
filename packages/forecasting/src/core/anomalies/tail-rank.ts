const binsPerUnit = 100;
const bins = 800;

/**
 * How far beyond nearly everything seen so far a number lies. Keeps a histogram of log(1 + d), so that one update costs the
 * same after a week and after ten years.
 */
export class TailRank {
  readonly #counts = new Float64Array(bins);
  readonly #share: number;
  readonly #fewest: number;
  #seen = 0;
  #edge = 0;
  #excess = 1;

  /**
   * @param share of all numbers that lie beyond the edge, for example .001
   * @param fewest numbers beyond the edge, however few have been seen
   */
  constructor(share: number, fewest: number) {
    this.#share = share;
    this.#fewest = fewest;
  }

  /**
   * @param distance at least 0
   * @returns in [0, 1] up to the edge; beyond it how rare it is, in thirds of powers of ten: 1 at one in a thousand, 4/3 at
   *   one in ten thousand, taking excesses over the edge as exponential. Less while few have been seen, as the edge of a
   *   young stream is soon passed by nothing unusual: in proportion to the logarithm of what lies on this side of it,
   *   until four hundred; 0 until fifty
   */
  score(distance: number): number {
    if (this.#seen < warmUp) return 0;
    const trust = Math.min(1, Math.log(this.#seen / this.#fewest) / Math.log(grownUp / this.#fewest));
    return trust * this.#rank(placeOf(distance));
  }

  #rank(place: number): number {
    if (place <= this.#edge) return this.#edge > 0 ? place / this.#edge : 0;
    return 1 + (place - this.#edge) / this.#excess / Math.LN10 / 3;
  }

  add(distance: number): void {
    this.#counts[Math.min(bins - 1, Math.floor(placeOf(distance) * binsPerUnit))]!++;
    this.#seen++;
    if (this.#seen >= warmUp && this.#seen % 10 === 0) this.#moveEdge();
  }

  /** The mean excess over a high edge is what the generalised Pareto tail is fitted by. Siffer et al. (2017), KDD, "SPOT". */
  #moveEdge(): void {
    const wanted = Math.max(this.#share * this.#seen, this.#fewest);
    let beyond = 0;
    let sum = 0;
    let bin = bins - 1;
    for (; bin >= 0 && beyond < wanted; bin--) {
      beyond += this.#counts[bin]!;
      sum += (this.#counts[bin]! * (bin + 0.5)) / binsPerUnit;
    }
    this.#edge = (bin + 1) / binsPerUnit;
    this.#excess = sum / beyond - this.#edge + 0.03 * (this.#edge + 0.1) + 1e-3;
  }
}

const warmUp = 50;
const grownUp = 400;

/** Where a distance lies in the histogram; what has no finite distance (values near 1e308) at its end. */
function placeOf(distance: number): number {
  return Number.isFinite(distance) ? Math.log1p(distance) : bins / binsPerUnit;
}
