import { demandQuantile, expectedSales, type DemandQuantiles } from "./demand.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** Money of one unit, whatever the unit, as long as all three are of the same. */
export interface UnitMoney {
  readonly price: number;
  /** To grow, harvest and bring it. */
  readonly cost: number;
  /** What it is still worth when the day is over and nobody bought it. */
  readonly salvage: number;
}

/**
 * How often demand should be met: what is lost by one too few, over what is lost by one too few and one too many,
 * (price - cost) / (price - salvage). 0 where a sale loses money, 1 where what is left over costs nothing.
 *
 * Whitin (1955); Arrow, Harris & Marschak (1951), "Optimal inventory policy".
 */
export function criticalRatio({ price, cost, salvage }: UnitMoney): number {
  const short = price - cost;
  const over = cost - salvage;
  if (short <= 0) return 0;
  return over <= 0 ? 1 : short / (short + over);
}

/**
 * The ratio after the farmer's own leaning: odds times e to the power of 1.5 x leaning. 0 leaves it, 1 makes .6667 into
 * .90, -1 makes it .31. Rises with `leaning`; ratios are kept within .01 and .99 so that a leaning always shows.
 *
 * @param leaning -1 "rather sell out" to 1 "rather never run out"
 */
export function leanedRatio(ratio: number, leaning: number): number {
  const kept = Math.min(0.99, Math.max(0.01, ratio));
  if (leaning === 0) return kept;
  const odds = (kept / (1 - kept)) * Math.exp(1.5 * leaning);
  return odds / (1 + odds);
}

/** The ratio's quantile of demand: what to bring, before crates and van. */
export function bestQuantity(demand: DemandQuantiles, ratio: number): number {
  return ratio <= 0 ? 0 : demandQuantile(demand, Math.min(0.99, ratio));
}

/** What is earned on average by bringing a quantity: price of what is sold, salvage of the rest, less the cost of all. */
export function expectedProfit(demand: DemandQuantiles, quantity: number, money: UnitMoney): number {
  const sold = expectedSales(demand, quantity);
  return money.price * sold + money.salvage * (quantity - sold) - money.cost * quantity;
}

export interface Replenishment {
  /** Mean and standard deviation of demand per period. */
  readonly mean: number;
  readonly sd: number;
  /** Periods until what is ordered is there. */
  readonly leadPeriods: number;
  /** How often demand is to be met until then, (0, 1). */
  readonly serviceLevel: number;
  /** What keeps no longer than a period is not stocked for safety. */
  readonly keepsPeriods?: number;
}

/** z x sd x root of the lead time: 1.645 x 6 x root of 2 = 13.96. Nothing for what keeps a period at most. */
export function safetyStock({ sd, leadPeriods, serviceLevel, keepsPeriods }: Replenishment): number {
  if (keepsPeriods !== undefined && keepsPeriods <= 1) return 0;
  return Math.max(0, normalQuantile(serviceLevel)) * sd * Math.sqrt(leadPeriods);
}

/** Order again below this: what is sold until it comes, and the safety stock. */
export function reorderPoint(of: Replenishment): number {
  return of.mean * of.leadPeriods + safetyStock(of);
}
