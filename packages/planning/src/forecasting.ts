import { forecastInThreads, type PanelSeries } from "@almanac/forecasting";
import { invariant, type FarmId } from "@almanac/kernel";
import type { Reckoned } from "./core/causes/reckon-causes.ts";
import { reckonSeries, type SeriesReckoned } from "./core/causes/reckon-series.ts";
import { marketDaysOfYear } from "./core/days-of-year.ts";
import { dayNumberOf, holidayRegionOf } from "./core/holidays.ts";
import type { ForecastingDeps } from "./forecasting-deps.ts";
import { horizon, judge, judgedDays, type Errors } from "./judging.ts";
import { readFacts, type Facts, type Series } from "./read-facts.ts";
import { rowsOf } from "./stored-rows.ts";
import {
  listKnownSeries,
  replaceForecasts,
  replaceSeries,
  retireForecasts,
  type StoredForecast,
} from "./store/forecasts.ts";

/**
 * Forecasts what will be asked for of every product on the market days of every market that are under way and the next two
 * that one can order for, from orders and sales at stalls, and keeps the result. Days that were sold out early count as at
 * least what was sold, days without anything to sell tell nothing, and what moves demand (holidays, pay days, the own price,
 * weather where it is read) is reckoned with as far as the product's past shows that it helps. What has never been sold, what
 * could be bought on fewer than four market days, and what is long gone (see `isLongGone`) has no forecast.
 *
 * @param farmId one farm's products alone
 * @returns how many forecasts were made
 */
export async function forecastDemand(
  deps: ForecastingDeps,
  farmId?: FarmId,
): Promise<{ forecasts: number; products: number }> {
  const facts = await readFacts(deps, farmId);
  const there = facts.series.filter(({ isLongGone }) => !isLongGone);
  const rows = await forecastSeries(deps, facts, there);
  await deps.handle.transaction((tx) =>
    replaceForecasts(tx, rows, { now: facts.now, ...(farmId && { farmId }) }),
  );
  deps.onStage?.("write");
  return { forecasts: rows.length, products: there.length };
}

/**
 * The same for what has changed since it was last forecast: a product and market with other sales, with a market day more,
 * or without a forecast. What is forecast of days that were cancelled, at markets that a farm has left and of products that
 * it has put away no longer holds. What is known of how well a product's forecasts do is kept until the night.
 *
 * @param farmId one farm's products alone
 * @returns how many products at markets were forecast anew, and how many had no new facts
 */
export async function forecastChanged(
  deps: ForecastingDeps,
  farmId?: FarmId,
): Promise<{ forecasts: number; products: number; unchanged: number }> {
  const facts = await readFacts(deps, farmId);
  const known = await listKnownSeries(deps.handle.db, facts.today);
  const due = facts.series.filter(
    ({ key, fingerprint, coming, isLongGone }) =>
      coming.length > 0 && !isLongGone && known.get(key)?.fingerprint !== fingerprint,
  );
  deps.onStage?.("compare");
  const rows = await forecastSeries(deps, facts, due, known);
  await deps.handle.transaction(async (tx) => {
    await replaceSeries(tx, rows, { now: facts.now, series: due });
    await retireForecasts(tx, facts.now);
  });
  deps.onStage?.("write");
  return { forecasts: rows.length, products: due.length, unchanged: facts.series.length - due.length };
}

/**
 * @param known how well forecasts do, of those that need not be judged again
 * @returns a row a product, market and coming day; nothing is reckoned where no day is to come
 */
export async function forecastSeries(
  { threads = 1, onStage }: Pick<ForecastingDeps, "threads" | "onStage">,
  facts: Facts,
  wanted: readonly Series[],
  known: ReadonlyMap<string, Errors> = new Map(),
): Promise<StoredForecast[]> {
  if (wanted.every(({ coming }) => coming.length === 0)) return [];
  const { products, places, weather, weatherFailed, now } = facts;
  const reckoned = reckonAll(facts, wanted);
  onStage?.("reckon");
  const forecasts = await forecastInThreads(
    wanted.map((series) => panelSeriesOf(series, reckoned.get(series.key))),
    { threads },
  );
  onStage?.("forecast");
  const unjudged = wanted.filter(({ key }) => !known.has(key));
  const judged = await judge(
    unjudged.map((series) => {
      const before = reckoned.get(series.key)?.before;
      const moved = before?.moved.subarray(0, series.demand.length);
      return { actual: series.demand, panel: panelSeriesOf(series, before), ...(moved && { moved }) };
    }),
    threads,
  );
  const fresh = new Map(unjudged.map(({ key }, n) => [key, judged[n]!]));
  onStage?.("judge");
  return wanted.flatMap(({ key, history, coming, fingerprint, prices, planned }, at) => {
    const product = products.get(history.productId);
    const errors = known.get(key) ?? fresh.get(key);
    const place = places.get(history.marketId);
    invariant(product && place && errors, "every series is of a planned product at a market, and judged");
    const { pastError, pastVolume, pastDays, pastBias } = errors;
    const causes = reckoned.get(key);
    const read = weather.get(history.marketId);
    return rowsOf({
      history,
      product,
      forecast: forecasts[at]!,
      errors: { pastError, pastVolume, pastDays, pastBias },
      coming,
      place,
      fingerprint,
      madeAt: now,
      ...(causes && { causes }),
      ...(prices && { prices }),
      ...(planned && { planned }),
      ...(read && { weather: read }),
      ...(weatherFailed.has(history.marketId) && { weatherFailed: true }),
    });
  });
}

/** What moves the wanted series, learned of each farm's products at each market. */
function reckonAll(
  { series, places, products, weather }: Facts,
  wanted: readonly Series[],
): Map<string, SeriesReckoned> {
  const stallOf = ({ productId, marketId }: Series): string =>
    `${products.get(productId)!.farmId} ${marketId}`;
  const stalls = Map.groupBy(series, stallOf);
  const found = new Map<string, SeriesReckoned>();
  for (const [stall, due] of Map.groupBy(wanted, stallOf)) {
    const [{ marketId, history, coming }] = due as [Series];
    const read = weather.get(marketId);
    const own = reckonSeries(
      {
        days: [...history.days, ...coming.map(({ day }) => day)].map(dayNumberOf),
        past: history.days.length,
        region: holidayRegionOf(places.get(marketId)!.timeZone),
        series: stalls.get(stall)!,
        ...(read && { weather: read }),
      },
      new Set(due.map(({ key }) => key)),
      judgedDays,
    );
    for (const [key, one] of own) found.set(key, one);
  }
  return found;
}

/** A series as the models see it: what moved its days taken away. */
function panelSeriesOf(
  { key, demand, coming, history }: Series,
  reckoned: Reckoned | undefined,
): PanelSeries {
  const values =
    reckoned === undefined || reckoned.share === 0
      ? demand
      : demand.map((value, at) => value / Math.exp(reckoned.moved[at]!));
  const season = marketDaysOfYear(history.days);
  return { id: key, values: [...values], season, horizon: Math.max(horizon, coming.length) };
}
