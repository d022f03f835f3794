import { days } from "@almanac/kernel";

/** A market counts as open for so many days after anything happened there: a week between market days and some rest. */
const carryDays = 10;

export const epochDay = (at: number): number => Math.floor(at / days(1));

/**
 * When a market was open, from what happened there: ordering began, a market day, an order. Whether a day was open is told
 * by that day and those before it alone, so that no moment knows of a season that was yet to come.
 */
export class MarketSeason {
  readonly #first: number;
  /** Open days up to each day, from the first. */
  readonly #sums: Int32Array;

  /**
   * @param activeDays days since 1970-01-01 with something going on, in any order
   * @param until      the last day that is known
   */
  constructor(activeDays: readonly number[], until: number) {
    const active = new Set(activeDays.filter((day) => day <= until));
    this.#first = active.size === 0 ? until : [...active].reduce((least, day) => Math.min(least, day));
    this.#sums = new Int32Array(until - this.#first + 1);
    let last = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let day = this.#first; day <= until; day++) {
      if (active.has(day)) last = day;
      if (day - last <= carryDays) sum += 1;
      this.#sums[day - this.#first] = sum;
    }
  }

  /** Open days after `from` up to and with `to`; moments in milliseconds. */
  openDaysBetween(from: number, to: number): number {
    return this.#sumUntil(epochDay(to)) - this.#sumUntil(epochDay(from));
  }

  isOpen(at: number): boolean {
    const day = epochDay(at);
    return this.#sumUntil(day) > this.#sumUntil(day - 1);
  }

  /** The end of the day on which `openDays` open days after `from` are full; `undefined` if that is not known yet. */
  momentAfter(from: number, openDays: number): number | undefined {
    const wanted = this.#sumUntil(epochDay(from)) + openDays;
    let low = Math.max(0, epochDay(from) - this.#first);
    let high = this.#sums.length - 1;
    if (high < 0 || this.#sums[high]! < wanted) return undefined;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return (this.#first + low + 1) * days(1);
  }

  #sumUntil(day: number): number {
    if (day < this.#first) return 0;
    return this.#sums[Math.min(day - this.#first, this.#sums.length - 1)]!;
  }
}
