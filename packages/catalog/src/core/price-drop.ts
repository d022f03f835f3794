import { days, type Cents } from "@almanac/kernel";

export const priceDropMinShare = 0.05;
export const priceDropMinCents = 25;
/** How far back "the lowest price before" looks. */
export const priceMemoryMs = days(14);

/** One change of a variant's list price. */
export interface PriceChange {
  readonly oldPriceCents: Cents;
  readonly newPriceCents: Cents;
  readonly changedAt: Date;
}

export interface PriceDrop {
  /** The lowest price of the 14 days before the drop. */
  readonly previousPriceCents: Cents;
  readonly changedAt: Date;
}

/**
 * The lowest price that was asked at any time in the 14 days before a moment, that moment excluded.
 *
 * @param changes of one variant, oldest first
 * @param priceCents the price now, which is also the price of all times when nothing changed
 */
export function lowestPriceBefore(changes: readonly PriceChange[], priceCents: Cents, at: Date): Cents {
  const from = at.getTime() - priceMemoryMs;
  const before = changes.filter((change) => change.changedAt < at);
  const after = changes.find((change) => change.changedAt >= at);
  let lowest = before.at(-1)?.newPriceCents ?? after?.oldPriceCents ?? priceCents;
  for (const change of before) {
    if (change.changedAt.getTime() <= from) continue;
    lowest = Math.min(lowest, change.newPriceCents, change.oldPriceCents);
  }
  return lowest;
}

/**
 * Whether a new price is worth telling: at least 5 % and at least 25 cents under the lowest price of the previous 14
 * days. A price that was raised first and cut then is compared with what it was before the raise, so it tells nothing.
 */
export function isPriceDrop(lowestBeforeCents: Cents, newPriceCents: Cents): boolean {
  const drop = lowestBeforeCents - newPriceCents;
  // In whole numbers, as 10.00 -> 9.50 must be exactly 5 %.
  return drop >= priceDropMinCents && drop * 100 >= lowestBeforeCents * (priceDropMinShare * 100);
}

/**
 * The drop that a shop may still show beside the price: the first genuine one of the last 14 days since which the price
 * has not risen above it.
 *
 * @param changes of one variant, oldest first, reaching back 28 days (14 to be shown, 14 to be compared with)
 * @returns `undefined` when there is none
 */
export function currentPriceDrop(
  changes: readonly PriceChange[],
  priceCents: Cents,
  now: Date,
): PriceDrop | undefined {
  const shownFrom = now.getTime() - priceMemoryMs;
  for (const [index, change] of changes.entries()) {
    if (change.changedAt.getTime() < shownFrom || change.changedAt > now) continue;
    const previousPriceCents = lowestPriceBefore(
      changes.slice(0, index),
      change.oldPriceCents,
      change.changedAt,
    );
    if (!isPriceDrop(previousPriceCents, change.newPriceCents)) continue;
    const roseSince = changes.slice(index + 1).some((later) => later.newPriceCents > change.newPriceCents);
    if (!roseSince && priceCents <= change.newPriceCents) {
      return { previousPriceCents, changedAt: change.changedAt };
    }
  }
  return undefined;
}
