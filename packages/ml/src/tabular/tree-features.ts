import type { FeatureTable } from "../trees/feature-table.ts";
import { everyPart, levelMeans, partOfPosition, type LevelMeans } from "./level-means.ts";
import type { CategoryColumn, NumberColumn, Table } from "./table.ts";

/** Levels up to which a column of words is a column of codes, which trees split by sets. */
const mostCodes = 12;

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
        writer.write(values, at * width + offset, wanted[at]!, isLearned ? partOfPosition(at) : everyPart);
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
  /** Writes the features of a row of the table from `place` on; `without` is the part that it was learned in, or `everyPart`. */
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

function meanWriter({ codes }: CategoryColumn, means: LevelMeans): ColumnWriter {
  return {
    isCodes: false,
    width: 2,
    write(values, place, row, without) {
      values[place] = means.mean(codes[row]!, without);
      values[place + 1] = means.count(codes[row]!);
    },
  };
}
