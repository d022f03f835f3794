/** Lists of integers by row, in two arrays: row r is `values[offsets[r] .. offsets[r + 1])`. */
export interface Csr {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** Packs (row, value) pairs into lists by row, keeping the order in which the pairs come. */
export function packCsr(rowCount: number, rows: ArrayLike<number>, values: ArrayLike<number>): Csr {
  const offsets = new Int32Array(rowCount + 1);
  for (let i = 0; i < rows.length; i++) offsets[rows[i]! + 1]!++;
  for (let r = 0; r < rowCount; r++) offsets[r + 1]! += offsets[r]!;
  const next = offsets.slice(0, rowCount);
  const packed = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) packed[next[rows[i]!]!++] = values[i]!;
  return { offsets, values: packed };
}

/** A view on one row; rows past the end are empty. */
export function csrRow(csr: Csr, row: number): Int32Array {
  if (row < 0 || row + 1 >= csr.offsets.length) return new Int32Array(0);
  return csr.values.subarray(csr.offsets[row]!, csr.offsets[row + 1]!);
}

/** The same pairs looked at from the values: row v lists the rows that hold v, ascending. */
export function transposeCsr(csr: Csr, valueCount: number): Csr {
  const rows = new Int32Array(csr.values.length);
  for (let r = 0; r + 1 < csr.offsets.length; r++) rows.fill(r, csr.offsets[r]!, csr.offsets[r + 1]!);
  return packCsr(valueCount, csr.values, rows);
}
