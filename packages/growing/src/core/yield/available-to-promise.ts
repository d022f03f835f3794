import { invariant } from "@almanac/kernel";
import { normalQuantile, type BedYield } from "./bed-yield.ts";

/** What comes in, or is owed, at a date ("YYYY-MM-DD"). */
export interface ExpectedHarvest {
  readonly on: string;
  /** Parts of one bed are good and bad together altogether; each is a bed of its own unless told. */
  readonly bed?: string;
  readonly yield: BedYield;
}
export interface PromisedGrams {
  readonly on: string;
  readonly grams: number;
}

export interface PromiseQuestion {
  /** In store now. */
  readonly stockGrams: number;
  readonly harvests: readonly ExpectedHarvest[];
  /** Taken in pre-orders already. */
  readonly promises: readonly PromisedGrams[];
  /** Chance that what is promised is there: .9. A half and above. */
  readonly certainty?: number;
}

export interface PromisableDay {
  readonly on: string;
  /** What will have come in by then, with the certainty asked for; stock included. */
  readonly supplyGrams: number;
  /** What will be owed by then. */
  readonly promisedGrams: number;
  /** What may be promised for that date without breaking a promise for a later one. */
  readonly availableGrams: number;
}

/** Share of a harvest's spread that all beds have in common: the season. */
const commonShare = 0.5;

/**
 * Available to promise, date by date: what is in store and has been harvested by then, with the certainty asked for, less
 * all that is owed by then, and no more than is left over at any later date. Harvests of one season are good and bad
 * together by half, so that many beds are surer than one, but not by much.
 *
 * @returns one entry a date that is named, ascending
 */
export function availableToPromise({
  stockGrams,
  harvests,
  promises,
  certainty = 0.9,
}: PromiseQuestion): PromisableDay[] {
  invariant(stockGrams >= 0 && promises.every(({ grams }) => grams >= 0), "grams are not below 0");
  const dates = [...new Set([...harvests, ...promises].map(({ on }) => on))].sort();
  const days = dates.map((on) => {
    const due = harvests.filter((harvest) => harvest.on <= on);
    return {
      on,
      supplyGrams: stockGrams + surely(due, certainty),
      promisedGrams: promises.filter((own) => own.on <= on).reduce((sum, { grams }) => sum + grams, 0),
    };
  });
  let least = Infinity;
  return days
    .toReversed()
    .map((day) => {
      least = Math.min(least, day.supplyGrams - day.promisedGrams);
      return { ...day, availableGrams: Math.max(0, Math.floor(least)) };
    })
    .toReversed();
}

/** What harvests give together, with a certainty. */
function surely(harvests: readonly ExpectedHarvest[], certainty: number): number {
  const spreads = new Map<unknown, number>();
  let mean = 0;
  for (const harvest of harvests) {
    const { bed, yield: told } = harvest;
    mean += told.grams;
    spreads.set(bed ?? harvest, (spreads.get(bed ?? harvest) ?? 0) + told.grams * told.spread);
  }
  if (mean === 0) return 0;
  let own = 0;
  let common = 0;
  for (const spread of spreads.values()) {
    own += (1 - commonShare) * spread ** 2;
    common += Math.sqrt(commonShare) * spread;
  }
  // A sum of yields is about lognormal again: by the share of its spread in its mean.
  const share = Math.sqrt(own + common ** 2) / mean;
  return mean * Math.exp(-normalQuantile(certainty) * share);
}
