import { formatCents } from "@almanac/kernel";
import type { PlannedDay } from "../own-prices.ts";
import { priceColumn } from "./reckon-causes.ts";

export interface PlannedPriceFacts {
  /** Own price on past and coming market days. */
  readonly prices: Float64Array;
  /** Which of them. */
  readonly at: number;
  /** How many of the days are over. */
  readonly past: number;
  /** What it does to demand, .09 for 9 % more; left out where it is not reckoned with. */
  readonly change?: number;
}

const scopes: Readonly<Record<PlannedDay["who"], string>> = {
  all: "",
  orders: " for orders before the day",
  "walk-ins": " for walk-ins on the day itself",
};

/**
 * What is planned to be asked and what that does: "Price 4.20 planned, 12 % below usual: about 9 % more". The usual one is the
 * mean of the past; where a part of the buyers pays another price it is the price of all of them that is held against it.
 */
export function plannedPriceWords({ cents, who }: PlannedDay, facts: PlannedPriceFacts): string {
  const { prices, at, past, change } = facts;
  const away = awayFromUsual(prices, at, past);
  const asked = `Price ${formatCents(cents)} planned${scopes[who]}, ${besideUsual(away)}`;
  if (change === undefined)
    return `${asked}: past sales do not show what that does, so it is not reckoned with`;
  const reckoned = priceColumn(prices, past)[at]!;
  const isPart = away !== undefined && Math.abs(away - reckoned) > 0.01;
  const beyond = isPart ? ", which is reckoned with in part as nothing like it was ever asked" : "";
  const rounded = Math.round(100 * Math.abs(change));
  if (rounded === 0) return `${asked}: about as much${beyond}`;
  return `${asked}: about ${rounded} % ${change > 0 ? "more" : "less"}${beyond}`;
}

function besideUsual(away: number | undefined): string {
  if (away === undefined) return "without a usual one";
  const share = Math.round(100 * Math.abs(Math.expm1(away)));
  return share === 0 ? "as usual" : `${share} % ${away < 0 ? "below" : "above"} usual`;
}

/** Logarithm of the price beside the mean of the past; `undefined` where there is none. */
function awayFromUsual(prices: Float64Array, at: number, past: number): number | undefined {
  const known = prices.subarray(0, past).filter((price) => price > 0);
  if (known.length === 0 || !(prices[at]! > 0)) return undefined;
  return Math.log(prices[at]!) - known.reduce((sum, price) => sum + Math.log(price), 0) / known.length;
}
