import { hours, type Milliseconds } from "@almanac/kernel";

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

/** Units that came are kept for those who were told of them for so long, before others hear of them (ALR-02). */
export const softHoldMs: Milliseconds = hours(2);

/**
 * How many of those who wait are told that a product is back: one and a half per unit that came, rounded down, at least one
 * (ALR-02). Of twenty who wait for four units, six hear of it. Those who were told within the last two hours have the first
 * go: what they could still buy is not offered to others, so a unit that is given back in that time tells nobody more.
 *
 * @param beforeBase what was available before it came
 * @param holding how many were told within `softHoldMs`
 * @returns 0 when no further whole unit can be had, or all of them are held
 */
export function waitersToTell(beforeBase: number, nowBase: number, unitBase: number, holding = 0): number {
  const units = unitsOf(nowBase, unitBase);
  const came = units - unitsOf(beforeBase, unitBase);
  if (came <= 0) return 0;
  return Math.max(0, Math.min(offersOf(came), offersOf(units) - holding));
}

/**
 * How many more are told when a hold has run out and units are left: as if these had come now.
 *
 * @param holding how many were told within `softHoldMs`
 */
export function waitersAfterHold(nowBase: number, unitBase: number, holding: number): number {
  const units = unitsOf(nowBase, unitBase);
  return units === 0 ? 0 : Math.max(0, offersOf(units) - holding);
}

const offersOf = (units: number): number => Math.max(1, Math.floor(units * 1.5));
