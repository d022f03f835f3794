/** The five weights as whole thousandths, the way the sliders hold them: they sum to 1000, always. */
export type Shares = readonly number[];

export const shareTotal = 1_000;

/**
 * Whole thousandths that sum to 1000 in the proportions given, by the largest remainder; equal ones where all are zero.
 *
 * @param parts each >= 0, at least one of them
 * @param total what they sum to
 */
export function apportion(parts: readonly number[], total = shareTotal): number[] {
  const sum = parts.reduce((all, part) => all + part, 0);
  const exact = parts.map((part) => (sum > 0 ? (part / sum) * total : total / parts.length));
  const whole = exact.map(Math.floor);
  const missing = total - whole.reduce((all, part) => all + part, 0);
  const byRemainder = [...exact.keys()].sort(
    (a, b) => exact[b]! - whole[b]! - (exact[a]! - whole[a]!) || a - b,
  );
  for (const at of byRemainder.slice(0, missing)) whole[at]! += 1;
  return whole;
}

/**
 * Moves one slider. The others give way in proportion, so that all five still sum to 1000; those that are held stay, and
 * the slider stops where only they are left.
 *
 * @param held whether each may not give way; that of the moved slider does not count
 */
export function moveShare(
  shares: Shares,
  at: number,
  wanted: number,
  held: readonly boolean[] = [],
): number[] {
  const isFree = (index: number): boolean => index !== at && !held[index];
  const free = shares.flatMap((_, index) => (isFree(index) ? index : []));
  const stuck = shares.reduce((sum, share, index) => (index === at || isFree(index) ? sum : sum + share), 0);
  const room = shareTotal - stuck;
  const value = free.length === 0 ? room : Math.min(room, Math.max(0, Math.round(wanted)));
  const given =
    free.length === 0
      ? []
      : apportion(
          free.map((index) => shares[index]!),
          room - value,
        );
  return shares.map((share, index) => {
    if (index === at) return value;
    return isFree(index) ? given[free.indexOf(index)]! : share;
  });
}

/**
 * What was moved before the page's script ran, as if it were moved now, one slider after the other.
 *
 * @param found the thousandths that the sliders stand at
 */
export function takeOverShares(shares: Shares, found: readonly number[]): Shares {
  const moved = found.flatMap((value, at) => (value === shares[at] ? [] : [at]));
  const isHeld = shares.map(() => false);
  let taken = shares;
  for (const at of moved) {
    taken = moveShare(taken, at, found[at]!, isHeld);
    isHeld[at] = true;
  }
  return taken;
}
