/**
 * The last values of a stream in ascending order, each with its place in the stream. Learning one costs a binary search and
 * a move of what is above it.
 */
export class ValueOrder {
  /** Ascending; those from `size` on mean nothing. */
  readonly values: Float64Array;
  /** Where in the stream each of `values` stands; the oldest of equal ones comes first. */
  readonly places: Int32Array;
  #size = 0;

  /** @param most values held at once, at least 1 */
  constructor(most: number) {
    this.values = new Float64Array(most);
    this.places = new Int32Array(most);
  }

  get size(): number {
    return this.#size;
  }

  /** How many are below a value, or up to it where equal ones count too. */
  below(value: number, countEqual = false): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const held = this.values[middle]!;
      if (held < value || (countEqual && held === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param place later than all that are held; there must be room for one more */
  add(value: number, place: number): void {
    const low = this.below(value, true);
    this.values.copyWithin(low + 1, low, this.#size);
    this.places.copyWithin(low + 1, low, this.#size);
    this.values[low] = value;
    this.places[low] = place;
    this.#size++;
  }

  /** Forgets the oldest value, which has to be told. */
  removeOldest(value: number): void {
    const at = this.below(value);
    this.values.copyWithin(at, at + 1, this.#size);
    this.places.copyWithin(at, at + 1, this.#size);
    this.#size--;
  }

  /** Places are counted from a later start of the stream. */
  moveStart(by: number): void {
    for (let at = 0; at < this.#size; at++) this.places[at]! -= by;
  }
}
