import type { CategoryColumn } from "./table.ts";

/** Rows of the overall mean that a level's own mean is mixed with. */
const meanRows = 20;
/** Parts of the rows that are learned from: a row's level means come from the other parts. */
const parts = 5;

/** In place of a part: nothing is left out. */
export const everyPart = -1;

/** The part of a learned row, by its position among them. */
export const partOfPosition = (at: number): number => at % parts;

/** Mean label of each level of a column, mixed with 20 rows of the overall mean. A code of -1 is a level like others. */
export interface LevelMeans {
  /** Over all learned rows; 0 where there are none. */
  readonly prior: number;
  /** Over all learned rows or without those of one part. The prior for a level that was never seen. */
  mean(code: number, without: number): number;
  /** Learned rows of the level. */
  count(code: number): number;
}

/**
 * Counts labels by level and part, once.
 *
 * Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality Categorical Attributes".
 *
 * @param labels one of every row of the table; read for `rows` alone
 */
export function levelMeans(column: CategoryColumn, labels: ArrayLike<number>, rows: Int32Array): LevelMeans {
  const levels = column.levels.length + 1;
  const sums = new Float64Array(parts * levels);
  const counts = new Float64Array(parts * levels);
  let total = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const place = partOfPosition(at) * levels + column.codes[row]! + 1;
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
    prior,
    mean: (code, without) =>
      (over(sums, code + 1, without) + meanRows * prior) / (over(counts, code + 1, without) + meanRows),
    count: (code) => over(counts, code + 1, everyPart),
  };
}
