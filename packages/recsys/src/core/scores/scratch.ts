import { invariant } from "@almanac/kernel";

type NumberArray = Float64Array | Int32Array | Uint16Array | Uint8Array;

/**
 * An array that is used again by each run of one function: a request would otherwise ask for most of a megabyte, and fresh
 * memory costs more than the sums that are done in it. What is borrowed holds until the same scratch is borrowed again, so it
 * must not leave the function that borrows it; nobody outside can tell.
 */
export class Scratch<Values extends NumberArray> {
  private values: Values;
  /** What was borrowed last: most borrow as much again. */
  private view: Values;
  private readonly make: (length: number) => Values;

  constructor(make: (length: number) => Values) {
    this.make = make;
    this.values = make(0);
    this.view = this.values;
  }

  /** So much may be borrowed without asking for fresh memory. */
  get length(): number {
    return this.values.length;
  }

  /** All zeros, or as `fill` says. */
  borrow(length: number, fill = 0): Values {
    const borrowed = this.borrowAsIs(length);
    borrowed.fill(fill);
    return borrowed;
  }

  /** With whatever it holds, for what is written before it is read. */
  borrowAsIs(length: number): Values {
    invariant(length >= 0, "scratch has no negative length");
    if (this.values.length < length) this.values = this.make(Math.ceil(length * 1.25));
    if (this.view.length !== length || this.view.buffer !== this.values.buffer)
      this.view = this.values.subarray(0, length) as Values;
    return this.view;
  }
}

export const floatScratch = (): Scratch<Float64Array> => new Scratch((length) => new Float64Array(length));
export const intScratch = (): Scratch<Int32Array> => new Scratch((length) => new Int32Array(length));
export const shortScratch = (): Scratch<Uint16Array> => new Scratch((length) => new Uint16Array(length));
export const byteScratch = (): Scratch<Uint8Array> => new Scratch((length) => new Uint8Array(length));
