import { isPriceDrop, lowestPriceBefore, type PriceChange } from "@almanac/catalog";
import { days, type Cents } from "@almanac/kernel";

export interface PriceDropNews {
  /** The lowest price of the 14 days before. */
  readonly oldPriceCents: Cents;
  readonly newPriceCents: Cents;
}

/**
 * Whether a change of price is worth telling: at least 5 % and at least 25 cents under the lowest price of the previous 14
 * days (ALR-01). 10.00 -> 9.60 is not; 10.00 -> 9.50 is; 10.00 -> 12.00 -> 10.50 is not, as 10.00 was asked before the
 * raise; and a second cut is told only if it is that much under the first.
 *
 * @param changes of one variant, oldest first, reaching back at least 14 days before `change`
 * @param change one of them
 * @returns `undefined` when there is nothing to tell
 */
export function priceDropNews(
  changes: readonly PriceChange[],
  change: PriceChange,
): PriceDropNews | undefined {
  const before = changes.slice(0, Math.max(0, changes.indexOf(change)));
  const lowestCents = Math.min(
    lowestPriceBefore(before, change.oldPriceCents, change.changedAt),
    change.oldPriceCents,
  );
  if (!isPriceDrop(lowestCents, change.newPriceCents)) return undefined;
  return { oldPriceCents: lowestCents, newPriceCents: change.newPriceCents };
}

/** How far back the changes have to be read: 14 days, and what the price was when they began. */
export const priceHistoryMs = days(28);
