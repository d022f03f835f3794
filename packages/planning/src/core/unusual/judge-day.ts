import type { UnusualReason } from "@almanac/db/schema";
import type { FarmId, ProductId } from "@almanac/kernel";
import { surpriseOf, type ForecastBounds } from "./surprise.ts";

/** What was sold on a market day of a product that sells regularly, and what had been forecast. Base units. */
export interface DayOfProduct extends ForecastBounds {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly soldBase: number;
  /** The largest that one buyer took. */
  readonly largestBase: number;
  /** Cents that the forecast was for; `null` where none was known. */
  readonly priceCents: number | null;
  /** The farm had said that it stays at home. */
  readonly isAway: boolean;
}

export interface Surprising<Product extends DayOfProduct = DayOfProduct> {
  readonly product: Product;
  /** Above 0 where more was sold than was forecast, see `surpriseOf`. */
  readonly surprise: number;
  /** Nothing at all was sold at the farm's stall. */
  readonly isStall: boolean;
}

/** Distances from the middle to the bound from which a day is unusual, see docs/benches/planning.md. */
export const unusualFrom = { more: 2.2, less: 2.5 } as const;
/** Products that would all have sold something, for nothing sold to be told of the stall and not of each. */
const leastOfStall = 3;

/**
 * Days of one market that are far from what was forecast. A farm that stays at home is left out; where a farm of three products
 * or more that always sell something sold nothing at all, it is the stall that is told of.
 */
export function surprisingDays<Product extends DayOfProduct>(day: readonly Product[]): Surprising<Product>[] {
  const farms = Map.groupBy(
    day.filter(({ isAway }) => !isAway),
    ({ farmId }) => farmId,
  );
  return [...farms.values()].flatMap((own): Surprising<Product>[] => {
    const sure = own.filter(({ p10 }) => p10 > 0);
    const isStall = sure.length >= leastOfStall && own.every(({ soldBase }) => soldBase === 0);
    if (isStall) return sure.map((product) => ({ product, surprise: surpriseOf(0, product), isStall }));
    return own.flatMap((product) => {
      const surprise = surpriseOf(product.soldBase, product);
      return isUnusual(surprise) ? [{ product, surprise, isStall }] : [];
    });
  });
}

export const isUnusual = (surprise: number): boolean =>
  surprise >= unusualFrom.more || surprise <= -unusualFrom.less;

/** What is known of a day that may explain it. */
export interface DayFacts {
  /** Holidays near by, in words. */
  readonly holiday: string | undefined;
  readonly isWet: boolean;
  /** Since when what hid its demand was gone, in words. */
  readonly gone: ReadonlyMap<ProductId, string>;
  /** Cents that were asked of who ordered and of walk-ins. */
  readonly asked: ReadonlyMap<ProductId, { readonly orderedCents: number; readonly walkInCents: number }>;
}

export interface Explained {
  readonly reason: UnusualReason;
  readonly reasonText: string;
}

/** A price that differs by less moves nobody so far. */
const leastPriceChange = 0.05;
/** So many times what was likely is beyond what holidays, weather and prices do: a slip of the pen is not excused by them. */
const mostExplained = 3;

/** What explains a surprising day; `none` where nothing that is known does. What points the other way explains nothing. */
export function explain({ product, surprise, isStall }: Surprising, facts: DayFacts): Explained {
  const { productId, soldBase, p50 } = product;
  const isLess = surprise < 0;
  const gone = facts.gone.get(productId);
  if (isLess && gone !== undefined) return { reason: "sold out", reasonText: gone };
  const isWithinReason = isLess || soldBase <= mostExplained * p50;
  if (facts.holiday !== undefined && isWithinReason) return { reason: "holiday", reasonText: facts.holiday };
  if (isStall) return { reason: "stall", reasonText: "" };
  const price = isWithinReason ? priceChange(product, isLess, facts) : undefined;
  if (price !== undefined) return { reason: "price", reasonText: price };
  if (isLess && facts.isWet && soldBase > 0) return { reason: "weather", reasonText: "It rained" };
  return { reason: "none", reasonText: "" };
}

/** A price that moves sales the way that they went, in words. */
function priceChange(
  { productId, priceCents }: DayOfProduct,
  isLess: boolean,
  { asked }: DayFacts,
): string | undefined {
  const own = asked.get(productId);
  if (!own || priceCents === null || priceCents <= 0) return undefined;
  const cents = (isLess ? Math.max : Math.min)(own.orderedCents, own.walkInCents);
  const change = cents / priceCents - 1;
  if (isLess ? change < leastPriceChange : change > -leastPriceChange) return undefined;
  const percent = Math.round(100 * Math.abs(change));
  return `The price was ${percent} % ${isLess ? "above" : "below"} what was expected`;
}

/** Alarms that a farm hears a week at most; a stall at which nothing was sold is one. */
export const mostToldInWeek = 3;

/**
 * Which of a farm's unexplained days are told, the most surprising first.
 *
 * @param found of one farm and market day
 * @param toldInWeek what it was told in that week before
 */
export function chooseTold<One extends Surprising & Explained>(
  found: readonly One[],
  toldInWeek: number,
): ReadonlySet<One> {
  const open = found.filter(({ reason }) => reason === "none" || reason === "stall");
  const left = Math.max(0, mostToldInWeek - toldInWeek);
  if (open.some(({ reason }) => reason === "stall")) return new Set(left > 0 ? open : []);
  return new Set(open.toSorted((a, b) => Math.abs(b.surprise) - Math.abs(a.surprise)).slice(0, left));
}

/** A single buyer who took so much of the day, and so many times what was likely in all, stands out. */
const largestShare = 0.6;

/** The largest single entry where most of a day that is too high comes from it; `null` where none stands out. */
export function standingOut({ soldBase, largestBase, p50 }: DayOfProduct, surprise: number): number | null {
  return surprise > 0 && largestBase >= largestShare * soldBase && largestBase > p50 ? largestBase : null;
}
