import { days } from "@almanac/kernel";
import { upToCrates } from "../crates.ts";
import type { Advice, FarmFacts, ProductFacts } from "../facts.ts";
import { amount } from "../words.ts";

/** Sold out on so many of the latest eight market days: it is not luck. */
const oftenSoldOut = 3;
/** Market days that have to be known before something is taken off the list. */
const leastDays = 6;

/** What grows and was sold out again and again: plant more for the coming weeks. */
export function plant(product: ProductFacts, { now }: FarmFacts): Advice[] {
  const [next] = product.days;
  const { recent, name, baseUnit, crateBase, money, perBase } = product;
  if (!product.isGrown || !next || recent.soldOutDays < oftenSoldOut || next.demand.p90 <= 0) return [];
  const extra = upToCrates(Math.max(0, next.demand.p90 - next.demand.p50), crateBase);
  if (extra <= 0) return [];
  return [
    {
      type: "PLANT",
      productId: product.productId,
      currentBase: next.demand.p50,
      recommendedBase: extra,
      reasoning:
        `Plant more ${name}: it was sold out on ${recent.soldOutDays} of the last ${recent.days} market days that had any. Another ` +
        `${amount(extra, baseUnit)} a market day would find buyers in a good week.`,
      priority: "LOW",
      validUntil: new Date(now.getTime() + days(14)),
      gainCents: Math.max(0, Math.round((0.5 * extra * (money.price - money.cost)) / perBase)),
      details: { kind: "quantity" },
    },
  ];
}

/** What nearly nobody buys, or what loses money with each sale at any of its prices: take it off the list. */
export function stopSelling(product: ProductFacts, { now }: FarmFacts): Advice[] {
  const [next] = product.days;
  const { recent, name, money, isCostAssumed, usualPriceCents = money.price } = product;
  // A lower price for some days says nothing of the others, nor of the time after all of them.
  const price = Math.max(
    money.price,
    usualPriceCents,
    ...product.days.map(({ priceCents = 0 }) => priceCents),
  );
  const losesMoney = !isCostAssumed && price < money.cost;
  const isUnsold =
    recent.days >= leastDays &&
    recent.soldDays <= 1 &&
    product.days.every(({ orderedBase }) => orderedBase === 0);
  // What loses money does so the more, the more is ordered.
  if (!next || (!losesMoney && !isUnsold)) return [];
  return [
    {
      type: "STOP_SELLING",
      productId: product.productId,
      currentBase: product.onHandBase,
      recommendedBase: 0,
      reasoning: losesMoney
        ? `Take ${name} off the list, or raise its price: each sale earns less than it costs.`
        : `Take ${name} off the list: it was bought on ${recent.soldDays} of the last ${recent.days} market days that had any.`,
      priority: "LOW",
      validUntil: new Date(now.getTime() + days(14)),
      details: { kind: "quantity" },
    },
  ];
}
