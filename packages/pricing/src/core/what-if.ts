import type { Cents } from "@almanac/kernel";
import { priceAtLeast, priceAtMost } from "./price-steps.ts";
import { believable, demandAt, type Answer } from "./suggest-price.ts";

/** What may be asked for on a market day at the price that it is expected at, in base units. */
export interface DayDemand {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface WhatIfQuestion {
  readonly nowCents: Cents;
  /** The price that the day is expected at: today's, one that is planned, or that of late where none is reckoned with. */
  readonly expectedAtCents: number;
  readonly currency: string;
  /** Base units that the price is for. */
  readonly perBase: number;
  readonly demand: DayDemand;
  /** How buyers answer; `undefined` while too little is known. */
  readonly answer?: Answer;
  /** Prices that were asked in the past, this one included. */
  readonly askedCents: readonly Cents[];
}

export interface Range {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface WhatIfPoint {
  readonly priceCents: Cents;
  /** Base units, of 8 of 10 days between both ends. */
  readonly quantity: Range;
  /** Cents. */
  readonly takings: Range;
  /** Beyond all prices that were asked: that buyers go on answering alike is taken, not known. */
  readonly isBeyondAsked: boolean;
}

/** How far around today's price is looked, as shares of it. */
const reach = 0.2;
const eachSide = 4;
/** Less of it is nothing. */
const leastBase = 0.001;
/** What lies below the middle is never less than a fiftieth of it: a share of nothing has no logarithm. */
const leastShare = 0.02;
/** Nor is what lies above it more than e to the power of this times it. */
const widest = 20;

/**
 * What would be sold and taken in on a market day at some prices around today's. The interval holds both what is not known of
 * the day and what is not known of how buyers answer, as independent spreads of logarithms; it is the day's own at the
 * price that the day is expected at, and grows with the distance from it. Enough has to be brought for it.
 *
 * q(p) = p50 (p / expected at)^elasticity; ln high = ln q + sqrt(ln(p90 / p50)^2 + ((reach of the answer) ln(p / expected at))^2), low alike
 *
 * @returns lowest price first; today's price alone where nothing is known of the answer, and nothing where nothing is asked for
 */
export function whatIf(question: WhatIfQuestion): WhatIfPoint[] {
  const { nowCents, expectedAtCents, currency, demand, answer, askedCents, perBase } = question;
  if (!(nowCents > 0) || !(expectedAtCents > 0) || !(demand.p50 >= leastBase)) return [];
  const held = answer ? believable(answer) : { low: 0, mid: 0, high: 0 };
  const prices = answer ? pricesAround(nowCents, currency) : [nowCents];
  const lowest = Math.min(nowCents, ...askedCents);
  const highest = Math.max(nowCents, ...askedCents);
  return prices.map((priceCents): WhatIfPoint => {
    const quantity = quantityAt(priceCents, expectedAtCents, demand, held);
    const worth = priceCents / perBase;
    return {
      priceCents,
      quantity,
      takings: { low: worth * quantity.low, mid: worth * quantity.mid, high: worth * quantity.high },
      isBeyondAsked: priceCents < lowest || priceCents > highest,
    };
  });
}

function quantityAt(
  priceCents: Cents,
  expectedAtCents: number,
  { p10, p50, p90 }: DayDemand,
  answer: Answer,
): Range {
  const mid = p50 * demandAt(priceCents, expectedAtCents, answer.mid);
  const ends = [answer.low, answer.high].map(
    (one) => (one - answer.mid) * Math.log(priceCents / expectedAtCents),
  );
  const up = Math.hypot(Math.min(widest, Math.log(Math.max(p90, p50) / p50)), Math.max(0, ...ends));
  const down = Math.hypot(
    Math.log(p50 / Math.max(leastShare * p50, Math.min(p10, p50))),
    Math.min(0, ...ends),
  );
  return { low: mid * Math.exp(-down), mid, high: mid * Math.exp(up) };
}

/** Prices that look right within a fifth of today's, four on each side where there are so many, and today's own. */
function pricesAround(nowCents: Cents, currency: string): Cents[] {
  const shares = Array.from({ length: eachSide }, (_, at) => (reach * (at + 1)) / eachSide);
  const below = shares.map((share) => priceAtLeast(nowCents * (1 - share), currency));
  const above = shares.map((share) => priceAtMost(nowCents * (1 + share), currency));
  const kept = new Set([
    ...below.filter((price) => price > 0 && price < nowCents),
    nowCents,
    ...above.filter((price) => price > nowCents),
  ]);
  return [...kept].sort((a, b) => a - b);
}
