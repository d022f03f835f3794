import { roundHalfUp } from "@almanac/kernel";
import { beyond, expectedSales, together } from "../demand.ts";
import type { Advice, FarmFacts, ProductFacts } from "../facts.ts";
import { priorityBefore } from "../priority.ts";
import { amount, dayInWords, perCent, roughly } from "../words.ts";

/** Believed while nothing has been learned: 10 % off sells 12 % more. */
const assumedElasticity = -1.2;
const ladder = [0.1, 0.2, 0.3, 0.4];

/**
 * What will not keep until the market day after the next: of four steps down, the price that takes in most on the one day
 * that is left, at all its markets, salvage of the rest included; it is asked until that day is over. What it cost is spent already, so the floor is what it is worth unsold.
 * Nothing is said while another price of the farm runs or is to come until then.
 */
export function markDown(product: ProductFacts, { now }: FarmFacts): Advice[] {
  const [next] = product.days;
  if (!next || now >= next.startsAt) return [];
  if (next.isPricePlanned) return [];
  const { money, perBase, onHandBase, sellingTodayBase = 0, crateBase, name, baseUnit } = product;
  const ofDay = product.days.filter(({ day }) => day === next.day);
  const after = product.days.find(({ day }) => day > next.day);
  const old = sum(product.lots.filter(({ bestBefore }) => !after || bestBefore < after.day));
  // What sells today is of the oldest.
  const must = Math.min(onHandBase, old) - sellingTodayBase;
  const asked = together(ofDay.map(({ demand, orderedBase }) => beyond(demand, orderedBase)));
  const left = must - expectedSales(asked, must);
  if (must <= 0 || left < crateBase) return [];
  const worthAt = (price: number): number => {
    const more = (price / money.price) ** (product.elasticity ?? assumedElasticity);
    const { p10, p50, p90 } = asked;
    const sold = expectedSales({ p10: p10 * more, p50: p50 * more, p90: p90 * more }, must);
    return (price * sold + money.salvage * (must - sold)) / perBase;
  };
  const floor = Math.max(money.salvage, 1);
  const prices = ladder
    .map((off) => roundHalfUp((money.price * (1 - off)) / 5) * 5)
    .filter((price) => price >= floor);
  let best = money.price;
  for (const price of prices) if (worthAt(price) > worthAt(best)) best = price;
  if (best === money.price) return [];
  const off = 1 - best / money.price;
  return [
    {
      type: "MARK_DOWN",
      productId: product.productId,
      marketId: next.marketId,
      marketDay: next.day,
      currentBase: onHandBase,
      recommendedBase: Math.round(left),
      reasoning:
        `Sell ${name} for ${perCent(off)} less until ${dayInWords(next.day)}: ${amount(must, baseUnit)} will not keep until ` +
        `the market day after, and ${roughly(left, baseUnit)} would be left` +
        `${product.elasticity === undefined ? "; how many more a lower price sells is assumed" : ""}.`,
      priority: priorityBefore(next.startsAt, now),
      validUntil: next.startsAt,
      gainCents: Math.round(worthAt(best) - worthAt(money.price)),
      details: { kind: "price", variantId: product.variantId, fromCents: money.price, toCents: best },
    },
  ];
}

const sum = (lots: ProductFacts["lots"]): number => lots.reduce((total, lot) => total + lot.quantityBase, 0);
