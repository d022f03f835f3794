/** By value a column of it; there are as many as a confidence has steps. */
const columns = new Map<number, Float64Array>();
const mostColumns = 32;

/** A column that holds one value everywhere. It is shared by all that ask for it, and so not to be changed. */
export function sameForAll(value: number, length: number): ArrayLike<number> {
  let column = columns.get(value);
  if (column === undefined || column.length < length) {
    if (columns.size >= mostColumns) columns.clear();
    column = new Float64Array(Math.ceil(length * 1.25)).fill(value);
    columns.set(value, column);
  }
  return column.subarray(0, length);
}
