import { uncensoredDemand, weatherFrom, type WeatherColumns, type WeatherSource } from "@almanac/forecasting";
import {
  atMarketTime,
  days,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import { absentOf, isLongGone } from "./core/absences.ts";
import type { DaySales, DemandHistory, MarketDay } from "./core/demand-history.ts";
import { fingerprintOf } from "./core/fingerprint.ts";
import { dayNumberOf } from "./core/holidays.ts";
import { priceOn, type BuyingTimes, type OwnPrice, type PlannedDay } from "./core/own-prices.ts";
import type { ForecastingDeps } from "./forecasting-deps.ts";
import { readPastDemand, type PastDemand } from "./past-demand.ts";
import { listPlannedProducts, type MarketPlace, type PlannedProduct } from "./store/demand.ts";
import { seriesKey } from "./store/forecasts.ts";
import { listOwnPrices } from "./store/own-prices.ts";
import { listStalls, stallKey } from "./store/stalls.ts";

/** Days of demand that are learned from. */
export const historyDays = 3 * 365;
/** Market days with a known demand that it takes. */
const leastDays = 4;

/** Whether a forecast can be learned from a history. */
export const isLongEnough = ({ sold }: Pick<DemandHistory, "sold">): boolean =>
  sold.filter((value) => value !== null).length >= leastDays;

/** Whether nothing is to be expected of a product at a market, as it is gone for long (see `isLongGone`). */
export const isNotExpected = (
  history: DemandHistory,
  { absences, absent }: Pick<PastDemand, "absences" | "absent">,
  coming: readonly CalendarDay[],
): boolean =>
  isLongGone(history, absentOf(absent, history.productId, history.marketId), {
    isThere: absences.get(history.productId)?.at(-1)?.until !== Infinity,
    coming,
  });

/** One product at one market. */
export interface Series {
  readonly key: string;
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly history: DemandHistory;
  /** Base units a past market day, what sold-out days hid filled up; NaN where not known. */
  readonly demand: Float64Array;
  /** Cents for the product's usual quantity on past and coming market days; nothing where it has no price. */
  readonly prices?: Float64Array;
  /** What is planned to be asked on coming market days, in their order; nothing where nothing is. */
  readonly planned?: readonly (PlannedDay | undefined)[];
  readonly coming: readonly MarketDay[];
  /** It has not been there for long, and is not expected back: nothing is forecast of it. */
  readonly isLongGone: boolean;
  readonly fingerprint: string;
}

export interface Facts {
  readonly now: Date;
  readonly today: CalendarDay;
  readonly products: ReadonlyMap<ProductId, PlannedProduct>;
  readonly places: ReadonlyMap<MarketId, MarketPlace>;
  /** Of all calendar days from a market's first market day to its last; none where no source is named. */
  readonly weather: ReadonlyMap<MarketId, WeatherColumns>;
  /** Markets whose weather was asked for in vain. */
  readonly weatherFailed: ReadonlySet<MarketId>;
  readonly series: readonly Series[];
}

/** All that forecasts follow from, as of now. */
export async function readFacts(
  { handle, clock, onStage, weather: source }: ForecastingDeps,
  farmId?: FarmId,
): Promise<Facts> {
  const now = clock.now();
  const since = new Date(now.getTime() - days(historyDays));
  const ofFarm = farmId && { farmId };
  const [products, prices, stalls] = await Promise.all([
    listPlannedProducts(handle.db, farmId),
    listOwnPrices(handle.db, { since, ...ofFarm }),
    listStalls(handle.db),
  ]);
  const productOf = new Map(products.map((product) => [product.productId, product]));
  const known = await readPastDemand(handle.db, { since, now, products, ...ofFarm });
  const { past, coming, places, sales } = known;
  const comingAt = Map.groupBy(coming, ({ marketId }) => marketId);
  const daysAt = new Map([...comingAt].map(([marketId, list]) => [marketId, list.map(({ day }) => day)]));
  // Where the farm has no stall any more, nothing is to come of what it sold there.
  const histories = known.histories.filter(
    (history) =>
      stalls.has(stallKey(productOf.get(history.productId)!.farmId, history.marketId)) &&
      isLongEnough(history),
  );
  const { weather, failed: weatherFailed } = await readWeather(source, places, histories, daysAt);
  const walkInsOf = walkInShares(sales);
  const buyingAt = buyingTimes([...past, ...coming], places);
  const series = histories.map((history): Series => {
    const { productId, marketId } = history;
    const key = seriesKey(productId, marketId);
    const own = prices.get(productId);
    const next = daysAt.get(marketId) ?? [];
    const { prices: priced, planned } = pricesOf(own, {
      times: buyingAt.get(marketId)!,
      past: history.days.length,
      walkInShare: walkInsOf.get(key) ?? 0,
    });
    return {
      key,
      productId,
      marketId,
      history,
      demand: demandOf(history),
      ...(priced && { prices: priced }),
      ...(planned && { planned }),
      coming: comingAt.get(marketId) ?? [],
      isLongGone: isNotExpected(history, known, next),
      fingerprint: fingerprintOf(history, next, [
        priced && [...priced.subarray(history.days.length)],
        weatherAhead(weather.get(marketId), history.days[0], next),
        planned?.map((one) => one ?? null),
      ]),
    };
  });
  onStage?.("read");
  return {
    now,
    today: dayOf(now),
    products: productOf,
    places,
    weather,
    weatherFailed,
    series,
  };
}

function demandOf({ sold, soldOut }: DemandHistory): Float64Array {
  const days = sold.map((value, at) => ({ sold: value ?? NaN, soldOut: soldOut[at]! }));
  return Float64Array.from(uncensoredDemand(days, 1));
}

interface PricedDays {
  /** Past and coming market days. */
  readonly times: readonly BuyingTimes[];
  readonly past: number;
  readonly walkInShare: number;
}

function pricesOf(
  own: OwnPrice | undefined,
  { times, past, walkInShare }: PricedDays,
): Pick<Series, "prices" | "planned"> {
  if (!own) return {};
  const found = times.map((time) => priceOn(own, time, walkInShare));
  const planned = found.slice(past).map((day) => day.planned);
  return {
    prices: Float64Array.from(found, ({ cents }) => cents),
    ...(planned.some((day) => day !== undefined) && { planned }),
  };
}

/** Hour at the market at which walk-ins are reckoned to buy. */
const walkInHour = 10;

/** When those who buy for each market's past and coming days see its prices. */
function buyingTimes(
  marketDays: readonly MarketDay[],
  places: ReadonlyMap<MarketId, MarketPlace>,
): Map<MarketId, BuyingTimes[]> {
  return new Map(
    [...Map.groupBy(marketDays, ({ marketId }) => marketId)].map(([marketId, own]) => {
      const timeZone = places.get(marketId)?.timeZone ?? "UTC";
      const times = own
        .toSorted((a, b) => (a.day < b.day ? -1 : 1))
        .map(({ day, closesAt }): BuyingTimes => ({
          ordersUntil: (closesAt ?? atMarketTime(day, 0, 0, timeZone)).getTime() - 1,
          walkInsAt: atMarketTime(day, walkInHour, 0, timeZone).getTime(),
        }));
      return [marketId, times];
    }),
  );
}

/** What walk-ins buy of all that is sold of a product at a market, 0 to 1. */
function walkInShares(sales: readonly DaySales[]): Map<string, number> {
  const sums = new Map<string, { walked: number; sold: number }>();
  for (const { productId, marketId, soldBase, walkedBase = 0 } of sales) {
    const key = seriesKey(productId, marketId);
    const sum = sums.get(key) ?? { walked: 0, sold: 0 };
    sums.set(key, { walked: sum.walked + walkedBase, sold: sum.sold + soldBase });
  }
  return new Map([...sums].map(([key, { walked, sold }]) => [key, sold > 0 ? walked / sold : 0]));
}

/** Weather of each market over its market days, from the first to the last that is forecast. */
async function readWeather(
  source: WeatherSource | undefined,
  places: ReadonlyMap<MarketId, MarketPlace>,
  histories: readonly DemandHistory[],
  daysAt: ReadonlyMap<MarketId, readonly CalendarDay[]>,
): Promise<{ weather: Map<MarketId, WeatherColumns>; failed: Set<MarketId> }> {
  const weather = new Map<MarketId, WeatherColumns>();
  const failed = new Set<MarketId>();
  if (!source) return { weather, failed };
  for (const { marketId, days: past } of histories) {
    const place = places.get(marketId);
    const [first] = past;
    if (weather.has(marketId) || failed.has(marketId) || !place || first === undefined) continue;
    const firstPeriod = dayNumberOf(first);
    const last = daysAt.get(marketId)?.at(-1) ?? past.at(-1)!;
    const length = dayNumberOf(last) - firstPeriod + 1;
    const onFailure = (): void => void failed.add(marketId);
    const columns = await weatherFrom({ source, place, firstPeriod, length, onFailure });
    if (columns) weather.set(marketId, columns);
  }
  return { weather, failed };
}

/** Wet or dry and the warmth in steps of three degrees: smaller news is not worth a forecast. */
function weatherAhead(
  weather: WeatherColumns | undefined,
  first: CalendarDay | undefined,
  coming: readonly CalendarDay[],
): unknown {
  if (!weather || first === undefined) return null;
  return coming.map((day) => {
    const at = dayNumberOf(day) - dayNumberOf(first);
    const { rain, warmth, basis } = weather;
    return basis[at] === "read" ? [rain[at], Math.round((warmth[at] ?? 0) / 0.3)] : null;
  });
}

/** The calendar day of a moment in UTC. */
export const dayOf = (at: Date): CalendarDay => at.toISOString().slice(0, 10) as CalendarDay;
