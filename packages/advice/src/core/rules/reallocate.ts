import type { Advice, FarmFacts } from "../facts.ts";
import { profitOf, type PlannedLoad } from "../plan-loads.ts";
import { priorityBefore } from "../priority.ts";
import { amount, dayInWords, roughly } from "../words.ts";

/**
 * Where a farmer means to bring more to one market than is wanted there nine times out of ten, and to another less than
 * pays best: move the difference, in crates.
 *
 * @param loads of one product, of all its market days
 */
export function reallocate(loads: readonly PlannedLoad[], { now }: FarmFacts): Advice[] {
  const decided = loads.filter(({ day }) => day.plannedBase !== undefined && now < day.startsAt);
  const over = decided
    .map((load) => ({ load, spare: load.day.plannedBase! - Math.max(load.day.demand.p90, load.bringBase) }))
    .sort((a, b) => b.spare - a.spare)[0];
  const short = decided
    .map((load) => ({ load, missing: load.bringBase - load.day.plannedBase! }))
    .sort((a, b) => b.missing - a.missing)[0];
  if (!over || !short || over.load === short.load) return [];
  const { product } = over.load;
  const { crateBase, name, baseUnit } = product;
  const quantity = Math.floor(Math.min(over.spare, short.missing) / crateBase) * crateBase;
  if (quantity <= 0) return [];
  const from = over.load.day;
  const to = short.load.day;
  const before = profitOf(product, from, from.plannedBase!) + profitOf(product, to, to.plannedBase!);
  const moved =
    profitOf(product, from, from.plannedBase! - quantity) + profitOf(product, to, to.plannedBase! + quantity);
  const deadline = from.startsAt < to.startsAt ? from.startsAt : to.startsAt;
  return [
    {
      type: "REALLOCATE",
      productId: product.productId,
      marketId: to.marketId,
      marketDay: to.day,
      currentBase: to.plannedBase!,
      recommendedBase: quantity,
      reasoning:
        `Move ${amount(quantity, baseUnit)} of ${name} from ${from.marketName} on ${dayInWords(from.day)}, where ` +
        `${roughly(from.demand.p90, baseUnit)} are enough 9 of 10 times, to ${to.marketName} on ${dayInWords(to.day)}, where ` +
        `${roughly(short.missing, baseUnit)} are missing.`,
      priority: priorityBefore(deadline, now),
      validUntil: deadline,
      gainCents: Math.max(0, Math.round(moved - before)),
      details: {
        kind: "move",
        fromMarketId: from.marketId,
        fromDay: from.day,
        toMarketId: to.marketId,
        toDay: to.day,
      },
    },
  ];
}
