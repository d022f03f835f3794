/**
 * Sums scores by item in one dense array that is used over and over: sources add thousands of times to some hundred items,
 * and a map pays for hashing at every one of them.
 */
export class ScoreSums {
  readonly #sums: Float64Array;
  readonly #isTouched: Uint8Array;
  readonly #touched: number[] = [];

  constructor(itemCount: number) {
    this.#sums = new Float64Array(itemCount);
    this.#isTouched = new Uint8Array(itemCount);
  }

  add(item: number, score: number): void {
    if (this.#isTouched[item] === 0) {
      this.#isTouched[item] = 1;
      this.#touched.push(item);
    }
    this.#sums[item]! += score;
  }

  /** The sums, times `factor`, in the order in which items came first; begins anew at nothing. */
  take(factor = 1): Map<number, number> {
    const taken = new Map<number, number>();
    for (const item of this.#touched) {
      taken.set(item, factor * this.#sums[item]!);
      this.#sums[item] = 0;
      this.#isTouched[item] = 0;
    }
    this.#touched.length = 0;
    return taken;
  }
}
