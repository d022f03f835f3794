import {
  AppError,
  days,
  marketDay as marketDayAt,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import { forecastTypeOf, type WeatherSource } from "@almanac/forecasting";
import { farmProcedure, idInput, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { accuracyByClass, accuracyOf } from "./core/accuracy.ts";
import { comingForecasts } from "./coming-demand.ts";
import { forecastDemand } from "./forecasting.ts";
import { expectedDemand, type ExpectedDay } from "./expected-demand.ts";
import { forecastHistory } from "./forecast-history.ts";
import { dayNow } from "./market-day.ts";
import { readPastDemand } from "./past-demand.ts";
import { listPlannedProducts } from "./store/demand.ts";
import { unusualRoutes } from "./unusual/unusual-routes.ts";
import type { StoredForecast } from "./store/forecasts.ts";
import { isPlannedDay, listFarmMarkets } from "./store/market-day.ts";

export type { WeatherSource } from "@almanac/forecasting";
export { forecastChanged, forecastDemand } from "./forecasting.ts";
export { weatherService } from "./weather/weather-service.ts";
export type { WeatherServiceOptions } from "./weather/weather-service.ts";
export { nowcastUpdates } from "./nowcast-updates.ts";
export { judgeMarketDays } from "./unusual/judge-market-days.ts";

/** Market days of the past that a page shows: a year and what came round it. */
const shownDays = 60;

export interface PlanningDeps {
  /** Where weather is read; without it forecasts know the climate alone. */
  readonly weather?: WeatherSource;
}

export function planningRoutes({ weather }: PlanningDeps = {}) {
  const read = weather && { weather };
  return {
    planning: router({
      /**
       * What the farm should expect of its next market days, and how well such forecasts went lately. Where the night has
       * made none yet they are made now.
       */
      forecasts: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) => {
        const [stored, products] = await Promise.all([
          comingForecasts({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId),
          listPlannedProducts(ctx.db, farmId),
        ]);
        const expected = await expectedOf(ctx, farmId, stored);
        const byId = new Map(products.map((product) => [product.productId, product]));
        const perProduct = new Map(stored.map((row) => [`${row.productId} ${row.marketId}`, row]));
        return {
          madeAt: stored[0]?.madeAt.toISOString() ?? null,
          accuracy: accuracyOf([...perProduct.values()]) ?? null,
          classes: {
            ...accuracyByClass([...perProduct.values()]),
            /** Too new for a forecast, or never sold. */
            unknown: products.length - new Set(stored.map(({ productId }) => productId)).size,
          },
          forecasts: stored.flatMap((row, at) => {
            const product = byId.get(row.productId);
            if (!product) return [];
            const { name, picture, baseUnit } = product;
            return [{ ...present(row, expected[at]!), name, picture, baseUnit }];
          }),
        };
      }),
      /** One product: its forecasts with their reasons, and what was sold before. */
      forecast: farmProcedure("farm.read")
        .input(z.object({ productId: idInput<ProductId>() }))
        .query(async ({ ctx, input: { farmId, productId } }) => {
          const now = ctx.clock.now();
          const since = new Date(now.getTime() - days(7 * shownDays + 30));
          const [coming, products] = await Promise.all([
            comingForecasts({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId),
            listPlannedProducts(ctx.db, farmId),
          ]);
          const product = products.find((one) => one.productId === productId);
          if (!product) throw new AppError("product_not_found", "There is no such product.");
          const stored = coming.filter((row) => row.productId === productId);
          const expected = await expectedOf(ctx, farmId, stored);
          const { histories } = await readPastDemand(ctx.db, { since, now, farmId, products: [product] });
          const history = histories.find(
            ({ marketId }) => stored.length === 0 || marketId === stored[0]!.marketId,
          );
          return {
            name: product.name,
            baseUnit: product.baseUnit,
            accuracy: accuracyOf(stored.slice(0, 1)) ?? null,
            judged: judgedOf(stored[0]),
            forecasts: stored.map((row, at) => ({
              ...present(row, expected[at]!),
              drivers: row.drivers,
              factors: factorsOf(row.drivers),
            })),
            history: (history?.days ?? [])
              .map((day, at) => ({ day, soldBase: history!.sold[at]!, soldOut: history!.soldOut[at]! }))
              .slice(-shownDays),
          };
        }),
      /**
       * What was forecast of a product for market days that are over, by each version of the models that did, beside what
       * was asked for; the latest day first.
       */
      history: farmProcedure("farm.read")
        .input(
          z.object({ productId: idInput<ProductId>(), limit: z.number().int().min(1).max(200).default(60) }),
        )
        .query(({ ctx, input: { farmId, productId, limit } }) =>
          forecastHistory(ctx.db, { farmId, productId, limit, now: ctx.clock.now() }),
        ),
      /**
       * The farm's market day as it stands: what was sold to walk-ins, what the day will come to by that, and what may sell
       * out when. Without a market it is the first that is open today; `null` where none is.
       */
      nowcast: farmProcedure("farm.read")
        .input(z.object({ marketId: idInput<MarketId>().optional() }))
        .query(async ({ ctx, input: { farmId, marketId } }) => {
          const now = ctx.clock.now();
          const [markets] = await Promise.all([
            listFarmMarkets(ctx.db, farmId),
            comingForecasts({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId),
          ]);
          const asked = marketId ? markets.filter(({ id }) => id === marketId) : markets;
          if (marketId && asked.length === 0)
            throw new AppError("market_not_found", "The farm has no stall at this market.");
          for (const { id, timeZone } of asked) {
            if (!marketId && !(await isPlannedDay(ctx.db, id, marketDayAt(now, timeZone)))) continue;
            const found = await dayNow(ctx.db, now, { farmId, marketId: id });
            if (found) return { ...found, at: now };
          }
          return null;
        }),
      ...unusualRoutes,
      /** Works the farm's forecasts out now instead of tonight. */
      refresh: farmProcedure("farm.write", { limit: "heavy" }).mutation(({ ctx, input: { farmId } }) =>
        forecastDemand({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId),
      ),
    }),
  };
}

const expectedOf = (
  { db, clock }: Pick<RequestContext, "db" | "clock">,
  farmId: FarmId,
  stored: readonly StoredForecast[],
): Promise<ExpectedDay[]> =>
  expectedDemand(
    db,
    farmId,
    stored.map((row) => ({ ...row, marketDay: row.marketDay as CalendarDay })),
    clock.now(),
  );

/** How its forecasts of the latest market days came out, a day: how far they were off, and what was sold. */
function judgedOf(row: StoredForecast | undefined) {
  if (!row || row.pastDays === 0) return null;
  const { pastDays, pastError, pastVolume, pastBias, demandClass } = row;
  return {
    days: pastDays,
    offBase: pastError / pastDays,
    /** Above 0 where too much was forecast. */
    biasBase: pastBias / pastDays,
    soldBase: pastVolume / pastDays,
    demandClass,
  };
}

/** What moves demand beside its own past; `unavailable` where nothing is known of it. */
function factorsOf(drivers: StoredForecast["drivers"]) {
  const textOf = (kind: string): string =>
    drivers.find((driver) => driver.kind === kind)?.text ?? "unavailable";
  return { season: textOf("season"), events: textOf("events"), weather: textOf("weather") };
}

/** What is expected with what is ordered already. */
function present(row: StoredForecast, { p10, p50, p90, orderedBase, usuallyOrdered }: ExpectedDay) {
  return {
    productId: row.productId,
    marketId: row.marketId,
    marketDay: row.marketDay,
    p10,
    p50,
    p90,
    orderedBase,
    usuallyOrdered,
    model: row.model,
    type: forecastTypeOf(row.model),
    modelVersion: row.modelVersion,
    demandClass: row.demandClass,
    daysLearned: row.daysLearned,
  };
}
