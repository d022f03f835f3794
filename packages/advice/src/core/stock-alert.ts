import type { SeasonPhase } from "@almanac/signals";

/** How much above or below the farm's own mark it is told, by where the product is in its season. */
const seasonFactors: Readonly<Partial<Record<SeasonPhase["kind"], number>>> = {
  "year-round": 1,
  "first-weeks": 1.25,
  peak: 1.5,
  ending: 0.75,
};

/** No season raises the mark above this many times itself. */
export const highestFactor = 1.5;

/**
 * Below how much a farmer is told: the farm's own mark, half more at the peak, when it goes fastest, a quarter less at the
 * end, when what is gone does not come back.
 *
 * @param lowStockBase the farm's mark in base units; 0 means never
 * @returns `undefined` where nothing is told: without a mark, or out of season
 */
export function seasonalThreshold(lowStockBase: number, phase: SeasonPhase): number | undefined {
  if (lowStockBase <= 0) return undefined;
  const factor = phase.kind === "undated" ? (phase.inSeason ? 1 : undefined) : seasonFactors[phase.kind];
  return factor === undefined ? undefined : Math.round(lowStockBase * factor);
}

/** The most pressing last. */
export const stockAlertPriorities = ["MEDIUM", "HIGH", "URGENT"] as const;
export type StockAlertPriority = (typeof stockAlertPriorities)[number];

/**
 * How pressing it is: urgent when all is gone and more is wanted, high when less is left than is still wanted.
 *
 * @param expectedBase still to be asked for on the next market day; `undefined` where that is not known
 */
export function stockAlertPriority(
  availableBase: number,
  expectedBase: number | undefined,
): StockAlertPriority {
  if (expectedBase === undefined || expectedBase <= 0) return "MEDIUM";
  if (availableBase <= 0) return "URGENT";
  return availableBase < expectedBase ? "HIGH" : "MEDIUM";
}

/** Whether an alert says more than the one that was given that day: only what became more pressing does. */
export const isWorseThan = (now: StockAlertPriority, before: StockAlertPriority): boolean =>
  stockAlertPriorities.indexOf(now) > stockAlertPriorities.indexOf(before);

/** Hours of a market day on which a farmer stands at the stall or drives there. */
export interface MarketMorning {
  readonly from: Date;
  readonly until: Date;
}

/** Whether an alert is told at once. On a market morning only what is urgent is. */
export function isToldNow(
  priority: StockAlertPriority,
  now: Date,
  mornings: readonly MarketMorning[],
): boolean {
  return priority === "URGENT" || !mornings.some(({ from, until }) => from <= now && now < until);
}
