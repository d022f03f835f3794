const daySeconds = 86_400;
/** Five minutes: finer times of day would have been seen too seldom. */
const mostBins = 288;
const fewestBins = 4;
const fewestDays = 2;
/** How fast the expectation follows what is seen: a fifteenth of the way a day. */
const rate = 0.07;

/** What is usual at each time of day, learned value by value. */
export class TimeOfDay {
  readonly #usual: Float64Array;
  readonly #seen: Uint32Array;

  /** @param stepSeconds the usual time between values, above 0 */
  constructor(stepSeconds: number) {
    const bins = Math.max(fewestBins, Math.min(mostBins, Math.round(daySeconds / stepSeconds)));
    this.#usual = new Float64Array(bins);
    this.#seen = new Uint32Array(bins);
  }

  /** Learns a value. @returns what it has beyond the usual; undefined where its time of day was seen less than twice */
  next(atSeconds: number, value: number): number | undefined {
    const ofDay = ((atSeconds % daySeconds) + daySeconds) % daySeconds;
    const bins = this.#usual.length;
    const bin = Math.min(bins - 1, Math.floor((ofDay / daySeconds) * bins));
    const seen = this.#seen[bin]!++;
    const rest = value - this.#usual[bin]!;
    this.#usual[bin]! += seen === 0 ? rest : rate * rest;
    return seen >= fewestDays ? rest : undefined;
  }
}
