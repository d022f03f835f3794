import type { DatabaseHandle } from "@almanac/db";
import {
  forecastInThreads,
  seriesBefore,
  uncensoredDemand,
  type Forecast,
  type PanelSeries,
} from "@almanac/forecasting";
import { days, formatQuantity, type CalendarDay, type Clock, type FarmId } from "@almanac/kernel";
import { demandHistories, type DemandHistory, type MarketDay } from "./core/demand-history.ts";
import { driversOf } from "./core/drivers.ts";
import { listMarketDays, listPlannedProducts, readSales, type PlannedProduct } from "./store/demand.ts";
import { replaceForecasts, type StoredForecast } from "./store/forecasts.ts";

/** Market days of a year, when a market is weekly: the season of its demand. */
const season = 52;
/** Days of demand that are learned from. */
const historyDays = 3 * 365;
/** Latest market days that are forecast once more from what came before, to say how well it goes. */
const judgedDays = 8;

export interface ForecastingDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Threads beside this one: 1, so that this one stays free to answer. */
  readonly threads?: number;
}

/**
 * Forecasts what will be asked for of every product on the market days of every market that are under way and the next two
 * that one can order for, from orders and sales at stalls, and keeps the result. Days that were sold out early count as at least what was sold. What has never been sold, and what has
 * been listed for fewer than four market days, has no forecast.
 *
 * @param farmId one farm's products alone
 * @returns how many forecasts were made
 */
export async function forecastDemand(
  { handle, clock, threads = 1 }: ForecastingDeps,
  farmId?: FarmId,
): Promise<{ forecasts: number; products: number }> {
  const now = clock.now();
  const since = new Date(now.getTime() - days(historyDays));
  const [products, marketDays, sales] = await Promise.all([
    listPlannedProducts(handle.db, farmId),
    listMarketDays(handle.db, { since, now }),
    readSales(handle.db, { since, now, ...(farmId && { farmId }) }),
  ]);
  // Until a market day is over its demand is not known: walk-ins are still to come.
  const today = dayOf(now);
  const past = marketDays.past.filter(({ day }) => day < today);
  const coming = [...marketDays.past.filter(({ day }) => day >= today), ...marketDays.coming];
  const histories = demandHistories(products, past, sales).filter(
    ({ sold }) => sold.filter((value) => value !== null).length >= leastDays,
  );
  const comingAt = Map.groupBy(coming, ({ marketId }) => marketId);
  const panel = histories.map(panelSeriesOf);
  const forecasts = await forecastInThreads(
    panel.map((series, at) => ({
      ...series,
      horizon: Math.max(horizon, comingAt.get(histories[at]!.marketId)?.length ?? 0),
    })),
    { threads },
  );
  const errors = await judge(panel, threads);
  const byId = new Map(products.map((product) => [product.productId, product]));
  const rows = histories.flatMap((history, at) =>
    rowsOf({
      history,
      product: byId.get(history.productId)!,
      forecast: forecasts[at]!,
      errors: errors[at]!,
      coming: comingAt.get(history.marketId) ?? [],
      madeAt: now,
    }),
  );
  await handle.transaction((tx) => replaceForecasts(tx, rows, farmId));
  return { forecasts: rows.length, products: histories.length };
}

const leastDays = 4;
const horizon = 2;

function panelSeriesOf({ productId, marketId, sold, soldOut }: DemandHistory): PanelSeries {
  const demand = uncensoredDemand(
    sold.map((value, at) => ({ sold: value ?? NaN, soldOut: soldOut[at]! })),
    1,
  );
  return { id: `${productId} ${marketId}`, values: [...demand], season, horizon };
}

interface Errors {
  pastError: number;
  pastVolume: number;
  pastDays: number;
}

/** Each of the latest days, forecast from the days before it by the same models. */
async function judge(panel: readonly PanelSeries[], threads: number): Promise<Errors[]> {
  const errors = panel.map((): Errors => ({ pastError: 0, pastVolume: 0, pastDays: 0 }));
  // Two days at a time, as the horizon is.
  for (let back = 1; back * horizon <= judgedDays; back++) {
    const cuts = panel.map((series) => seriesBefore(series, back));
    const kept = [...cuts.keys()].filter((at) => cuts[at] !== undefined);
    const forecasts = await forecastInThreads(
      kept.map((at) => cuts[at]!),
      { threads },
    );
    kept.forEach((at, n) => {
      const from = cuts[at]!.values.length;
      for (let step = 0; step < horizon; step++) {
        const actual = panel[at]!.values[from + step];
        if (actual === undefined || actual === null || Number.isNaN(actual)) continue;
        errors[at]!.pastError += Math.abs(actual - forecasts[n]!.mean[step]!);
        errors[at]!.pastVolume += actual;
        errors[at]!.pastDays += 1;
      }
    });
  }
  return errors;
}

interface RowParts {
  readonly history: DemandHistory;
  readonly product: PlannedProduct;
  readonly forecast: Forecast;
  readonly errors: Errors;
  readonly coming: readonly MarketDay[];
  readonly madeAt: Date;
}

function rowsOf({ history, product, forecast, errors, coming, madeAt }: RowParts): StoredForecast[] {
  const quantile = (share: number, step: number): number =>
    Math.max(0, forecast.quantiles.find((one) => one.share === share)!.values[step]!);
  const known = history.sold.filter((sold) => sold !== null);
  const asked = known.filter((sold) => sold > 0).length;
  return coming.map(({ marketId, day }, step) => ({
    farmId: product.farmId,
    productId: product.productId,
    marketId,
    marketDay: day,
    p10: quantile(0.1, step),
    p50: quantile(0.5, step),
    p90: quantile(0.9, step),
    model: forecast.model,
    // Asked for on fewer than three of four market days.
    demandClass: asked < 0.75 * known.length ? ("intermittent" as const) : ("regular" as const),
    daysLearned: known.length,
    ...errors,
    drivers: driversOf(history, day, (base) => formatQuantity(Math.round(base), product.baseUnit)),
    madeAt,
  }));
}

/** The calendar day of a moment in UTC. */
export const dayOf = (at: Date): CalendarDay => at.toISOString().slice(0, 10) as CalendarDay;
