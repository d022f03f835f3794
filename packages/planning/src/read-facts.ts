import { uncensoredDemand, weatherFrom, type WeatherColumns, type WeatherSource } from "@almanac/forecasting";
import { days, type CalendarDay, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import { demandHistories, type DemandHistory, type MarketDay } from "./core/demand-history.ts";
import { fingerprintOf } from "./core/fingerprint.ts";
import { dayNumberOf } from "./core/holidays.ts";
import type { ForecastingDeps } from "./forecasting.ts";
import {
  listMarketDays,
  listMarketPlaces,
  listPlannedProducts,
  readSalesOf,
  type MarketPlace,
  type PlannedProduct,
} from "./store/demand.ts";
import { seriesKey } from "./store/forecasts.ts";
import { listOwnPrices, priceOn, type OwnPrice } from "./store/own-prices.ts";

/** Days of demand that are learned from. */
const historyDays = 3 * 365;
/** Market days with a known demand that it takes. */
const leastDays = 4;

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
  readonly coming: readonly MarketDay[];
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
  const [products, marketDays, places, prices] = await Promise.all([
    listPlannedProducts(handle.db, farmId),
    listMarketDays(handle.db, { since, now }),
    listMarketPlaces(handle.db),
    listOwnPrices(handle.db, { since, ...(farmId && { farmId }) }),
  ]);
  const sales = await readSalesOf(handle.db, products, { since, now, ...(farmId && { farmId }) });
  // Until a market day is over its demand is not known: walk-ins are still to come.
  const today = dayOf(now);
  const past = marketDays.past.filter(({ day }) => day < today);
  const coming = [...marketDays.past.filter(({ day }) => day >= today), ...marketDays.coming];
  const comingAt = Map.groupBy(coming, ({ marketId }) => marketId);
  const daysAt = new Map([...comingAt].map(([marketId, list]) => [marketId, list.map(({ day }) => day)]));
  const histories = demandHistories(products, past, sales).filter(
    ({ sold }) => sold.filter((value) => value !== null).length >= leastDays,
  );
  const { weather, failed: weatherFailed } = await readWeather(source, places, histories, daysAt);
  const series = histories.map((history): Series => {
    const { productId, marketId } = history;
    const own = prices.get(productId);
    const next = daysAt.get(marketId) ?? [];
    const priced = own && pricesOf(own, [...history.days, ...next]);
    return {
      key: seriesKey(productId, marketId),
      productId,
      marketId,
      history,
      demand: demandOf(history),
      ...(priced && { prices: priced }),
      coming: comingAt.get(marketId) ?? [],
      fingerprint: fingerprintOf(history, next, [
        priced && [...priced.subarray(history.days.length)],
        weatherAhead(weather.get(marketId), history.days[0], next),
      ]),
    };
  });
  onStage?.("read");
  return {
    now,
    today,
    products: new Map(products.map((product) => [product.productId, product])),
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

function pricesOf(own: OwnPrice, days: readonly CalendarDay[]): Float64Array {
  return Float64Array.from(days, (day) => priceOn(own, day));
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
