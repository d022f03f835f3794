import type { MarketCauses } from "./market-causes.ts";
import { leastMarketDays, marketEffects, marketIndex } from "./market-effects.ts";
import { ownEffects, type OwnCause } from "./own-effects.ts";

/** One product at a market. */
export interface CausedDemand {
  /** What was asked for on past market days, base units; NaN where not known. */
  readonly demand: Float64Array;
  /** Its price on past and coming market days; NaN where not known. Left out where nothing is known of it. */
  readonly prices?: Float64Array;
}

/** What is known of a market as a whole, at each origin of the backtest and at the end of the past. */
export interface MarketLearned {
  readonly causes: MarketCauses;
  readonly weekdays: Uint8Array;
  /** Ascending numbers of past days: each product's demand is forecast from each of them; the last is the end. */
  readonly origins: readonly number[];
  /** One an origin. */
  readonly effects: readonly Float64Array[];
  /**
   * By how much forecasts of the market's products got better by each of `shares`, over the parts of the past before each
   * origin; 0.1 is 10 % less error.
   */
  readonly gains: readonly Float64Array[];
}

/** How much of what the causes do is reckoned with: all, half, nothing. */
const shares = [0, 0.5, 1] as const;
/** The past is forecast once more in so many parts. */
const folds = 4;
/** Products of a market that speak for it. */
const mostSample = 80;
/** What the market's products gained counts as this many days of the product's own. */
const marketWeight = 30;
/** Less than this is no gain. */
const leastGain = 0.005;
/** A cause moves a day where it moves it by so much. */
const leastEffect = 0.03;
/** Products differ in what a cause does to them by so much, in logarithms. */
const ownSpread = 0.15;
/** Demand falls by about a percent with a percent of price (mean over foods: Andreyeva et al. 2010, Am. J. Public Health 100). */
const usualElasticity = -0.8;
const elasticitySpread = 0.7;

/**
 * What a market's past tells of what moves demand there, for all of its products.
 *
 * @param products regular ones; any number, those far apart in the list speak for all
 * @returns nothing where the market is too young, or where no cause is known
 */
export function learnMarket(
  causes: MarketCauses,
  products: readonly CausedDemand[],
): MarketLearned | undefined {
  const { past, days } = causes;
  if (past < leastMarketDays || products.length === 0) return undefined;
  const start = Math.max(leastMarketDays, Math.floor(past / 2));
  const origins = Array.from({ length: folds + 1 }, (_, fold) =>
    Math.round(start + ((past - start) * fold) / folds),
  );
  const effects = origins.map((origin) => {
    const known = products.map(({ demand }) => demand.subarray(0, origin));
    return marketEffects(marketIndex(known, origin), causes, origin);
  });
  if (effects.includes(undefined)) return undefined;
  const learned: MarketLearned = {
    causes,
    weekdays: Uint8Array.from(days, (day) => (((day + 4) % 7) + 7) % 7),
    origins,
    effects: effects as Float64Array[],
    gains: [],
  };
  return { ...learned, gains: marketGains(learned, products) };
}

function marketGains(learned: MarketLearned, products: readonly CausedDemand[]): Float64Array[] {
  const sums = learned.origins.map(() => new Float64Array(shares.length));
  const step = Math.max(1, products.length / mostSample);
  for (let at = 0; at < products.length; at += step) {
    const parts = backtest(learned, products[Math.floor(at)]!, folds);
    sums.forEach((sum, until) => {
      const { errors } = together(parts.slice(0, until));
      if (errors[0]! > 0) shares.forEach((_, share) => (sum[share]! += errors[share]! / errors[0]!));
    });
  }
  return sums.map((sum) => sum.map((error) => (sum[0] === 0 ? 0 : 1 - error / sum[0]!)));
}

/** What causes do to one product's days. */
export interface Reckoned {
  /** 0 where its past says that it is no use. */
  readonly share: number;
  /** One a cause of the market, then the price's; logarithms, times the share. */
  readonly coefficients: Float64Array;
  /** Sum of all, one a market day, past and coming: logarithm of the factor. */
  readonly moved: Float64Array;
}

/**
 * How much of what the causes do a product's forecast reckons with, and what that is: the share with which its past would
 * have been forecast best, drawn to what was best for the market's products; nothing where it gained nothing.
 *
 * @param until forecasts from this part of the past on are not looked at: the last ones judge
 */
export function reckonCauses(learned: MarketLearned, product: CausedDemand, until = folds): Reckoned {
  const { errors, days } = together(backtest(learned, product, until));
  let best = 0;
  let most = leastGain;
  shares.forEach((_, at) => {
    const own = errors[0] === 0 ? 0 : 1 - errors[at]! / errors[0]!;
    const gain = (days * own + marketWeight * learned.gains[until]![at]!) / (days + marketWeight);
    if (gain > most) [best, most] = [at, gain];
  });
  const share = shares[best]!;
  const causes = ownCauses(learned, product, until);
  const coefficients =
    share === 0
      ? new Float64Array(causes.length)
      : ownEffectsAt(learned, product, until).map((value) => share * value);
  return { share, coefficients, moved: movedBy(causes, coefficients, learned.causes.days.length) };
}

