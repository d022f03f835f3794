import { AppError, type VariantId } from "@almanac/kernel";

export interface CartQuantity {
  readonly variantId: VariantId;
  readonly quantity: number;
}

/** Units of one line at most: more is a wholesale matter, or a slip of the finger. */
export const maxLineQuantity = 999;
/** Different lines of one cart at most. */
export const maxCartLines = 100;

/**
 * One cart out of two: every variant once, quantities of the same variant summed (at most `maxLineQuantity`), the lines of
 * `into` first, in their order.
 */
export function mergeCartLines(into: readonly CartQuantity[], from: readonly CartQuantity[]): CartQuantity[] {
  const merged = new Map<VariantId, number>();
  for (const { variantId, quantity } of [...into, ...from]) {
    merged.set(variantId, Math.min(maxLineQuantity, (merged.get(variantId) ?? 0) + quantity));
  }
  return [...merged].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/**
 * What is left of a cart once some lines were bought: a line added or increased meanwhile on another device stays, with
 * what was not bought.
 */
export function cartAfterPurchase(
  cart: readonly CartQuantity[],
  bought: readonly CartQuantity[],
): CartQuantity[] {
  const boughtBy = new Map(bought.map((line) => [line.variantId, line.quantity]));
  return cart
    .map((line) => ({
      variantId: line.variantId,
      quantity: line.quantity - (boughtBy.get(line.variantId) ?? 0),
    }))
    .filter((line) => line.quantity > 0);
}

/**
 * @throws AppError `quantity_not_positive` for anything but a whole number from 1 to `maxLineQuantity`
 */
export function assertLineQuantity(quantity: number): void {
  if (Number.isInteger(quantity) && quantity > 0 && quantity <= maxLineQuantity) return;
  throw new AppError("quantity_not_positive", `A quantity is a whole number from 1 to ${maxLineQuantity}.`, {
    details: { quantity, maximum: maxLineQuantity },
  });
}

/**
 * A basket in one line of text that does not depend on the order of its lines: two requests with one idempotency key must
 * agree on it.
 */
export function basketSignature(lines: readonly CartQuantity[]): string {
  return lines
    .map((line) => `${line.variantId}x${line.quantity}`)
    .toSorted()
    .join(",");
}
