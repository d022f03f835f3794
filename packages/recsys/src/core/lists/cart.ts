import { shrunkConditional, togetherPartners } from "../candidates/bought-together.ts";
import type { TogetherPartner } from "../candidates/bought-together.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";

export interface CartComplement {
  readonly product: number;
  /** Sum over the lines of what each adds to the chance of buying it, 0..1. */
  readonly score: number;
  readonly confidence: number;
  /** The line that says most for it: what it "goes with". */
  readonly best: TogetherPartner;
  readonly goesWith: number;
}

/** A complement must be bought at least this much more often than chance with one of the lines. */
const minLift = 1.05;

/**
 * What completes a cart: the union of what goes with its lines, minus the lines, best first.
 *
 * Each line adds P(B|A) - P(B), shrunk; the cart's score is 1 minus the product of what is left. That is a noisy-or:
 * two lines that both ask for basil ask louder than one, and the score stays a probability. Staples, bought with
 * everything, gain nothing from any line.
 */
export function completeCart(snapshot: RecsysSnapshot, lines: readonly number[]): CartComplement[] {
  const inCart = new Set(lines);
  const found = new Map<
    number,
    { left: number; confidence: number; best: TogetherPartner; goesWith: number; gain: number }
  >();
  for (const line of inCart)
    for (const partner of togetherPartners(snapshot, line)) {
      if (inCart.has(partner.product) || partner.lift < minLift) continue;
      const targetOrders = snapshot.columns.basketCount[partner.product]!;
      const gain =
        shrunkConditional(partner.coOccurrences, partner.sourceOrders, targetOrders, partner.totalOrders) -
        targetOrders / partner.totalOrders;
      const known = found.get(partner.product);
      if (known === undefined) {
        found.set(partner.product, {
          left: 1 - gain,
          confidence: partner.confidence,
          best: partner,
          goesWith: line,
          gain,
        });
        continue;
      }
      known.left *= 1 - gain;
      known.confidence = Math.max(known.confidence, partner.confidence);
      if (gain > known.gain) Object.assign(known, { best: partner, goesWith: line, gain });
    }
  return [...found]
    .map(([product, { left, confidence, best, goesWith }]) => ({
      product,
      score: 1 - left,
      confidence,
      best,
      goesWith,
    }))
    .sort((a, b) => b.score - a.score || a.product - b.product);
}
