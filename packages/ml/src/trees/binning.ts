import { invariant } from "@almanac/kernel";
import { mostLevels, rowCountOf } from "./feature-table.ts";
import type { FeatureTable } from "./feature-table.ts";

/** The bin of values that are not known, in every column. Known values have the bins from 1 on. */
export const missingBin = 0;

/** Ascending bounds of a column's bins: a known value falls into bin b + 1 of the first bound b that is not below it. */
export type Cuts = Float32Array;

export interface BinnedTable {
  readonly rowCount: number;
  readonly width: number;
  /** Column by column: column f of row r is `bins[f * rowCount + r]`. For dividing rows. */
  readonly bins: Uint8Array;
  /** Row by row: where column f of row r counts in a histogram is `places[r * width + f]`. For counting rows. */
  readonly places: Uint32Array;
  readonly cuts: readonly Cuts[];
  /** 1 for columns of codes: code c is in bin c + 1, however many bounds there are. */
  readonly isCategory: Uint8Array;
  /** Place of each column's first bin in a histogram, and at the end the length of it. A bin takes two places. */
  readonly offsets: Int32Array;
}

const sampleRows = 65_536;

/**
 * Bounds between bins of about equally many rows: between neighbours where a column has few distinct values, otherwise at
 * quantiles. A value that alone fills a bin gets it for itself. Looks at no more than 65,536 rows, evenly spread.
 *
 * @param maxBins 3 to 255, the bin of unknown values included
 */
export function cutColumns(table: FeatureTable, maxBins: number): Cuts[] {
  invariant(Number.isInteger(maxBins) && maxBins >= 3 && maxBins <= 255, "maxBins must be 3 to 255");
  const rowCount = rowCountOf(table);
  const taken = Math.min(rowCount, sampleRows);
  const sample = new Float32Array(taken);
  return Array.from({ length: table.width }, (_, column) => {
    if (table.categories?.includes(column)) return levelBounds(table, column);
    let known = 0;
    for (let at = 0; at < taken; at++) {
      const row = taken === rowCount ? at : Math.floor((at * rowCount) / taken);
      const value = table.values[row * table.width + column]!;
      if (!Number.isNaN(value)) sample[known++] = value + 0; // -0 and 0 are one value
    }
    return cutSorted(sample.subarray(0, known).sort(), maxBins - 1);
  });
}

/** Bounds half way between codes, so that each has a bin of its own. */
function levelBounds({ values, width }: FeatureTable, column: number): Cuts {
  let highest = 0;
  for (let at = column; at < values.length; at += width) {
    const code = values[at]!;
    if (code !== code) continue;
    invariant(Number.isInteger(code) && code >= 0 && code < mostLevels, "a level is no code");
    if (code > highest) highest = code;
  }
  return Float32Array.from({ length: highest }, (_, code) => code + 0.5);
}

/** Bounds for at most `binCount` bins of ascending values. */
function cutSorted(sorted: Float32Array, binCount: number): Cuts {
  const cuts: number[] = [];
  const distinct = countDistinct(sorted, binCount);
  let left = sorted.length;
  let held = 0;
  for (let at = 1; at <= sorted.length && cuts.length < binCount - 1; at++) {
    held++;
    if (at === sorted.length) break;
    const value = sorted[at - 1]!;
    const next = sorted[at]!;
    if (value === next) continue;
    if (distinct > binCount && held < left / (binCount - cuts.length)) continue;
    cuts.push(between(value, next));
    left -= held;
    held = 0;
  }
  return Float32Array.from(cuts);
}

/** Distinct values, counted no further than one beyond `limit`. */
function countDistinct(sorted: Float32Array, limit: number): number {
  let distinct = sorted.length === 0 ? 0 : 1;
  for (let at = 1; at < sorted.length && distinct <= limit; at++)
    if (sorted[at] !== sorted[at - 1]) distinct++;
  return distinct;
}

/** The middle of two neighbours as a 32-bit number that is not below the first and below the second. */
function between(value: number, next: number): number {
  const middle = Math.fround(value / 2 + next / 2);
  return middle >= value && middle < next ? middle : value;
}

/** The bins of every row, by bounds that were cut before. */
export function binTable(table: FeatureTable, cuts: readonly Cuts[]): BinnedTable {
  const rowCount = rowCountOf(table);
  const { width, values } = table;
  invariant(cuts.length === width, "bounds and columns differ in number");
  const bins = new Uint8Array(rowCount * width);
  const offsets = new Int32Array(width + 1);
  const places = new Uint32Array(rowCount * width);
  const isCategory = Uint8Array.from({ length: width }, (_, column) =>
    table.categories?.includes(column) ? 1 : 0,
  );
  for (let column = 0; column < width; column++) {
    const bounds = cuts[column]!;
    const offset = offsets[column]!;
    offsets[column + 1] = offset + 2 * (bounds.length + 2);
    for (let row = 0, at = column; row < rowCount; row++, at += width) {
      const bin = binOf(values[at]!, bounds);
      bins[column * rowCount + row] = bin;
      places[at] = offset + 2 * bin;
    }
  }
  return { rowCount, width, bins, places, cuts, isCategory, offsets };
}

function binOf(value: number, bounds: Cuts): number {
  if (value !== value) return missingBin;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > bounds[middle]!) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
