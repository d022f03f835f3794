import type { Cents } from "@almanac/kernel";
import { priceAtLeast, pricesBetween } from "./price-steps.ts";

/** How buyers answer, with its 80 % interval; `low` is the stronger answer: -2.4, -1.8, -1.2. */
export interface Answer {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface PriceQuestion {
  readonly currentCents: Cents;
  readonly currency: string;
  /** What it costs the farm, for the amount that the price is for; `undefined` where the farm has not said. */
  readonly costCents?: number;
  /** On top of the cost at least: 2500 means 25 %. */
  readonly marginBasisPoints?: number;
  /** `undefined` while too little is known. */
  readonly answer?: Answer;
  /** What is asked now is planned for some days: then the price of before is asked again, and that is the one to think of. */
  readonly isPlanned?: boolean;
  /** The largest change at a time, as a share of the price; .1 unless told. */
  readonly maxStep?: number;
}

export interface Change {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface PriceSuggestion {
  /**
   * `cost-missing`, `too-little-known`, and `planned` while a planned price is asked: nothing is suggested; `floor`: it sells below what the farm wants at least;
   * `hold`: no other price is better whichever way buyers answer.
   */
  readonly kind: "cost-missing" | "too-little-known" | "planned" | "floor" | "raise" | "lower" | "hold";
  /** The current price where nothing else is suggested. */
  readonly priceCents: Cents;
  /** Cost and margin, up to the next price that looks right. */
  readonly floorCents?: Cents;
  /** Of sales, takings and what is left after cost, as shares of what they are now: .05 is 5 % more. */
  readonly expected?: { readonly sales: Change; readonly takings: Change; readonly profit?: Change };
}

export const defaultMaxStep = 0.1;
/** Of the profit, below which a change is not worth the trouble. */
const leastGain = 0.01;
/** No demand is believed to grow with the price, nor to vanish at once. */
const strongest = -8;

/**
 * The price that a farm might ask: of those within one step that look right and are not below its floor, the one whose
 * profit is highest in the less favourable of both ends of the answer's interval. A raise so has to pay if buyers mind it
 * much, a cut if they hardly notice it. It is about a list price that everybody pays, and needs nothing of any shopper.
 *
 * The floor wins over the step: what sells below it is suggested at it, however far that is.
 *
 * profit(p) = (p - cost) q (p / current)^elasticity
 */
export function suggestPrice(question: PriceQuestion): PriceSuggestion {
  const {
    currentCents,
    currency,
    costCents,
    marginBasisPoints = 0,
    answer,
    maxStep = defaultMaxStep,
  } = question;
  const held = answer && believable(answer);
  if (costCents === undefined) return { kind: "cost-missing", priceCents: currentCents };
  const floorCents = priceFloor(costCents, marginBasisPoints, currency);
  if (question.isPlanned) return { kind: "planned", priceCents: currentCents, floorCents };
  const from = Math.max(floorCents, Math.ceil(currentCents * (1 - maxStep)));
  const to = Math.floor(currentCents * (1 + maxStep));
  if (currentCents < floorCents) {
    const best = held
      ? robustBest(pricesBetween(from, to, currency), { currentCents, costCents, answer: held })
      : undefined;
    return priced("floor", Math.max(floorCents, best?.priceCents ?? 0), floorCents, question, held);
  }
  if (!held) return { kind: "too-little-known", priceCents: currentCents, floorCents };
  const best = robustBest(pricesBetween(from, to, currency), { currentCents, costCents, answer: held });
  if (!best || best.gain < leastGain || best.priceCents === currentCents)
    return { kind: "hold", priceCents: currentCents, floorCents };
  const kind = best.priceCents > currentCents ? "raise" : "lower";
  return priced(kind, best.priceCents, floorCents, question, held);
}

/** What a farm wants at least: its cost and its margin on it, up to the next price that looks right. */
export function priceFloor(costCents: number, marginBasisPoints: number, currency: string): Cents {
  return priceAtLeast(costCents * (1 + marginBasisPoints / 10_000), currency);
}

/** Demand at another price, as a share of what it is now. */
export function demandAt(priceCents: number, currentCents: number, elasticity: number): number {
  return (priceCents / currentCents) ** elasticity;
}

export function believable({ low, mid, high }: Answer): Answer {
  const within = (value: number): number => Math.min(0, Math.max(strongest, value));
  return { low: within(low), mid: within(mid), high: within(high) };
}

interface Situation {
  readonly currentCents: number;
  readonly costCents: number;
  readonly answer: Answer;
}

function robustBest(prices: readonly Cents[], { currentCents, costCents, answer }: Situation) {
  const now = currentCents - costCents;
  // Where nothing is earned now the takings are the yardstick.
  const yardstick = now > 0 ? now : currentCents;
  let best: { priceCents: Cents; gain: number } | undefined;
  for (const priceCents of prices) {
    const gainAt = (elasticity: number): number =>
      ((priceCents - costCents) * demandAt(priceCents, currentCents, elasticity) - now) / yardstick;
    const gain = Math.min(gainAt(answer.low), gainAt(answer.high));
    if (!best || gain > best.gain) best = { priceCents, gain };
  }
  return best;
}

function priced(
  kind: PriceSuggestion["kind"],
  priceCents: Cents,
  floorCents: Cents,
  question: PriceQuestion,
  answer: Answer | undefined,
): PriceSuggestion {
  if (!answer) return { kind, priceCents, floorCents };
  return { kind, priceCents, floorCents, expected: expectedChange(priceCents, { ...question, answer }) };
}

/** What a price would do, in the middle and at both ends. */
export function expectedChange(
  priceCents: Cents,
  { currentCents, costCents, answer }: PriceQuestion & { answer: Answer },
): NonNullable<PriceSuggestion["expected"]> {
  const held = believable(answer);
  const over = (of: (elasticity: number) => number): Change => {
    const ends = [of(held.low), of(held.high)].sort((a, b) => a - b);
    return { low: ends[0]!, mid: of(held.mid), high: ends[1]! };
  };
  const sales = (elasticity: number): number => demandAt(priceCents, currentCents, elasticity);
  const now = costCents === undefined ? 0 : currentCents - costCents;
  return {
    sales: over((elasticity) => sales(elasticity) - 1),
    takings: over((elasticity) => (priceCents / currentCents) * sales(elasticity) - 1),
    ...(costCents !== undefined &&
      now > 0 && { profit: over((elasticity) => ((priceCents - costCents) / now) * sales(elasticity) - 1) }),
  };
}
