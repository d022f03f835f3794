import { upToCrates } from "../crates.ts";
import type { Advice, AdviceDetails, DayFacts, FarmFacts } from "../facts.ts";
import { priorityBefore } from "../priority.ts";
import { comesAlong, profitOf, thereFor, type PlannedLoad } from "../plan-loads.ts";
import { amount, dayInWords, roughly, stockInWords } from "../words.ts";

/**
 * What grows, for its next market day, at all markets of that day: harvest what is missing to what comes along, as planned or
 * else as is best, or less where more is there than that and than is wanted nine times out of ten.
 *
 * @param ofProduct all loads of one product
 */
export function harvest(ofProduct: readonly PlannedLoad[], { now }: FarmFacts): Advice[] {
  const [first] = ofProduct;
  if (!first) return [];
  const { product, day: next } = first;
  const loads = ofProduct.filter(({ day }) => day.day === next.day);
  const startsAt = new Date(Math.min(...loads.map(({ day }) => day.startsAt.getTime())));
  if (!product.isGrown || now >= startsAt) return [];
  const { name, baseUnit, onHandBase, crateBase, money, perBase } = product;
  const sumOf = (of: (load: PlannedLoad) => number): number => loads.reduce((sum, load) => sum + of(load), 0);
  const orderedBase = sumOf(({ day }) => day.orderedBase);
  const there = thereFor(product, ...loads.map(({ day }) => day));
  const along = sumOf(comesAlong);
  const inStock = stockInWords(product, { orderedBase });
  const base = {
    productId: product.productId,
    marketId: next.marketId,
    marketDay: next.day,
    currentBase: onHandBase,
    priority: priorityBefore(startsAt, now),
    validUntil: startsAt,
  } as const;
  // A load that is not told in whole crates is small: what is missing of it is not rounded up to one either.
  const short = Math.max(0, along - there);
  const missing = along % crateBase === 0 ? upToCrates(short, crateBase) : short;
  if (missing > 0) {
    // What is there beside the orders would be shared as what comes along is.
    const share = along > orderedBase ? (there - orderedBase) / (along - orderedBase) : 0;
    const gain = sumOf((load) => {
      const { day } = load;
      const without = day.orderedBase + share * (comesAlong(load) - day.orderedBase);
      return profitOf(product, day, comesAlong(load)) - profitOf(product, day, without);
    });
    const bringing = loads.filter((load) => comesAlong(load) > 0);
    const markets = bringing.map((load) => `${amount(comesAlong(load), baseUnit)} to ${load.day.marketName}`);
    return [
      {
        ...base,
        type: "HARVEST_MORE",
        recommendedBase: missing,
        reasoning:
          `Harvest ${amount(missing, baseUnit)} of ${name} before ${dayInWords(next.day)}: ` +
          `${amount(along, baseUnit)} should come along${markets.length > 1 ? ` (${markets.join(", ")})` : ""}; ${inStock}.`,
        gainCents: Math.max(0, Math.round(gain)),
        details: detailsOf(next, bringing),
      },
    ];
  }
  const likelyMost = sumOf(({ day }) => day.demand.p90);
  const surplus = there - sumOf((load) => Math.max(comesAlong(load), load.day.demand.p90));
  if (surplus < crateBase) return [];
  // What would be harvested as usual, and is not needed.
  const spared = Math.min(
    surplus,
    upToCrates(
      sumOf(({ day }) => day.demand.p50),
      crateBase,
    ),
  );
  const wasted = (money.cost - money.salvage) / perBase;
  return [
    {
      ...base,
      type: "HARVEST_LESS",
      // Nothing has to be done for it.
      priority: "LOW",
      recommendedBase: Math.round(spared),
      reasoning:
        `Leave ${name} in the field before ${dayInWords(next.day)}; ${inStock}, and ` +
        `9 of 10 times no more than ${roughly(likelyMost, baseUnit)} will be wanted.`,
      gainCents: Math.max(0, Math.round(spared * wasted)),
      details: detailsOf(next, loads),
    },
  ];
}

/** What it is for beside the first market of its day. */
function detailsOf({ marketId: own }: DayFacts, loads: readonly PlannedLoad[]): AdviceDetails {
  const others = loads.map(({ day }) => day.marketId).filter((marketId) => marketId !== own);
  return { kind: "quantity", ...(others.length > 0 && { otherMarketIds: others }) };
}
