import type { Rng } from "@almanac/kernel";
import { clickOnce, type ClickWorld } from "./click-model.ts";

/** What one simulated shopper did after the exposure, and spent before it. */
export interface SimulatedShopper {
  /** The place of the click of each search, from 0, or -1 for none. */
  readonly clicks: readonly number[];
  readonly hasAdded: boolean;
  readonly hasOrdered: boolean;
  readonly spentCents: number;
  /** In the year before; correlates with `spentCents` over those who order. */
  readonly pastCents: number;
}

/** The searches of one shopper, 1 to about 8, and the place of the click of each, from 0, or -1. */
export function simulateSearches(world: ClickWorld, factor: number, rng: Rng): number[] {
  const appeal = rng.pick(world.keenness) * factor;
  const clicks: number[] = [];
  for (let left = 1 + rng.poisson(2); left > 0; left--) {
    clicks.push(clickOnce(world, rng.int(world.attraction.length), appeal, rng));
  }
  return clicks;
}

/** Chance that a click is followed by the cart, and that a cart becomes an order. */
export const cartChance = 0.35;
export const orderChance = 0.5;

/**
 * One shopper, with what followed from the clicks.
 *
 * @param factor what the arm makes of attractiveness: 1 for control
 */
export function simulateShopper(world: ClickWorld, factor: number, rng: Rng): SimulatedShopper {
  const clicks = simulateSearches(world, factor, rng);
  const clicked = clicks.filter((place) => place >= 0).length;
  const hasAdded = clicked > 0 && rng.next() < 1 - (1 - cartChance) ** clicked;
  const hasOrdered = hasAdded && rng.next() < orderChance;
  // Groceries are bought by habit: what somebody spends goes with what they spent.
  const habit = rng.normal();
  const pastCents = Math.round(Math.exp(9.5 + 0.8 * habit));
  const spentCents = hasOrdered ? Math.round(Math.exp(7.6 + 0.5 * habit + 0.35 * rng.normal())) : 0;
  return { clicks, hasAdded, hasOrdered, spentCents, pastCents };
}
