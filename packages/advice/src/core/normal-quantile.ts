/**
 * The value below which a standard normal variable lies with the given chance. Relative error below 1.2e-9 (Acklam's
 * rational approximation, 2003).
 *
 * @param share in (0, 1); 0 and 1 give -Infinity and Infinity
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  if (share < tail) return ofTail(share);
  if (share > 1 - tail) return -ofTail(1 - share);
  const q = share - 0.5;
  const r = q * q;
  return (q * horner(a, r)) / (r * horner(b, r) + 1);
}

const tail = 0.02425;
const a = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const b = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
];
const c = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];

function ofTail(share: number): number {
  const q = Math.sqrt(-2 * Math.log(share));
  return horner(c, q) / (q * horner(d, q) + 1);
}

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
