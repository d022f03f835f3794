import type { Queryable } from "@almanac/db";
import {
  atMarketTime,
  marketDay as marketDayAt,
  type BaseUnit,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import { dayKey } from "./core/demand-history.ts";
import { learnProfile, type DayProfile, type TimedSale } from "./core/day-profile.ts";
import { nowcast, type Expected } from "./core/nowcast.ts";
import { heldAgainst, readBookings } from "./expected-demand.ts";
import {
  listFarmMarkets,
  listPastSales,
  listStallProducts,
  type OpenMarket,
  type PastSale,
  type StallProduct,
} from "./store/market-day.ts";

export interface ProductNow {
  readonly productId: ProductId;
  readonly name: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  /** Ordered for the day, beside what walk-ins buy. */
  readonly orderedBase: number;
  readonly soldBase: number;
  readonly leftBase: number;
  /** Of the whole day, with what is ordered: as expected before it began; `null` where nothing was forecast. */
  readonly morning: Expected | null;
  /** The same, with what is known now. */
  readonly now: Expected;
  readonly sellOutChance: number;
  readonly sellsOutAt: Date | null;
}

export interface DayNow {
  readonly market: OpenMarket;
  readonly day: CalendarDay;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly products: readonly ProductNow[];
}

/**
 * A farm's market day as it stands: what was sold to walk-ins, what the day will come to by that, and what may sell out when.
 *
 * @param productId one product alone
 * @returns `undefined` where the farm has no stall at the market
 */
export async function dayNow(
  db: Queryable,
  now: Date,
  { farmId, marketId, productId }: { farmId: FarmId; marketId: MarketId; productId?: ProductId },
): Promise<DayNow | undefined> {
  const market = (await listFarmMarkets(db, farmId)).find(({ id }) => id === marketId);
  if (!market) return undefined;
  const day = marketDayAt(now, market.timeZone);
  const opensAt = wallTime(day, market.opensAt, market.timeZone);
  const closesAt = wallTime(day, market.closesAt, market.timeZone);
  const scope = { farmId, marketId, day, ...(productId && { productId }) };
  const [products, past, bookings] = await Promise.all([
    listStallProducts(db, scope),
    listPastSales(db, scope, market.timeZone),
    readBookings(db, farmId, [day], now),
  ]);
  const { ordered } = bookings;
  const mornings = morningsOf(products, scope, bookings);
  const profileOf = profiles(past, market);
  const partOf = (at: Date): number =>
    (at.getTime() - opensAt.getTime()) / (closesAt.getTime() - opensAt.getTime());
  const timeAt = (part: number): Date =>
    new Date(opensAt.getTime() + part * (closesAt.getTime() - opensAt.getTime()));
  return {
    market,
    day,
    opensAt,
    closesAt,
    products: products.map((product) => {
      const orderedBase = ordered.get(dayKey(product.productId, marketId, day)) ?? 0;
      const morning = mornings.get(product.productId) ?? null;
      const { sellOutChance, sellsOutAt, ...walkIns } = nowcast({
        expected: expectedOfWalkIns(product, morning, orderedBase),
        profile: profileOf(product),
        at: partOf(now),
        soldBase: product.soldBase,
        leftBase: product.leftBase,
        saleBase: product.saleBase,
        ...(product.leftBase <= 0 && product.lastSaleAt && { soldOutAt: partOf(product.lastSaleAt) }),
      });
      return {
        productId: product.productId,
        name: product.name,
        picture: product.picture,
        baseUnit: product.baseUnit,
        orderedBase,
        soldBase: product.soldBase,
        leftBase: product.leftBase,
        morning,
        now: plus(walkIns, orderedBase),
        sellOutChance,
        sellsOutAt: sellsOutAt === undefined ? null : timeAt(sellsOutAt),
      };
    }),
  };
}

const plus = ({ p10, p50, p90 }: Expected, base: number): Expected => ({
  p10: p10 + base,
  p50: p50 + base,
  p90: p90 + base,
});

/**
 * What was expected of the day before it began, by product: the forecast held against the order book, which by now is closed,
 * as it was on days before.
 */
function morningsOf(
  products: readonly StallProduct[],
  { marketId, day }: { marketId: MarketId; day: CalendarDay },
  { ordered, curveOf }: Awaited<ReturnType<typeof readBookings>>,
): Map<ProductId, Expected> {
  return new Map(
    products.flatMap(({ productId, p10, p50, p90 }): [ProductId, Expected][] => {
      if (p10 === null || p50 === null || p90 === null) return [];
      const forecast = { productId, marketId, marketDay: day, p10, p50, p90 };
      const orderedBase = ordered.get(dayKey(productId, marketId, day)) ?? 0;
      const expected = heldAgainst(forecast, orderedBase, curveOf);
      return [[productId, { p10: expected.p10, p50: expected.p50, p90: expected.p90 }]];
    }),
  );
}

/** A tenth of the day's demand at least comes without an order. */
const leastWalkIns = 0.1;

/**
 * What walk-ins will want, before the first one came: what is expected of the day less what is ordered. Where there is no
 * forecast, what was brought stands in, as the farmer expects to sell most of it.
 */
function expectedOfWalkIns(
  { leftBase, soldBase }: StallProduct,
  morning: Expected | null,
  orderedBase: number,
): Expected {
  if (morning) {
    const p50 = Math.max(morning.p50 - orderedBase, leastWalkIns * morning.p50);
    return {
      p10: Math.min(p50, morning.p10 - orderedBase),
      p50,
      p90: Math.max(p50, morning.p90 - orderedBase),
    };
  }
  const broughtBase = leftBase + soldBase;
  return { p10: 0.3 * broughtBase, p50: 0.7 * broughtBase, p90: 1.1 * broughtBase };
}

/** Each product's profile, drawn towards its category's, drawn towards all that the farm sells at the market. */
function profiles(past: readonly PastSale[], market: OpenMarket): (product: StallProduct) => DayProfile {
  const opens = minuteOf(market.opensAt);
  const length = Math.max(1, minuteOf(market.closesAt) - opens);
  const timed = ({ minute, base }: PastSale): TimedSale => ({ at: (minute - opens) / length, base });
  const all = learnProfile(past.map(timed));
  const learnEach = (groups: Map<string, PastSale[]>) =>
    new Map([...groups].map(([key, sales]) => [key, sales.map(timed)]));
  const ofCategory = learnEach(Map.groupBy(past, ({ category }) => category));
  const ofProduct = learnEach(Map.groupBy(past, ({ productId }) => productId));
  return ({ productId, category }) =>
    learnProfile(ofProduct.get(productId) ?? [], learnProfile(ofCategory.get(category) ?? [], all));
}

const minuteOf = (wall: string): number => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));

const wallTime = (day: CalendarDay, wall: string, timeZone: string): Date =>
  atMarketTime(day, Number(wall.slice(0, 2)), Number(wall.slice(3, 5)), timeZone);
