import { invariant, type ProductId, type VariantId } from "@almanac/kernel";

export interface StockDemand {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly quantity: number;
  readonly unitQuantityBase: number;
}

export interface Shortage {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly requestedQuantity: number;
  /** Whole units that could still be had, beside the lines before it. */
  readonly availableQuantity: number;
}

/** Base units that a basket takes of each product; variants of one product share its stock. */
export function demandByProduct(lines: readonly StockDemand[]): Map<ProductId, number> {
  const demand = new Map<ProductId, number>();
  for (const line of lines) {
    demand.set(line.productId, (demand.get(line.productId) ?? 0) + line.quantity * line.unitQuantityBase);
  }
  return demand;
}

/**
 * The lines that stock does not cover, first come first served in the order given: two lines that share a product's stock
 * are counted together, so a bundle cannot oversell. A line is covered whole or is short.
 *
 * @param availableBase base units that can be sold, by product; absent means none
 */
export function findShortages(
  lines: readonly StockDemand[],
  availableBase: ReadonlyMap<ProductId, number>,
): Shortage[] {
  const left = new Map(availableBase);
  const shortages: Shortage[] = [];
  for (const { variantId, productId, quantity, unitQuantityBase } of lines) {
    const leftBase = Math.max(0, left.get(productId) ?? 0);
    const neededBase = quantity * unitQuantityBase;
    if (neededBase <= leftBase) {
      left.set(productId, leftBase - neededBase);
    } else {
      const availableQuantity = Math.floor(leftBase / unitQuantityBase);
      shortages.push({ variantId, productId, requestedQuantity: quantity, availableQuantity });
    }
  }
  return shortages;
}

/** Whole units of a variant that a stock in base units allows. */
export function wholeUnits(availableBase: number, unitQuantityBase: number): number {
  return Math.max(0, Math.floor(availableBase / unitQuantityBase));
}

/**
 * On hand as the ledger tells it: the running sum of its rows.
 *
 * @throws InvariantError if the sum was ever below zero, which no writer may cause
 */
export function replayStock(entries: readonly { readonly deltaBase: number }[]): number {
  let onHandBase = 0;
  for (const { deltaBase } of entries) {
    onHandBase += deltaBase;
    invariant(onHandBase >= 0, "a stock ledger went below zero");
  }
  return onHandBase;
}

export interface WeighingEntries {
  /** What the ledger did not know of: the scale held more than was on the books. Zero or more. */
  readonly foundBase: number;
  /** Correction of the sale: negative when the scale said more than was sold. */
  readonly weighingBase: number;
}

/**
 * The stock rows that a weighing causes, in base units. What lies on the scale exists, so where it would take the books
 * below what is promised to others, the difference is first found by a recount.
 *
 * @param soldBase what the line has taken from stock so far
 */
export function weighingEntries(
  soldBase: number,
  weighedBase: number,
  level: { readonly onHandBase: number; readonly reservedBase: number },
): WeighingEntries {
  const weighingBase = soldBase - weighedBase;
  const freeBase = level.onHandBase - level.reservedBase;
  return { foundBase: Math.max(0, -weighingBase - freeBase), weighingBase };
}
