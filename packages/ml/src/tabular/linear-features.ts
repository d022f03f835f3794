import type { SparseRows } from "../linear/logistic-regression.ts";
import type { Table } from "./table.ts";

/** Rows that a level needs for a weight of its own; rarer ones share what the intercept says. */
const leastLevelRows = 8;
/** Where a column of many numbers bends, as shares of its rows. */
const knotShares = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];
/** Distinct numbers up to which each also has a weight of its own. */
const fewNumbers = 12;

export interface LinearEncoder {
  readonly width: number;
  encode(rows: ArrayLike<number>): SparseRows;
}

/** Writes one column's entries of one row: ascending columns from its own offset on. */
type Writer = {
  readonly width: number;
  write(row: number, push: (column: number, value: number) => void): void;
};

/**
 * Learns from some rows how to turn a table into features of a linear model: numbers bent at quantiles (a piecewise linear
 * spline), words and few numbers as indicators, and whether a number is missing.
 */
export function fitLinearEncoder(table: Table, rows: Int32Array): LinearEncoder {
  const writers = table.columns.flatMap((column): Writer[] =>
    column.kind === "number"
      ? numberWriters(column.values, rows)
      : [indicatorWriter((row) => column.codes[row]!, rows, column.levels.length)],
  );
  const width = Math.max(
    1,
    writers.reduce((sum, writer) => sum + writer.width, 0),
  );
  return {
    width,
    encode(wanted) {
      const offsets = new Int32Array(wanted.length + 1);
      const index: number[] = [];
      const value: number[] = [];
      for (let at = 0; at < wanted.length; at++) {
        let offset = 0;
        for (const writer of writers) {
          const from = offset;
          writer.write(wanted[at]!, (column, entry) => {
            if (entry !== 0) {
              index.push(from + column);
              value.push(entry);
            }
          });
          offset += writer.width;
        }
        offsets[at + 1] = index.length;
      }
      return { width, offsets, index: Int32Array.from(index), value: Float32Array.from(value) };
    },
  };
}

function numberWriters(values: Float64Array, rows: Int32Array): Writer[] {
  const known = Float64Array.from(rows, (row) => values[row]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (known.length === 0) return [];
  const distinct = [...new Set(known)];
  const writers = [splineWriter(values, known)];
  if (distinct.length > 2 && distinct.length <= fewNumbers) {
    const codeOf = new Map(distinct.map((value, code) => [value, code]));
    writers.push(indicatorWriter((row) => codeOf.get(values[row]!) ?? -1, rows, distinct.length));
  }
  if (known.length < rows.length)
    writers.push({ width: 1, write: (row, push) => push(0, Number.isNaN(values[row]!) ? 1 : 0) });
  return writers;
}

/**
 * Linear B-splines on knots at quantiles: a number writes its nearness to the two knots that it lies between, which sum to
 * 1, and its place between the first and the last knot. Beyond those it counts as lying on them, so that no outlier runs
 * away with a score. Missing writes nothing. De Boor (1978), "A Practical Guide to Splines".
 */
function splineWriter(values: Float64Array, sorted: Float64Array): Writer {
  const quantiles = knotShares.map((share) => sorted[Math.round(share * (sorted.length - 1))]!);
  const knots = [...new Set(quantiles)];
  const low = knots[0]!;
  const range = knots.at(-1)! - low;
  return {
    width: 1 + knots.length,
    write(row, push) {
      const value = values[row]!;
      if (Number.isNaN(value) || range === 0) return;
      const own = Math.min(low + range, Math.max(low, value));
      push(0, (own - low) / range - 0.5);
      let right = 1;
      while (right < knots.length - 1 && own > knots[right]!) right++;
      const share = (own - knots[right - 1]!) / (knots[right]! - knots[right - 1]!);
      push(right, 1 - share);
      push(right + 1, share);
    },
  };
}

function indicatorWriter(codeOf: (row: number) => number, rows: Int32Array, levels: number): Writer {
  const counts = new Int32Array(levels);
  for (const row of rows) if (codeOf(row) >= 0) counts[codeOf(row)]! += 1;
  const columnOf = new Int32Array(levels).fill(-1);
  let width = 0;
  for (let level = 0; level < levels; level++)
    if (counts[level]! >= leastLevelRows) columnOf[level] = width++;
  return {
    width,
    write(row, push) {
      const code = codeOf(row);
      if (code >= 0 && columnOf[code]! >= 0) push(columnOf[code]!, 1);
    },
  };
}
