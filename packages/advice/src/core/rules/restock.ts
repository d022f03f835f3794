import { days } from "@almanac/kernel";
import { loadOf, upToCrates } from "../crates.ts";
import { meanDemand } from "../demand.ts";
import type { Advice, DayFacts, FarmFacts, ProductFacts } from "../facts.ts";
import { bestQuantity, criticalRatio, leanedRatio, reorderPoint, safetyStock } from "../newsvendor.ts";
import { thereFor } from "../plan-loads.ts";
import { priorityBefore } from "../priority.ts";
import { keepsPeriods, moneyOn } from "../shelf-life.ts";
import { amount, roughly } from "../words.ts";

/** Market days until what is ordered, baked or made is there. */
const leadPeriods = 1;
const z90 = 1.2815515655446004;

/**
 * What is made or bought: make more once stock falls to the reorder point, up to what one more market day needs, at all markets of
 * that day. Of what keeps no
 * longer than a market day, up to what is best brought to the next; of what each sale loses money by, none: what is ordered is
 * put aside already.
 */
export function restock(product: ProductFacts, { now, leaning }: FarmFacts): Advice[] {
  const [next] = product.days;
  if (product.isGrown || !next || now >= next.startsAt) return [];
  if (criticalRatio(moneyOn(product, next)) === 0) return [];
  const { name, baseUnit, onHandBase, crateBase } = product;
  const ofDay = product.days.filter(({ day }) => day === next.day);
  const orderedBase = ofDay.reduce((sum, day) => sum + day.orderedBase, 0);
  const there = thereFor(product, ...ofDay);
  const isSelling = (product.sellingTodayBase ?? 0) > 0;
  const marketDays = new Set(product.days.map(({ day }) => day)).size;
  const mean = product.days.reduce((sum, { demand }) => sum + meanDemand(demand), 0) / marketDays;
  const sd = Math.hypot(...ofDay.map(({ demand }) => (demand.p90 - demand.p10) / (2 * z90)));
  const keeps = keepsPeriods(product);
  const serviceLevel = leanedRatio(criticalRatio(product.money), leaning);
  const of = { mean, sd, leadPeriods, serviceLevel, ...(keeps !== undefined && { keepsPeriods: keeps }) };
  const point = reorderPoint(of);
  if (there > point || mean <= 0) return [];
  const isOfOneDay = keeps !== undefined && keeps <= 1;
  const upTo = isOfOneDay ? bestOfDay(product, ofDay, leaning) : mean * (leadPeriods + 1) + safetyStock(of);
  // A load that is not told in whole crates is small: what is missing of it is not rounded up to one either.
  const isSmall = isOfOneDay && upTo % crateBase !== 0;
  const quantity = isSmall ? Math.ceil(upTo - there) : upToCrates(upTo - there, crateBase);
  if (quantity <= 0) return [];
  const { price, cost } = product.money;
  const short = Math.max(0, Math.min(mean, upTo) - there);
  return [
    {
      type: "RESTOCK",
      productId: product.productId,
      marketId: next.marketId,
      marketDay: next.day,
      currentBase: onHandBase,
      recommendedBase: quantity,
      reasoning:
        `Get ${amount(quantity, baseUnit)} more of ${name}: there are ${isSelling ? "about " : ""}${amount(there, baseUnit)}` +
        `${isSelling ? " once today's market is over" : ""}` +
        `${orderedBase > 0 ? `, ${amount(orderedBase, baseUnit)} of it put aside for orders` : ""}, and below ` +
        `${roughly(point, baseUnit)} it may run out before more is there. About ${roughly(mean, baseUnit)} are sold on a market day` +
        `${isOfOneDay ? ", and what is left does not keep until the one after" : ""}.`,
      priority: priorityBefore(next.startsAt, now),
      validUntil: new Date(Math.max(next.startsAt.getTime(), now.getTime() + days(1))),
      gainCents: Math.max(0, Math.round((short * (price - cost)) / product.perBase)),
      details: { kind: "quantity" },
    },
  ];
}

/** What is best brought to all markets of one day. */
function bestOfDay(product: ProductFacts, ofDay: readonly DayFacts[], leaning: number): number {
  return ofDay.reduce((sum, day) => {
    const ratio = leanedRatio(criticalRatio(moneyOn(product, day)), leaning);
    return sum + loadOf(bestQuantity(day.demand, ratio), product.crateBase, day.orderedBase);
  }, 0);
}
