import { invariant, priceForQuantity, type Cents } from "@almanac/kernel";

/** How a line is priced: `unitPriceCents` for `unitPricePer` base units. */
export interface PricedLine {
  /** Base units asked for: two tomatoes of about 750 g are 1500. */
  readonly quantityBase: number;
  readonly unitPriceCents: Cents;
  readonly unitPricePer: number;
  readonly isWeighed: boolean;
  /** What the scale said for the whole line, in base units; absent until then. */
  readonly weighedBase?: number | null;
  readonly discountCents?: Cents;
}

export interface Totals {
  readonly subtotalCents: Cents;
  /** What the card is held for. Never below the subtotal. */
  readonly holdCents: Cents;
}

/** Part of a weighed estimate that the card is held for on top, in basis points: 15 %. */
export const weighingToleranceBasisPoints = 1_500;

/** Base units that a line takes from stock: the weighed quantity when there is one, else what was asked for. */
export function lineQuantityBase(line: Pick<PricedLine, "quantityBase" | "weighedBase">): number {
  return line.weighedBase ?? line.quantityBase;
}

/**
 * Price of a line in cents: the estimate until the line is weighed, then the price of what was weighed. Half-up to the
 * cent, once per line; the discount is taken off but never below zero.
 */
export function lineTotalCents(line: PricedLine): Cents {
  invariant(
    Number.isInteger(line.quantityBase) && line.quantityBase > 0,
    "a line has a positive whole quantity",
  );
  const fullCents = priceForQuantity(line.unitPriceCents, line.unitPricePer, lineQuantityBase(line));
  return Math.max(0, fullCents - (line.discountCents ?? 0));
}

/**
 * Subtotal and card hold of an order or a cart, in cents.
 *
 * The hold is 1.15 times the estimates of lines still to be weighed, rounded up once per order, plus all other lines:
 * 7.35 of tomatoes beside 8.50 is held at 8.46 + 8.50 = 16.96.
 */
export function totalsOf(lines: readonly PricedLine[]): Totals {
  let openCents = 0;
  let fixedCents = 0;
  for (const line of lines) {
    const isOpen = line.isWeighed && line.weighedBase == null;
    if (isOpen) openCents += lineTotalCents(line);
    else fixedCents += lineTotalCents(line);
  }
  const heldOpenCents = Math.ceil((openCents * (10_000 + weighingToleranceBasisPoints)) / 10_000);
  return { subtotalCents: openCents + fixedCents, holdCents: heldOpenCents + fixedCents };
}
