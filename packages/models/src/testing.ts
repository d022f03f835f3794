import { days, seededRng, type Rng } from "@almanac/kernel";
import type { TrainingWorld } from "./core/kinds/family.ts";
import type { OrderFact, ShopperHistory } from "./core/shoppers/history.ts";
import { MarketSeason, epochDay } from "./core/shoppers/season.ts";

export interface SimulatedWorld {
  readonly shoppers: number;
  readonly seed: number;
  readonly until: Date;
  /** Of history. */
  readonly weeks: number;
  /** Whether the market is held in a month, 1 to 12; always unless told. */
  readonly isHeld?: (month: number) => boolean;
}

/** What one shopper is like: rate of orders a week, chance to leave after each, mean amount. */
export interface Buyer {
  readonly rate: number;
  readonly leaving: number;
  readonly meanCents: number;
}

/**
 * Shoppers who buy and leave as BG/NBD has it (gamma rates, beta chances of leaving after a purchase) for gamma amounts, at a
 * weekly market. Their truth is known, so a test can hold a model to it; figures on them prove the plumbing, not the model.
 */
export function simulatedHistories({ shoppers, seed, until, weeks, isHeld = () => true }: SimulatedWorld) {
  const rng = seededRng(seed);
  const from = until.getTime() - weeks * days(7);
  const held: number[] = [];
  for (let at = from; at <= until.getTime(); at += days(7))
    if (isHeld(new Date(at).getUTCMonth() + 1)) held.push(at);
  const histories: ShopperHistory[] = [];
  const buyers: Buyer[] = [];
  for (let shopper = 0; shopper < shoppers; shopper++) {
    const own = rng.fork(`shopper ${shopper}`);
    const buyer = drawBuyer(own);
    const joins = own.int(Math.max(1, Math.floor(held.length * 0.7)));
    histories.push({ orders: ordersOf(buyer, held.slice(joins), own), acts: [] });
    buyers.push(buyer);
  }
  return { histories, buyers, held };
}

function drawBuyer(rng: Rng): Buyer {
  const rate = 0.05 + 0.5 * rng.next() ** 2;
  // Some never leave, others soon do.
  const leaving = rng.next() < 0.5 ? 0.002 : 0.05 + 0.25 * rng.next();
  return { rate, leaving, meanCents: 1_500 + 2_500 * rng.next() };
}

/** An order on the first market day after each draw of an exponential gap, until the shopper leaves. */
function ordersOf({ rate, leaving, meanCents }: Buyer, held: readonly number[], rng: Rng): OrderFact[] {
  const orders: OrderFact[] = [];
  let week = 0;
  while (week < held.length) {
    const cents = Math.max(100, Math.round(meanCents * (0.6 + 0.8 * rng.next())));
    orders.push({ at: held[week]! + rng.int(5) * 3_600_000, cents, lines: 1 + rng.int(6), market: "m" });
    if (rng.next() < leaving) break;
    week += Math.max(1, Math.ceil(-Math.log1p(-rng.next()) / rate));
  }
  return orders;
}

export function simulatedWorld(options: SimulatedWorld): TrainingWorld {
  const { histories, held } = simulatedHistories(options);
  const until = options.until.getTime();
  const season = new MarketSeason(held.map(epochDay), epochDay(until));
  return { histories, until, seasonOf: () => season };
}
