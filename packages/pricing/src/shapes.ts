import { costFor, type OfferAdvice } from "./advising.ts";
import { markDownLadder } from "./core/mark-down.ts";
import { pricesBetween } from "./core/price-steps.ts";
import { believable, demandAt } from "./core/suggest-price.ts";

/** What a page of prices needs of one way of selling. Cents are for the amount that the price is for. */
export function presentAdvice({ offer, cost, known, answer, suggestion, band, dismissed }: OfferAdvice) {
  return {
    ...offer,
    cost: cost
      ? { ...costFor(offer, cost), perBase: offer.unitPricePer, marginBasisPoints: cost.marginBasisPoints }
      : null,
    suggestion: {
      kind: suggestion.kind,
      priceCents: suggestion.priceCents,
      floorCents: suggestion.floorCents ?? null,
      expected: suggestion.expected ?? null,
    },
    isDismissed: dismissed !== undefined,
    decisionId: dismissed?.id ?? null,
    known:
      known && answer
        ? {
            elasticity: believable(answer),
            source: known.source,
            ownShare: known.ownShare,
            marketDays: known.marketDays,
            priceLevels: known.priceLevels,
            baseADay: known.baseADay,
          }
        : null,
    band: band ?? null,
  };
}

/** Sales on a market day by price, from two thirds to one and a half times of what is asked now; base units. */
export function presentCurve({ offer, known, answer }: OfferAdvice, currency: string) {
  if (!known || !answer || offer.unitPriceCents <= 0 || known.baseADay <= 0) return [];
  const held = believable(answer);
  const now = offer.unitPriceCents;
  const prices = pricesBetween(now / 1.5, now * 1.5, currency);
  const stride = Math.max(1, Math.ceil(prices.length / 24));
  return prices
    .filter((_, at) => at % stride === 0)
    .map((priceCents) => {
      const ends = [held.low, held.high].map((e) => known.baseADay * demandAt(priceCents, now, e));
      return {
        priceCents,
        base: known.baseADay * demandAt(priceCents, now, held.mid),
        lowBase: Math.min(...ends),
        highBase: Math.max(...ends),
      };
    });
}

/** What to ask at the end of the day; nothing where too little is known. `leftAboveBase` in base units. */
export function presentLadder({ offer, cost, known, answer }: OfferAdvice, currency: string) {
  if (!known || !answer) return [];
  return markDownLadder({
    priceCents: offer.unitPriceCents,
    currency,
    salvageCents: cost ? costFor(offer, cost).salvageCents : 0,
    elasticity: believable(answer).mid,
    unitsADay: known.baseADay / offer.unitPricePer,
  }).map(({ minutesBefore, leftAbove, priceCents }) => ({
    minutesBefore,
    leftAboveBase: leftAbove * offer.unitPricePer,
    priceCents,
  }));
}
