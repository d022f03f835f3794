import { AppError } from "./errors.ts";
import { invariant } from "./invariant.ts";

/** Whole cents of the market's currency. Never a fraction: every function here returns an integer. */
export type Cents = number;

/**
 * Rounds to the nearest integer, halves away from zero ("half-up" for the positive sums of a shop).
 * Numbers a hair below a half because of binary fractions (such as 1.005 * 100) count as the half they stand for.
 */
export function roundHalfUp(value: number): number {
  const magnitude = Math.abs(value);
  const rounded = Math.floor(magnitude + 0.5 + magnitude * Number.EPSILON * 4);
  return value < 0 ? -rounded : rounded;
}

/**
 * Price of a weighed or counted quantity, half-up to the cent.
 *
 * @param unitPriceCents cents for `perBase` base units (490 for 1000 g means 4.90/kg)
 * @param quantityBase how many base units (grams, millilitres, pieces)
 */
export function priceForQuantity(unitPriceCents: Cents, perBase: number, quantityBase: number): Cents {
  invariant(perBase > 0, "a unit price needs a positive unit");
  return roundHalfUp((unitPriceCents * quantityBase) / perBase);
}

/** 10,000,000.00 of the currency: what one sale comes to at most, well within what the books can hold. */
export const maxSaleCents = 1_000_000_000;

/** @throws AppError `input_invalid` when a sale comes to more than `maxSaleCents` */
export function assertSaleCents(totalCents: Cents): void {
  if (totalCents <= maxSaleCents) return;
  throw new AppError(
    "input_invalid",
    `A sale comes to at most ${formatCents(maxSaleCents)}: take less of it.`,
    {
      details: { totalCents, maxSaleCents },
    },
  );
}

/**
 * A share of a sum in basis points, half-up to the cent.
 *
 * @param basisPoints 500 means 5 %
 */
export function shareOf(totalCents: Cents, basisPoints: number): Cents {
  return roundHalfUp((totalCents * basisPoints) / 10_000);
}

/**
 * Splits a sum into whole cents in proportion to weights; the parts add up to the sum (largest remainder method,
 * ties to the earlier part).
 *
 * @param weights at least one, each >= 0, not all zero
 */
export function splitCents(totalCents: Cents, weights: readonly number[]): Cents[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  invariant(sum > 0, "splitting needs a positive weight");
  const exact = weights.map((weight) => (totalCents * weight) / sum);
  const parts = exact.map(Math.floor);
  let left = totalCents - parts.reduce((a, b) => a + b, 0);
  const order = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    parts[index]! += 1;
    left -= 1;
  }
  return parts;
}

/** "4.90" for 490: two decimals, no currency sign. */
export function formatCents(cents: Cents): string {
  const magnitude = Math.abs(cents);
  const text = `${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, "0")}`;
  return cents < 0 ? `-${text}` : text;
}
