import type { FeatureTable } from "../trees/feature-table.ts";
import type { CategoryColumn, NumberColumn, Table } from "./table.ts";

/** Levels up to which a column of words is a column of codes, which trees split by sets. */
const mostCodes = 12;
/** Rows of the overall mean that a level's own mean is mixed with. */
const meanRows = 20;
/** Parts of the rows that are learned from: a row's level means come from the other parts. */
const parts = 5;

/** Turns rows into what trees split on. */
export interface TreeEncoder {
  readonly width: number;
  /** The rows that were learned from: means of levels leave a row's own part out, so no row sees its own label. */
  readonly learned: () => FeatureTable;
  encode(rows: ArrayLike<number>): FeatureTable;
}

/**
 * Learns from some rows how to turn a table into features of trees: numbers as they are, few levels as codes, many as
 * the smoothed mean of their labels and how often they come.
 *
 * Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality Categorical Attributes", for the means.
 *
 * @param labels one of every row of the table; read for `rows` alone
 */
export function fitTreeEncoder(table: Table, labels: ArrayLike<number>, rows: Int32Array): TreeEncoder {
  const writers: readonly ColumnWriter[] = table.columns.map((column) => {
    if (column.kind === "number") return numberWriter(column);
    return column.levels.length <= mostCodes
      ? codeWriter(column)
      : meanWriter(column, levelMeans(column, labels, rows));
  });
  const width = Math.max(
    1,
    writers.reduce((sum, writer) => sum + writer.width, 0),
  );

  const categories: number[] = [];
  writers.reduce((offset, writer) => {
    if (writer.isCodes) categories.push(offset);
    return offset + writer.width;
  }, 0);

  const write = (wanted: ArrayLike<number>, isLearned: boolean): FeatureTable => {
    const values = new Float32Array(wanted.length * width);
    let offset = 0;
    for (const writer of writers) {
      for (let at = 0; at < wanted.length; at++)
        writer.write(values, at * width + offset, wanted[at]!, isLearned ? at % parts : -1);
      offset += writer.width;
    }
    return { width, values, categories };
  };
  return { width, learned: () => write(rows, true), encode: (wanted) => write(wanted, false) };
}

interface ColumnWriter {
  /** Whether its one feature is a code rather than a number. */
  readonly isCodes: boolean;
  readonly width: number;
  /** Writes the features of a row of the table from `place` on; `without` is the part that it was learned in, or -1. */
  write(values: Float32Array, place: number, row: number, without: number): void;
}

function numberWriter(column: NumberColumn): ColumnWriter {
  return {
    isCodes: false,
    width: 1,
    write(values, place, row) {
      values[place] = column.values[row]!;
    },
  };
}

function codeWriter({ codes }: CategoryColumn): ColumnWriter {
  return {
    isCodes: true,
    width: 1,
    write(values, place, row) {
      values[place] = codes[row]! >= 0 ? codes[row]! : NaN;
    },
  };
}

function meanWriter({ codes }: CategoryColumn, means: ReturnType<typeof levelMeans>): ColumnWriter {
  return {
    isCodes: false,
    width: 2,
    write(values, place, row, without) {
      values[place] = means.mean(codes[row]!, without);
      values[place + 1] = means.count(codes[row]!);
    },
  };
}

/** Mean label of each level, over all learned rows or without one part of them. */
function levelMeans(column: CategoryColumn, labels: ArrayLike<number>, rows: Int32Array) {
  const levels = column.levels.length + 1;
  const sums = new Float64Array(parts * levels);
  const counts = new Float64Array(parts * levels);
  let total = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const place = (at % parts) * levels + column.codes[row]! + 1;
    sums[place]! += labels[row]!;
    counts[place]! += 1;
    total += labels[row]!;
  }
  const prior = rows.length === 0 ? 0 : total / rows.length;
  const over = (values: Float64Array, level: number, without: number): number => {
    let sum = 0;
    for (let part = 0; part < parts; part++) if (part !== without) sum += values[part * levels + level]!;
    return sum;
  };
  return {
    mean: (code: number, without: number): number =>
      (over(sums, code + 1, without) + meanRows * prior) / (over(counts, code + 1, without) + meanRows),
    count: (code: number): number => over(counts, code + 1, -1),
  };
}
