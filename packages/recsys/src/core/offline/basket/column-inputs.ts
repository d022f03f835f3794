import type { FeatureTable } from "@almanac/ml";

/** Values of a column that its places are read from, how many quantiles, and the known ones it needs to be an input. */
const rowsRead = 20_000;
const quantileCount = 64;
const fewestKnown = 50;
/** A column that is less often unknown has no input that says so. */
const unknownShare = 0.01;
/** Places go from -reach to reach, as wide as a standard deviation of about one. */
const reach = 1.7;
const furthest = 3.9;
/** Inputs are kept in a byte each, in steps of 1 / 32. */
export const inputSteps = 32;

interface Column {
  readonly column: number;
  /** Ascending, none twice. */
  readonly quantiles: Float32Array;
  readonly mean: number;
  readonly deviation: number;
  readonly saysUnknown: boolean;
}

/** Makes small numbers of about one size from columns of any: what a network can learn from. */
export interface ColumnInputs {
  readonly count: number;
  /** Writes the inputs of the row that begins at `start` of `values`, in steps of 1 / `inputSteps`. */
  write(values: ArrayLike<number>, start: number, into: Int8Array, at: number): void;
}

/**
 * Two inputs a column: its place among the column's quantiles, and its signed logarithm less the mean by the standard
 * deviation; and one that says "not known" where that happens. An unknown value is a middling one. Columns that are always
 * the same, or hardly ever known, are left out.
 */
export function readColumnInputs({ width, values }: FeatureTable): ColumnInputs {
  const rowCount = values.length / width;
  const step = Math.max(1, Math.floor(rowCount / rowsRead));
  const columns = Array.from({ length: width }, (_, column) => column).flatMap((column) => {
    const known: number[] = [];
    let rows = 0;
    for (let row = 0; row < rowCount; row += step, rows++) {
      const value = values[row * width + column]!;
      if (Number.isFinite(value)) known.push(value);
    }
    return known.length < fewestKnown ? [] : columnOf(column, known, rows);
  });
  const count = columns.reduce((sum, { saysUnknown }) => sum + (saysUnknown ? 3 : 2), 0);
  return {
    count,
    write(row, start, into, at) {
      for (const { column, quantiles, mean, deviation, saysUnknown } of columns) {
        const value = row[start + column]!;
        const isKnown = Number.isFinite(value);
        into[at++] = isKnown ? stepsOf(reach * (2 * placeOf(quantiles, value) - 1)) : 0;
        into[at++] = isKnown ? stepsOf((signedLog(value) - mean) / deviation) : 0;
        if (saysUnknown) into[at++] = isKnown ? 0 : inputSteps;
      }
    },
  };
}

function columnOf(column: number, known: number[], rows: number): Column[] {
  const sorted = Float32Array.from(known).sort();
  if (sorted[0] === sorted.at(-1)) return [];
  const cuts = Array.from(
    { length: quantileCount },
    (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / quantileCount)]!,
  );
  const logs = known.map(signedLog);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [
    {
      column,
      quantiles: Float32Array.from(new Set(cuts)),
      mean,
      deviation: Math.sqrt(squares / logs.length) + 1e-4,
      saysUnknown: known.length < (1 - unknownShare) * rows,
    },
  ];
}

/** Where a value lies among quantiles, 0 to 1, and between two of them in proportion. */
function placeOf(quantiles: Float32Array, value: number): number {
  let below = 0;
  let end = quantiles.length;
  if (end === 1) return 0.5;
  while (below < end) {
    const middle = (below + end) >> 1;
    if (quantiles[middle]! < value) below = middle + 1;
    else end = middle;
  }
  if (below === 0) return 0;
  if (below === quantiles.length) return 1;
  const low = quantiles[below - 1]!;
  return (below - 1 + (value - low) / (quantiles[below]! - low)) / (quantiles.length - 1);
}

function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}

function stepsOf(input: number): number {
  return Math.round(inputSteps * Math.max(-furthest, Math.min(furthest, input)));
}
