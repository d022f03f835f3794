import { invariant } from "@almanac/kernel";

/**
 * Rows by columns in one array: row r is `values[r * width .. (r + 1) * width)`. NaN says that a value is not known;
 * infinities are values like others.
 */
export interface FeatureTable {
  readonly width: number;
  readonly values: Float32Array;
  /**
   * Columns whose values are codes of levels, whole numbers from 0 to `mostLevels` - 1, in no order: splits ask for membership
   * in a set of them. Read in training; none unless told.
   */
  readonly categories?: readonly number[];
}

/** Levels of a column of codes at most: what a set of 256 bits holds beside the bin of unknown values. */
export const mostLevels = 254;

/** How many rows a table has. A table that is cut off within a row is a bug of the caller. */
export function rowCountOf({ width, values }: FeatureTable): number {
  invariant(Number.isInteger(width) && width > 0, "a feature table needs at least one column");
  invariant(values.length % width === 0, "a feature table ends within a row");
  return values.length / width;
}
