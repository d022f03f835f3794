/** Mean and standard deviation of the last values, updated one by one. */
export class RunningWindow {
  readonly #values: Float64Array;
  #next = 0;
  #count = 0;
  #sum = 0;
  #squares = 0;
  /** Sums are taken of differences from the first value: squares of large levels would swallow small deviations. */
  #origin = 0;

  constructor(length: number) {
    this.#values = new Float64Array(length);
  }

  add(value: number): void {
    if (this.#count === 0) this.#origin = value;
    const moved = value - this.#origin;
    if (this.#count < this.#values.length) this.#count++;
    else {
      const old = this.#values[this.#next]!;
      this.#sum -= old;
      this.#squares -= old * old;
    }
    this.#values[this.#next] = moved;
    this.#next = (this.#next + 1) % this.#values.length;
    this.#sum += moved;
    this.#squares += moved * moved;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#origin + (this.#count > 0 ? this.#sum / this.#count : 0);
  }

  get deviation(): number {
    if (this.#count === 0) return 0;
    const mean = this.#sum / this.#count;
    return Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
  }
}

/** Mean and standard deviation of everything so far. Welford (1962), Technometrics 4. */
export class RunningMoments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const from = value - this.#mean;
    this.#mean += from / this.#count;
    this.#squares += from * (value - this.#mean);
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#mean;
  }

  get deviation(): number {
    return this.#count > 0 ? Math.sqrt(this.#squares / this.#count) : 0;
  }
}
