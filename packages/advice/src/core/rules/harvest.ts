import { upToCrates } from "../crates.ts";
import type { Advice, FarmFacts } from "../facts.ts";
import { priorityBefore } from "../priority.ts";
import { profitOf, thereFor, type PlannedLoad } from "../plan-loads.ts";
import { amount, dayInWords, roughly, stockInWords } from "../words.ts";

/**
 * What grows, for its next market day: harvest what is missing to what is best brought, or less where more is there than
 * is wanted nine times out of ten.
 */
export function harvest({ product, day, bringBase }: PlannedLoad, { now }: FarmFacts): Advice[] {
  if (!product.isGrown || day !== product.days[0] || now >= day.startsAt) return [];
  const { name, baseUnit, onHandBase, crateBase, money, perBase } = product;
  const there = thereFor(product, day);
  const base = {
    productId: product.productId,
    marketId: day.marketId,
    marketDay: day.day,
    currentBase: onHandBase,
    priority: priorityBefore(day.startsAt, now),
    validUntil: day.startsAt,
    details: { kind: "quantity" },
  } as const;
  // A load that is not told in whole crates is small: what is missing of it is not rounded up to one either.
  const short = Math.max(0, bringBase - there);
  const missing = bringBase % crateBase === 0 ? upToCrates(short, crateBase) : short;
  if (missing > 0) {
    const gain = profitOf(product, day, bringBase) - profitOf(product, day, there);
    return [
      {
        ...base,
        type: "HARVEST_MORE",
        recommendedBase: missing,
        reasoning:
          `Harvest ${amount(missing, baseUnit)} of ${name} before ${dayInWords(day.day)}: ` +
          `${amount(bringBase, baseUnit)} should come along; ${stockInWords(product, day)}.`,
        gainCents: Math.max(0, Math.round(gain)),
      },
    ];
  }
  const surplus = there - Math.max(bringBase, day.demand.p90);
  if (surplus < crateBase) return [];
  // What would be harvested as usual, and is not needed.
  const spared = Math.min(surplus, upToCrates(day.demand.p50, crateBase));
  const wasted = (money.cost - money.salvage) / perBase;
  return [
    {
      ...base,
      type: "HARVEST_LESS",
      // Nothing has to be done for it.
      priority: "LOW",
      recommendedBase: Math.round(spared),
      reasoning:
        `Leave ${name} in the field before ${dayInWords(day.day)}; ${stockInWords(product, day)}, and ` +
        `9 of 10 times no more than ${roughly(day.demand.p90, baseUnit)} will be wanted.`,
      gainCents: Math.max(0, Math.round(spared * wasted)),
    },
  ];
}
