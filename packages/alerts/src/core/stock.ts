/** "Only 3 left" from here on, however little a cart wants. */
export const lowUnits = 3;

export type CartCover = "enough" | "low" | "gone";

/**
 * How well what is left covers a line of a cart: `low` when less is left than the cart wants, or at most three units.
 *
 * @param availableBase base units that this shopper can have
 */
export function cartCover(availableBase: number, unitBase: number, wantedUnits: number): CartCover {
  const units = unitsOf(availableBase, unitBase);
  if (units === 0) return "gone";
  return units < wantedUnits || units <= lowUnits ? "low" : "enough";
}

const severity: Record<CartCover, number> = { enough: 0, low: 1, gone: 2 };

/** Whether a cart's owner is told: when it gets worse, so once as it becomes low and once as it is gone. */
export function isWorse(before: CartCover, now: CartCover): boolean {
  return severity[now] > severity[before];
}

/** Whole units; 0 for none. */
export function unitsOf(base: number, unitBase: number): number {
  return Math.max(0, Math.floor(base / unitBase));
}

/**
 * How many of those who wait are told that a product is back: one and a half per unit that came, rounded down, at least one
 * (ALR-02). Of twenty who wait for four units, six hear of it.
 *
 * @param beforeBase what was available before it came
 * @returns 0 when no further whole unit can be had
 */
export function waitersToTell(beforeBase: number, nowBase: number, unitBase: number): number {
  const came = unitsOf(nowBase, unitBase) - unitsOf(beforeBase, unitBase);
  return came <= 0 ? 0 : Math.max(1, Math.floor(came * 1.5));
}
