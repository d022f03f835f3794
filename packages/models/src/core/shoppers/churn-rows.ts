import { days } from "@almanac/kernel";
import { churnLabel, isAway } from "./churn-label.ts";
import { featuresOf, shopperFeatures } from "./features.ts";
import { knownBy, type SeasonOf, type ShopperHistory } from "./history.ts";

/** Examples of churn: what was known of a shopper at some cut-off, and what came of it. */
export interface ChurnRows {
  readonly width: number;
  /** Row by row. */
  readonly values: Float32Array;
  readonly labels: Uint8Array;
  readonly shopper: Int32Array;
  readonly cutoff: Float64Array;
  /** When the label was certain. */
  readonly certainAt: Float64Array;
}

/** Days from one cut-off to the next, and how many there are at most. */
const cutoffEveryDays = 14;
const cutoffsAtMost = 52;

/**
 * Every shopper at every cut-off at which the market was open and the shopper not already gone.
 *
 * @param until the moment of training, in milliseconds
 */
export function churnRows(
  histories: readonly ShopperHistory[],
  seasonOf: SeasonOf,
  until: number,
): ChurnRows {
  const rows: { values: Float32Array; label: number; shopper: number; cutoff: number; certainAt: number }[] =
    [];
  histories.forEach((history, shopper) => {
    const first = history.orders[0]?.at;
    if (first === undefined) return;
    for (let step = 1; step <= cutoffsAtMost; step++) {
      const cutoff = until - step * days(cutoffEveryDays);
      if (cutoff < first) break;
      const known = knownBy(history, cutoff, seasonOf);
      if (!known || !known.season.isOpen(cutoff) || isAway(known)) continue;
      const told = churnLabel(known, history, until);
      if (told) rows.push({ values: featuresOf(known), shopper, cutoff, ...told });
    }
  });
  // By time, so that a split by time is a split of the list.
  rows.sort((a, b) => a.cutoff - b.cutoff || a.shopper - b.shopper);
  const width = shopperFeatures.length;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => values.set(row.values, at * width));
  return {
    width,
    values,
    labels: Uint8Array.from(rows, ({ label }) => label),
    shopper: Int32Array.from(rows, ({ shopper }) => shopper),
    cutoff: Float64Array.from(rows, ({ cutoff }) => cutoff),
    certainAt: Float64Array.from(rows, ({ certainAt }) => certainAt),
  };
}

export interface TimeSplit {
  /** Positions of rows whose label was certain before the first cut-off of `test`. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly testFrom: number;
}

/**
 * The latest cut-offs with about a quarter of the rows are held back; of the others those are learned from whose outcome
 * was certain by then, as nothing else was known.
 */
export function splitByTime({ cutoff, certainAt }: ChurnRows, testShare = 0.25): TimeSplit | undefined {
  if (cutoff.length === 0) return undefined;
  const testFrom = cutoff[Math.floor((1 - testShare) * cutoff.length)]!;
  const all = Int32Array.from(cutoff.keys());
  return {
    testFrom,
    train: all.filter((row) => certainAt[row]! <= testFrom),
    test: all.filter((row) => cutoff[row]! >= testFrom),
  };
}
