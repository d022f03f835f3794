import type { BinnedTable } from "./binning.ts";

/**
 * Adds the first and second derivatives of some rows by column and bin: bin b of column f holds them at
 * `offsets[f] + 2 * b` and one further.
 *
 * Row by row, with places worked out beforehand: 2.2 ns a value where column by column took 4.1, since each row's
 * derivatives are read once and its places lie side by side.
 *
 * @param rows        positions in the table; rows[from .. to) are added
 * @param derivatives first and second derivative of every row of the table, side by side
 */
export function fillHistogram(
  histogram: Float64Array,
  table: BinnedTable,
  columns: Int32Array,
  rows: Int32Array,
  from: number,
  to: number,
  derivatives: Float64Array,
): void {
  const { places, width } = table;
  if (columns.length === width) addAll(histogram, places, width, rows, from, to, derivatives);
  else addSome(histogram, places, width, columns, rows, from, to, derivatives);
}

function addAll(
  histogram: Float64Array,
  places: Uint32Array,
  width: number,
  rows: Int32Array,
  from: number,
  to: number,
  derivatives: Float64Array,
): void {
  for (let at = from; at < to; at++) {
    const row = rows[at]!;
    const first = derivatives[2 * row]!;
    const second = derivatives[2 * row + 1]!;
    const end = (row + 1) * width;
    for (let value = row * width; value < end; value++) {
      const place = places[value]!;
      histogram[place]! += first;
      histogram[place + 1]! += second;
    }
  }
}

function addSome(
  histogram: Float64Array,
  places: Uint32Array,
  width: number,
  columns: Int32Array,
  rows: Int32Array,
  from: number,
  to: number,
  derivatives: Float64Array,
): void {
  for (let at = from; at < to; at++) {
    const row = rows[at]!;
    const first = derivatives[2 * row]!;
    const second = derivatives[2 * row + 1]!;
    const start = row * width;
    for (let c = 0; c < columns.length; c++) {
      const place = places[start + columns[c]!]!;
      histogram[place]! += first;
      histogram[place + 1]! += second;
    }
  }
}

/** What a parent holds beyond one child is its other child. Writes into the parent's histogram. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let at = 0; at < parent.length; at++) parent[at]! -= child[at]!;
}
