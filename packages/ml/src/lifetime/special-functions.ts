const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;

/** ln Gamma(x) for x > 0, to about 14 digits. Lanczos (1964), with g = 7 and nine terms. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const from = x - 1;
  const middle = from + 7.5;
  let sum = 0.9999999999998099;
  lanczos.forEach((term, at) => (sum += term / (from + at + 1)));
  return 0.5 * Math.log(2 * Math.PI) + (from + 0.5) * Math.log(middle) - middle + Math.log(sum);
}

/** Gauss's hypergeometric function 2F1(a, b; c; z) by its series, 0 <= z < 1; c is not 0 or a negative whole number. */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 100_000; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= 1e-14 * Math.abs(sum)) break;
  }
  return sum;
}
