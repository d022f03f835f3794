import type { Cents } from "@almanac/kernel";
import { priceAtLeast, priceAtMost } from "./price-steps.ts";

export interface MarkDownQuestion {
  readonly priceCents: Cents;
  readonly currency: string;
  /** What is still earned by what is not sold, for the amount that the price is for. */
  readonly salvageCents: number;
  /** How buyers answer, below 0. */
  readonly elasticity: number;
  /** What is asked for on a market day. */
  readonly unitsADay: number;
}

export interface MarkDownRung {
  /** Minutes before the market closes. */
  readonly minutesBefore: number;
  /** When more than this is left. */
  readonly leftAbove: number;
  readonly priceCents: Cents;
}

/** Of a day's sales, what is usually still to come: the second half of a morning sells less than the first. */
const stillToCome = [
  { minutesBefore: 90, share: 0.2 },
  { minutesBefore: 60, share: 0.12 },
  { minutesBefore: 30, share: 0.05 },
] as const;
/** Times what would still be sold at the full price. */
const overhangs = [1.5, 2, 3] as const;
const deepest = 0.5;

/**
 * What to ask at the end of a market day for what would otherwise go home, by how late it is and how much is left: the
 * price at which about that much still sells, never below half of the price nor below what the farm earns with it
 * unsold. The cost is spent by then, so that the floor of a list price does not hold here.
 *
 * price x (left / expected)^(1 / elasticity)
 *
 * @returns the gentlest first at each time; rungs that would not change the price are left out
 */
export function markDownLadder(question: MarkDownQuestion): MarkDownRung[] {
  const { priceCents, currency, salvageCents, unitsADay } = question;
  const elasticity = Math.min(-0.5, question.elasticity);
  const least = Math.max(salvageCents, priceCents * (1 - deepest));
  if (!(unitsADay > 0)) return [];
  return stillToCome.flatMap(({ minutesBefore, share }) => {
    const rungs: MarkDownRung[] = [];
    for (const overhang of overhangs) {
      const clearing = priceAtMost(priceCents * overhang ** (1 / elasticity), currency);
      const price = Math.max(priceAtLeast(least, currency), clearing);
      const previous = rungs.at(-1)?.priceCents ?? priceCents;
      if (price < previous)
        rungs.push({ minutesBefore, leftAbove: overhang * share * unitsADay, priceCents: price });
    }
    return rungs;
  });
}
