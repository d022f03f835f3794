import type { DatabaseHandle } from "@almanac/db";
import { listPriceChanges, type RecordedPriceChange } from "@almanac/catalog";
import { days, type Clock } from "@almanac/kernel";
import { readPastDemand, type DemandHistory } from "@almanac/planning";
import { elasticitiesOf } from "./core/elasticities.ts";
import type { PricedDay } from "./core/own-elasticity.ts";
import { replaceElasticities, type StoredElasticity } from "./store/elasticities.ts";
import { listLeadPrices, readTurnout, turnoutKey, type LeadPrice } from "./store/priced-days.ts";

/** Days of sales that are learned from. */
const historyDays = 2 * 365;
/** Market days of late whose mean is what is asked for now. */
const recentDays = 6;

export interface LearningDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
}

/**
 * Learns of every product how its buyers answer to its price, from what was asked for on past market days at the prices of
 * those days, and keeps it. Days that were sold out early tell nothing about demand and are left out.
 *
 * @returns of how many products something can be said
 */
export async function learnElasticities({ handle, clock }: LearningDeps): Promise<{ products: number }> {
  const now = clock.now();
  const since = new Date(now.getTime() - days(historyDays));
  const [leads, turnout, changes] = await Promise.all([
    listLeadPrices(handle.db),
    readTurnout(handle.db, { since, now }),
    listPriceChanges(handle.db, { since }),
  ]);
  const known = await readPastDemand(handle.db, { since, now, products: leads });
  const histories = Map.groupBy(known.histories, ({ productId }) => productId);
  const priced = leads.map((lead) => ({
    lead,
    days: (histories.get(lead.productId) ?? [])
      .flatMap((history) => pricedDays(history, lead, changes.get(lead.variantId) ?? [], turnout))
      .sort((a, b) => a.day - b.day),
  }));
  const found = elasticitiesOf(
    priced.map(({ lead, days: own }) => ({ id: lead.productId, category: lead.category, days: own })),
  );
  const rows = found.map(({ id: _id, ...one }, at): StoredElasticity => {
    const { productId, farmId } = priced[at]!.lead;
    return { productId, farmId, ...one, baseADay: recentDemand(histories.get(productId) ?? []), madeAt: now };
  });
  await handle.transaction((tx) => replaceElasticities(tx, rows));
  return { products: rows.length };
}

function pricedDays(
  { marketId, days: marketDays, sold, soldOut }: DemandHistory,
  lead: LeadPrice,
  changes: readonly RecordedPriceChange[],
  turnout: ReadonlyMap<string, number>,
): PricedDay[] {
  return marketDays.flatMap((marketDay, at): PricedDay[] => {
    const soldBase = sold[at];
    const buyers = turnout.get(turnoutKey(marketId, marketDay)) ?? 0;
    if (soldBase === null || soldBase === undefined || soldOut[at] || buyers === 0) return [];
    const priceCents = priceOn(marketDay, lead.unitPriceCents, changes);
    if (priceCents <= 0) return [];
    const day = Math.round(Date.parse(`${marketDay}T00:00:00Z`) / 86_400_000);
    return [{ day, soldBase, priceCents, turnout: buyers }];
  });
}

/** The price before a day began: what those who ordered for it mostly saw. */
function priceOn(day: string, currentCents: number, changes: readonly RecordedPriceChange[]): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  const next = changes.find(({ changedAt }) => changedAt.getTime() > at);
  return next ? next.oldPriceCents : currentCents;
}

/** What is asked for on a market day now, over all markets: the mean of the latest six of each. */
function recentDemand(histories: readonly DemandHistory[]): number {
  return histories.reduce((sum, { sold }) => {
    const latest = sold.filter((value) => value !== null).slice(-recentDays);
    return latest.length === 0
      ? sum
      : sum + latest.reduce((total, value) => total + value, 0) / latest.length;
  }, 0);
}
