import { invariant } from "@almanac/kernel";

/**
 * Population stability index of two histograms over the same bins: the sum of (a - b) ln(a / b) over their shares, each
 * count taken half a row higher so that an empty bin has a logarithm. 0 for equal shares; by custom calm below .1 and a
 * shift above .25.
 *
 * @param before rows in each bin then, >= 0
 * @param after  rows in each bin now
 */
export function stabilityIndex(before: ArrayLike<number>, after: ArrayLike<number>): number {
  invariant(before.length === after.length && before.length > 0, "both histograms have the same bins");
  const [then, now] = [sharesOf(before), sharesOf(after)];
  return then.reduce((sum, share, bin) => sum + (share - now[bin]!) * Math.log(share / now[bin]!), 0);
}

function sharesOf(counts: ArrayLike<number>): number[] {
  const raised = Array.from(counts, (count) => {
    invariant(count >= 0 && Number.isFinite(count), "a count is >= 0");
    return count + 0.5;
  });
  const total = raised.reduce((sum, count) => sum + count, 0);
  return raised.map((count) => count / total);
}