/** How one part of the past was forecast once more. */
interface Part {
  /** Sum of absolute errors, one a share. */
  readonly errors: Float64Array;
  /** On how many of its days causes moved anything. */
  readonly days: number;
}

function together(parts: readonly Part[]): Part {
  const errors = new Float64Array(shares.length);
  for (const part of parts) part.errors.forEach((error, share) => (errors[share]! += error));
  return { errors, days: parts.reduce((sum, { days }) => sum + days, 0) };
}

/** The parts of the past before `until`, each forecast from what was known before it. */
function backtest(learned: MarketLearned, product: CausedDemand, until: number): Part[] {
  const { demand } = product;
  const { weekdays, origins } = learned;
  return Array.from({ length: until }, (_, fold) => {
    const errors = new Float64Array(shares.length);
    const [from, to] = [origins[fold]!, origins[fold + 1]!];
    const { logs, room } = logsOf(demand, from);
    const moved = movedBy(ownCauses(learned, product, fold), ownEffectsAt(learned, product, fold), to);
    let days = 0;
    for (let at = from; at < to; at++) {
      if (Number.isNaN(demand[at]!)) continue;
      if (Math.abs(moved[at]!) >= leastEffect) days++;
      shares.forEach((share, n) => {
        const level = usualBefore(logs, moved, weekdays, at, share);
        if (level === undefined) return;
        errors[n]! += Math.abs(demand[at]! - Math.max(0, Math.exp(level + share * moved[at]!) - room));
      });
    }
    return { errors, days };
  });
}

function ownEffectsAt(learned: MarketLearned, product: CausedDemand, origin: number): Float64Array {
  const known = learned.origins[origin]!;
  const { logs } = logsOf(product.demand, known);
  return ownEffects(logs, learned.weekdays, ownCauses(learned, product, origin), known);
}

const memory = 0.3;
const longestMemory = 8;

/** The level on days of the same weekday before, what moved them taken away: exponential smoothing. */
function usualBefore(
  logs: Float64Array,
  moved: Float64Array,
  weekdays: Uint8Array,
  day: number,
  share: number,
): number | undefined {
  let sum = 0;
  let total = 0;
  let weight = 1;
  let seen = 0;
  for (let at = day - 1; at >= 0 && seen < longestMemory; at--) {
    if (weekdays[at] !== weekdays[day] || Number.isNaN(logs[at]!)) continue;
    sum += weight * (logs[at]! - share * moved[at]!);
    total += weight;
    weight *= 1 - memory;
    seen++;
  }
  return total === 0 ? undefined : sum / total;
}

function ownCauses(learned: MarketLearned, { prices }: CausedDemand, origin: number): OwnCause[] {
  const effects = learned.effects[origin]!;
  const shared = learned.causes.causes.map(({ column }, at): OwnCause => ({
    column,
    expected: effects[at]!,
    spread: ownSpread,
  }));
  if (!prices) return shared;
  return [
    ...shared,
    {
      column: priceColumn(prices, learned.origins[origin]!),
      expected: usualElasticity,
      spread: elasticitySpread,
    },
  ];
}

/** So far beyond the prices that were ever asked, in logarithms, an effect is believed. */
const believedBeyond = 0.25;

/**
 * Logarithms of a price beside its mean over the past. Of coming days it goes no further than a quarter beyond what was ever
 * asked: what buyers do at half of the lowest price nobody has seen.
 *
 * @param past how many of the days are over
 */
export function priceColumn(prices: Float64Array, past: number): Float64Array {
  let sum = 0;
  let known = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = 0; at < past; at++) {
    if (!(prices[at]! > 0)) continue;
    const log = Math.log(prices[at]!);
    sum += log;
    known++;
    lowest = Math.min(lowest, log);
    highest = Math.max(highest, log);
  }
  if (known === 0) return new Float64Array(prices.length);
  const mean = sum / known;
  const [least, most] = [lowest - believedBeyond - mean, highest + believedBeyond - mean];
  return prices.map((price, at) => {
    if (!(price > 0)) return 0;
    const away = Math.log(price) - mean;
    return at < past ? away : Math.min(most, Math.max(least, away));
  });
}

function movedBy(causes: readonly OwnCause[], coefficients: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  causes.forEach(({ column }, i) => {
    const coefficient = coefficients[i]!;
    if (coefficient !== 0) for (let at = 0; at < length; at++) out[at]! += coefficient * column[at]!;
  });
  return out;
}

/**
 * Logarithms after something small is added, so that a day without sales is low and not lost: a twentieth of the mean of the
 * first `known` days.
 */
function logsOf(demand: Float64Array, known: number): { logs: Float64Array; room: number } {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < known; at++) {
    if (Number.isNaN(demand[at]!)) continue;
    sum += demand[at]!;
    count++;
  }
  const room = sum > 0 ? sum / count / 20 : 1;
  return { logs: demand.map((value) => Math.log(value + room)), room };
}
