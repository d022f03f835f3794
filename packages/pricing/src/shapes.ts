import type { ComingDay } from "@almanac/planning";
import { costFor, type OfferAdvice } from "./advising.ts";
import { markDownLadder } from "./core/mark-down.ts";
import { believable } from "./core/suggest-price.ts";
import { whatIf, type WhatIfPoint } from "./core/what-if.ts";

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

export interface WhatIfParts {
  readonly currency: string;
  /** The next market day. */
  readonly day: ComingDay | undefined;
  readonly askedCents: readonly number[];
}

/** Sales and takings of the next market day at some prices around today's; nothing where it is not forecast. */
export function presentWhatIf(
  { offer, answer }: OfferAdvice,
  { currency, day, askedCents }: WhatIfParts,
): { marketId: string; marketDay: string; points: WhatIfPoint[] } | null {
  if (!day || !offer.isLead) return null;
  const points = whatIf({
    nowCents: offer.unitPriceCents,
    expectedAtCents: day.priceCents ?? offer.unitPriceCents,
    currency,
    perBase: offer.unitPricePer,
    demand: day,
    askedCents,
    ...(answer && { answer }),
  });
  return points.length === 0 ? null : { marketId: day.marketId, marketDay: day.marketDay, points };
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
