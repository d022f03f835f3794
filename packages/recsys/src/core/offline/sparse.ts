/** A sparse matrix by rows: row r has `columns[offsets[r] .. offsets[r + 1])` with the values beside them. */
export interface SparseRows {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Packs triplets by row, keeping the order within a row. Values default to 1. */
export function packRows(
  rowCount: number,
  columnCount: number,
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  values?: ArrayLike<number>,
): SparseRows {
  const offsets = new Int32Array(rowCount + 1);
  for (let i = 0; i < rows.length; i++) offsets[rows[i]! + 1]!++;
  for (let r = 0; r < rowCount; r++) offsets[r + 1]! += offsets[r]!;
  const next = offsets.slice(0, rowCount);
  const packedColumns = new Int32Array(rows.length);
  const packedValues = new Float64Array(rows.length).fill(1);
  for (let i = 0; i < rows.length; i++) {
    const at = next[rows[i]!]!++;
    packedColumns[at] = columns[i]!;
    if (values !== undefined) packedValues[at] = values[i]!;
  }
  return { rowCount, columnCount, offsets, columns: packedColumns, values: packedValues };
}

/** Joins rows that are packed one by one already. */
export function joinRows(
  rows: readonly { readonly columns: Int32Array; readonly values: Float64Array }[],
  columnCount: number,
): SparseRows {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (offsets[r + 1] = offsets[r]! + row.columns.length));
  const columns = new Int32Array(offsets.at(-1)!);
  const values = new Float64Array(columns.length);
  rows.forEach((row, r) => {
    columns.set(row.columns, offsets[r]!);
    values.set(row.values, offsets[r]!);
  });
  return { rowCount: rows.length, columnCount, offsets, columns, values };
}

export function transpose(matrix: SparseRows): SparseRows {
  const rows = new Int32Array(matrix.columns.length);
  for (let r = 0; r < matrix.rowCount; r++) rows.fill(r, matrix.offsets[r]!, matrix.offsets[r + 1]!);
  return packRows(matrix.columnCount, matrix.rowCount, matrix.columns, rows, matrix.values);
}

/** Entries per column. */
export function columnCounts(matrix: SparseRows): Int32Array {
  const counts = new Int32Array(matrix.columnCount);
  for (const column of matrix.columns) counts[column]!++;
  return counts;
}
