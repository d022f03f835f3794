let ones = new Float64Array(0);

/** A column that holds one value everywhere. The certain 1 is shared by all that ask for it, and so not to be changed. */
export function sameForAll(value: number, length: number): ArrayLike<number> {
  if (value !== 1) return new Float64Array(length).fill(value);
  if (ones.length < length) ones = new Float64Array(Math.ceil(length * 1.25)).fill(1);
  return ones.subarray(0, length);
}
