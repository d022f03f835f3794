import type { SparseRows } from "../linear/logistic-regression.ts";
import { everyPart, levelMeans, partOfPosition } from "./level-means.ts";
import type { CategoryColumn, Table, TableColumn } from "./table.ts";

/** Rows that a level needs for a weight of its own; rarer ones share what the intercept says. */
const leastLevelRows = 8;
/** Where a column of many numbers bends, as shares of its rows. */
const knotShares = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];
/** Distinct numbers up to which each also has a weight of its own. */
const fewNumbers = 12;
/** Levels of all columns of words together that may have weights: a Newton step takes time by their number cubed. */
const mostLevelWeights = 256;

export interface LinearEncoder {
  readonly width: number;
  /** The rows that were learned from: means of levels leave a row's own part out, so no row sees its own label. */
  readonly learned: () => SparseRows;
  encode(rows: ArrayLike<number>): SparseRows;
}

/** Writes one column's entries of one row: ascending columns from its own offset on. */
type Writer = {
  readonly width: number;
  /** @param without the part that the row was learned in, or `everyPart` */
  write(row: number, push: (column: number, value: number) => void, without: number): void;
};

/**
 * Learns from some rows how to turn a table into features of a linear model: numbers bent at quantiles (a piecewise linear
 * spline), words and few numbers as indicators, and whether a number is missing. Columns of words beyond 256 levels, counted
 * from the column with the fewest, are one number each instead: the log-odds of the level's mean label, 0 being those of all.
 *
 * @param labels 0 or 1 of every row of the table; read for `rows` alone
 */
export function fitLinearEncoder(table: Table, labels: ArrayLike<number>, rows: Int32Array): LinearEncoder {
  const weighed = columnsOfWeights(table.columns);
  const writers = table.columns.flatMap((column): Writer[] => {
    if (column.kind === "number") return numberWriters(column.values, rows);
    if (!weighed.has(column)) return [logOddsWriter(column, labels, rows)];
    return [indicatorWriter((row) => column.codes[row]!, rows, column.levels.length)];
  });
  const width = Math.max(
    1,
    writers.reduce((sum, writer) => sum + writer.width, 0),
  );
  return {
    width,
    learned: () => writeRows(writers, width, rows, partOfPosition),
    encode: (wanted) => writeRows(writers, width, wanted, () => everyPart),
  };
}

function writeRows(
  writers: readonly Writer[],
  width: number,
  wanted: ArrayLike<number>,
  withoutAt: (at: number) => number,
): SparseRows {
  const offsets = new Int32Array(wanted.length + 1);
  const index: number[] = [];
  const value: number[] = [];
  for (let at = 0; at < wanted.length; at++) {
    const without = withoutAt(at);
    let offset = 0;
    for (const writer of writers) {
      const from = offset;
      const push = (column: number, entry: number): void => {
        if (entry === 0) return;
        index.push(from + column);
        value.push(entry);
      };
      writer.write(wanted[at]!, push, without);
      offset += writer.width;
    }
    offsets[at + 1] = index.length;
  }
  return { width, offsets, index: Int32Array.from(index), value: Float32Array.from(value) };
}

/** The columns of words whose levels have weights: from the fewest levels on, as long as there is room for all of one. */
function columnsOfWeights(columns: readonly TableColumn[]): Set<TableColumn> {
  const words = columns.filter((column) => column.kind === "category");
  let room = mostLevelWeights;
  return new Set(
    words
      .sort((a, b) => a.levels.length - b.levels.length)
      .filter((column) => (room -= column.levels.length) >= 0),
  );
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

/** One number of a level: how far the log-odds of its mean label lie from those of all rows. */
function logOddsWriter(column: CategoryColumn, labels: ArrayLike<number>, rows: Int32Array): Writer {
  const means = levelMeans(column, labels, rows);
  // Labels that are all one have no log-odds, and nothing to tell.
  if (!(means.prior > 0 && means.prior < 1)) return { width: 1, write: () => undefined };
  const overall = logOdds(means.prior);
  return {
    width: 1,
    write: (row, push, without) => push(0, logOdds(means.mean(column.codes[row]!, without)) - overall),
  };
}

const logOdds = (share: number): number => Math.log(share / (1 - share));
