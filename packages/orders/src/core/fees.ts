import { shareOf, type Cents } from "@almanac/kernel";

/**
 * The market's fee on one farm's part of an order, half-up to the cent. Rounded per farm, not per order, so that each
 * farm's statement adds up by itself.
 *
 * @param subtotalCents >= 0
 * @param feeBasisPoints 500 means 5 %
 */
export function marketFeeCents(subtotalCents: Cents, feeBasisPoints: number): Cents {
  return shareOf(subtotalCents, feeBasisPoints);
}
