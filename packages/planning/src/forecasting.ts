import type { DatabaseHandle } from "@almanac/db";
import { forecastInThreads, uncensoredDemand, type PanelSeries } from "@almanac/forecasting";
import {
  days,
  invariant,
  type CalendarDay,
  type Clock,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import { demandHistories, type DemandHistory, type MarketDay } from "./core/demand-history.ts";
import { fingerprintOf } from "./core/fingerprint.ts";
import { horizon, judge, type Errors } from "./judging.ts";
import { rowsOf } from "./stored-rows.ts";
import {
  listMarketDays,
  listPlannedProducts,
  listMarketPlaces,
  readSalesOf,
  type MarketPlace,
  type PlannedProduct,
} from "./store/demand.ts";
import {
  listKnownSeries,
  replaceForecasts,
  replaceSeries,
  seriesKey,
  type StoredForecast,
} from "./store/forecasts.ts";

/** Market days of a year, when a market is weekly: the season of its demand. */
const season = 52;
/** Days of demand that are learned from. */
const historyDays = 3 * 365;
/** Market days with a known demand that it takes. */
const leastDays = 4;

export type ForecastStage = "read" | "compare" | "forecast" | "judge" | "write";

export interface ForecastingDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Threads beside this one: 1, so that this one stays free to answer. */
  readonly threads?: number;
  /** Told at the end of each stage, for what measures them. */
  readonly onStage?: (stage: ForecastStage) => void;
}

/**
 * Forecasts what will be asked for of every product on the market days of every market that are under way and the next two
 * that one can order for, from orders and sales at stalls, and keeps the result. Days that were sold out early count as at
 * least what was sold. What has never been sold, and what has been listed for fewer than four market days, has no forecast.
 *
 * @param farmId one farm's products alone
 * @returns how many forecasts were made
 */
export async function forecastDemand(
  deps: ForecastingDeps,
  farmId?: FarmId,
): Promise<{ forecasts: number; products: number }> {
  const facts = await readFacts(deps, farmId);
  const rows = await forecastSeries(deps, facts, facts.series);
  await deps.handle.transaction((tx) => replaceForecasts(tx, rows, farmId));
  deps.onStage?.("write");
  return { forecasts: rows.length, products: facts.series.length };
}

/**
 * The same for what has changed since it was last forecast: a product and market with other sales, with a market day more,
 * or without a forecast. What is known of how well a product's forecasts do is kept until the night.
 *
 * @returns how many products at markets were forecast anew, and how many had no new facts
 */
export async function forecastChanged(
  deps: ForecastingDeps,
): Promise<{ forecasts: number; products: number; unchanged: number }> {
  const facts = await readFacts(deps);
  const known = await listKnownSeries(deps.handle.db, facts.today);
  const due = facts.series.filter(
    ({ key, fingerprint, coming }) => coming.length > 0 && known.get(key)?.fingerprint !== fingerprint,
  );
  deps.onStage?.("compare");
  const rows = await forecastSeries(deps, facts, due, known);
  await deps.handle.transaction((tx) => replaceSeries(tx, rows, due));
  deps.onStage?.("write");
  return { forecasts: rows.length, products: due.length, unchanged: facts.series.length - due.length };
}

/** One product at one market. */
export interface Series {
  readonly key: string;
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly history: DemandHistory;
  readonly coming: readonly MarketDay[];
  readonly fingerprint: string;
}

export interface Facts {
  readonly now: Date;
  readonly today: CalendarDay;
  readonly products: ReadonlyMap<ProductId, PlannedProduct>;
  readonly places: ReadonlyMap<MarketId, MarketPlace>;
  readonly series: readonly Series[];
}

/** All that forecasts follow from, as of now. */
export async function readFacts(
  { handle, clock, onStage }: ForecastingDeps,
  farmId?: FarmId,
): Promise<Facts> {
  const now = clock.now();
  const since = new Date(now.getTime() - days(historyDays));
  const [products, marketDays, places] = await Promise.all([
    listPlannedProducts(handle.db, farmId),
    listMarketDays(handle.db, { since, now }),
    listMarketPlaces(handle.db),
  ]);
  const sales = await readSalesOf(handle.db, products, { since, now, ...(farmId && { farmId }) });
  // Until a market day is over its demand is not known: walk-ins are still to come.
  const today = dayOf(now);
  const past = marketDays.past.filter(({ day }) => day < today);
  const coming = [...marketDays.past.filter(({ day }) => day >= today), ...marketDays.coming];
  const comingAt = Map.groupBy(coming, ({ marketId }) => marketId);
  const daysAt = new Map([...comingAt].map(([marketId, list]) => [marketId, list.map(({ day }) => day)]));
  const series = demandHistories(products, past, sales)
    .filter(({ sold }) => sold.filter((value) => value !== null).length >= leastDays)
    .map((history): Series => {
      const { productId, marketId } = history;
      return {
        key: seriesKey(productId, marketId),
        productId,
        marketId,
        history,
        coming: comingAt.get(marketId) ?? [],
        fingerprint: fingerprintOf(history, daysAt.get(marketId) ?? []),
      };
    });
  onStage?.("read");
  return {
    now,
    today,
    products: new Map(products.map((product) => [product.productId, product])),
    places,
    series,
  };
}

/** @param known how well forecasts do, of those that need not be judged again */
async function forecastSeries(
  { threads = 1, onStage }: ForecastingDeps,
  { products, places, now }: Facts,
  wanted: readonly Series[],
  known: ReadonlyMap<string, Errors> = new Map(),
): Promise<StoredForecast[]> {
  const panel = wanted.map(({ history }) => panelSeriesOf(history));
  const forecasts = await forecastInThreads(
    panel.map((series, at) => ({ ...series, horizon: Math.max(horizon, wanted[at]!.coming.length) })),
    { threads },
  );
  onStage?.("forecast");
  const unjudged = [...wanted.keys()].filter((at) => !known.has(wanted[at]!.key));
  const judged = await judge(
    unjudged.map((at) => panel[at]!),
    threads,
  );
  const fresh = new Map(unjudged.map((at, n) => [wanted[at]!.key, judged[n]!]));
  onStage?.("judge");
  return wanted.flatMap(({ key, history, coming, fingerprint }, at) => {
    const product = products.get(history.productId);
    const errors = known.get(key) ?? fresh.get(key);
    const place = places.get(history.marketId);
    invariant(product && place && errors, "every series is of a planned product at a market, and judged");
    const { pastError, pastVolume, pastDays } = errors;
    return rowsOf({
      history,
      product,
      forecast: forecasts[at]!,
      errors: { pastError, pastVolume, pastDays },
      coming,
      place,
      fingerprint,
      madeAt: now,
    });
  });
}

function panelSeriesOf({ productId, marketId, sold, soldOut }: DemandHistory): PanelSeries {
  const demand = uncensoredDemand(
    sold.map((value, at) => ({ sold: value ?? NaN, soldOut: soldOut[at]! })),
    1,
  );
  return { id: `${productId} ${marketId}`, values: [...demand], season, horizon };
}

/** The calendar day of a moment in UTC. */
export const dayOf = (at: Date): CalendarDay => at.toISOString().slice(0, 10) as CalendarDay;
