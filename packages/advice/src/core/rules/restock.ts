import { days } from "@almanac/kernel";
import { upToCrates } from "../crates.ts";
import { meanDemand } from "../demand.ts";
import type { Advice, FarmFacts, ProductFacts } from "../facts.ts";
import { criticalRatio, leanedRatio, reorderPoint, safetyStock } from "../newsvendor.ts";
import { thereFor } from "../plan-loads.ts";
import { priorityBefore } from "../priority.ts";
import { keepsPeriods } from "../shelf-life.ts";
import { amount, roughly } from "../words.ts";

/** Market days until what is ordered, baked or made is there. */
const leadPeriods = 1;
const z90 = 1.2815515655446004;

/** What is made or bought: make more once stock falls to the reorder point, up to what one more market day needs. */
export function restock(product: ProductFacts, { now, leaning }: FarmFacts): Advice[] {
  const [next] = product.days;
  if (product.isGrown || !next || now >= next.startsAt) return [];
  const { name, baseUnit, onHandBase, crateBase } = product;
  const there = thereFor(product, next);
  const isSelling = (product.sellingTodayBase ?? 0) > 0;
  const mean = product.days.reduce((sum, { demand }) => sum + meanDemand(demand), 0) / product.days.length;
  const sd = (next.demand.p90 - next.demand.p10) / (2 * z90);
  const keeps = keepsPeriods(product);
  const serviceLevel = leanedRatio(criticalRatio(product.money), leaning);
  const of = { mean, sd, leadPeriods, serviceLevel, ...(keeps !== undefined && { keepsPeriods: keeps }) };
  const point = reorderPoint(of);
  if (there > point || mean <= 0) return [];
  const upTo = mean * (leadPeriods + 1) + safetyStock(of);
  const quantity = upToCrates(upTo - there, crateBase);
  if (quantity < crateBase) return [];
  const { price, cost } = product.money;
  const short = Math.max(0, mean - there);
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
        `${next.orderedBase > 0 ? `, ${amount(next.orderedBase, baseUnit)} of it put aside for orders` : ""}, and below ` +
        `${roughly(point, baseUnit)} it may run out before more is there. About ${roughly(mean, baseUnit)} are sold on a market day.`,
      priority: priorityBefore(next.startsAt, now),
      validUntil: new Date(Math.max(next.startsAt.getTime(), now.getTime() + days(1))),
      gainCents: Math.max(0, Math.round((short * (price - cost)) / product.perBase)),
      details: { kind: "quantity" },
    },
  ];
}
