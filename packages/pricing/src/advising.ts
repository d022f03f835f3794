import { comparablePriceCents } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import { days, priceForQuantity, type BaseUnit, type FarmId, type ProductId } from "@almanac/kernel";
import { answerOf } from "./core/believed-answer.ts";
import { priceBand, type PriceBand } from "./core/neighbours.ts";
import { suggestPrice, type Answer, type PriceSuggestion } from "./core/suggest-price.ts";
import { listCosts, type StoredCost } from "./store/costs.ts";
import { listDecisions, type StoredDecision } from "./store/decisions.ts";
import { listElasticities, type StoredElasticity } from "./store/elasticities.ts";
import { listOpenPlans } from "./store/price-plans.ts";
import { listMarketOffers, listOffers, readCurrency, type MarketOffer, type Offer } from "./store/offers.ts";

/** A suggestion that was dismissed is not made again for so long, while the price is the same. */
const dismissedFor = days(28);

export interface OfferAdvice {
  readonly offer: Offer;
  readonly cost?: StoredCost;
  readonly known?: StoredElasticity;
  readonly answer?: Answer;
  readonly suggestion: PriceSuggestion;
  readonly band?: PriceBand & { readonly over: "crop" | "category"; readonly where: "market" | "region" };
  /** It was dismissed at this price, and why it should not be shown again. */
  readonly dismissed?: StoredDecision;
}

/**
 * The advice on every price of a farm. It depends on costs, sales and other prices alone, never on who looks at the shop.
 */
export async function adviseFarm(
  db: Queryable,
  farmId: FarmId,
  now: Date,
): Promise<{ currency: string; advice: OfferAdvice[] }> {
  const [offers, costs, elasticities, others, decisions, currency, plans] = await Promise.all([
    listOffers(db, farmId),
    listCosts(db, farmId),
    listElasticities(db, farmId),
    listMarketOffers(db, farmId),
    listDecisions(db, farmId, new Date(now.getTime() - dismissedFor)),
    readCurrency(db, farmId),
    listOpenPlans(db, farmId),
  ]);
  const costOf = new Map(costs.map((cost) => [cost.productId, cost]));
  const knownOf = new Map(elasticities.map((one) => [one.productId, one]));
  const advice = offers.map((offer): OfferAdvice => {
    const cost = costOf.get(offer.productId);
    const known = knownOf.get(offer.productId);
    const answer = known && answerOf(known);
    const suggestion = suggestPrice({
      currentCents: offer.unitPriceCents,
      currency,
      ...(cost && {
        costCents: costFor(offer, cost).costCents,
        marginBasisPoints: cost.marginBasisPoints,
      }),
      ...(answer && { answer }),
      isPlanned: plans.some(
        ({ variantId, status, unitPriceCents }) =>
          variantId === offer.variantId && status === "running" && unitPriceCents === offer.unitPriceCents,
      ),
    });
    return {
      offer,
      cost,
      known,
      answer,
      suggestion,
      band: bandOf(offer, others, farmId),
      dismissed: decisions.find((one) => isDismissal(one, offer, suggestion)),
    };
  });
  return { currency, advice };
}

/** What the amount that a price is for costs, and what is earned with it unsold. */
export function costFor(
  { unitPricePer }: Pick<Offer, "unitPricePer">,
  { costCents, salvageCents, perBase }: Pick<StoredCost, "costCents" | "salvageCents" | "perBase">,
): { costCents: number; salvageCents: number } {
  return {
    // Rounded up: a floor that is a fraction of a cent too low is too low.
    costCents: Math.ceil((costCents * unitPricePer) / perBase - 1e-9),
    salvageCents: priceForQuantity(salvageCents, perBase, unitPricePer),
  };
}

function isDismissal(one: StoredDecision, offer: Offer, suggestion: PriceSuggestion): boolean {
  return (
    one.outcome === "dismissed" &&
    one.variantId === offer.variantId &&
    one.fromCents === offer.unitPriceCents &&
    one.suggestedCents === suggestion.priceCents
  );
}

/** Of the same crop where five other farms sell it, else of the category; at the farm's own markets before the region. */
function bandOf(offer: Offer, others: readonly MarketOffer[], farmId: FarmId): OfferAdvice["band"] {
  const comparable = others.filter(({ baseUnit }) => baseUnit === offer.baseUnit);
  const sets = [
    { over: "crop", rows: comparable.filter(({ crop }) => crop !== "" && crop === offer.crop) },
    { over: "category", rows: comparable.filter(({ category }) => category === offer.category) },
  ] as const;
  for (const { over, rows } of sets) {
    for (const where of ["market", "region"] as const) {
      const near = where === "market" ? rows.filter(({ isNeighbour }) => isNeighbour) : rows;
      const band = priceBand(
        near.map((row) => ({ farmId: row.farmId, comparableCents: comparableOf(row, offer.baseUnit) })),
        farmId,
      );
      if (band) return { ...band, over, where };
    }
  }
  return undefined;
}

const comparableOf = (row: MarketOffer, baseUnit: BaseUnit): number => comparablePriceCents(row, baseUnit);

/** The advice on one product's ways of selling; empty when the farm does not sell it. */
export function adviceOn(advice: readonly OfferAdvice[], productId: ProductId): OfferAdvice[] {
  return advice.filter(({ offer }) => offer.productId === productId);
}
