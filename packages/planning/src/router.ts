import { AppError, marketDay as marketDayAt, type MarketId, type ProductId } from "@almanac/kernel";
import type { WeatherSource } from "@almanac/forecasting";
import { farmProcedure, idInput, router } from "@almanac/trpc";
import { z } from "zod";
import { accuracyByClass, accuracyOf } from "./core/accuracy.ts";
import { comingForecasts } from "./coming-demand.ts";
import { forecastDemand } from "./forecasting.ts";
import { forecastHistory } from "./forecast-history.ts";
import { dayNow } from "./market-day.ts";
import { presentForecasts } from "./present-forecasts.ts";
import { productForecast } from "./product-forecast.ts";
import { listMarketPlaces, listPlannedProducts } from "./store/demand.ts";
import { unusualRoutes } from "./unusual/unusual-routes.ts";
import { isPlannedDay, listFarmMarkets } from "./store/market-day.ts";

export type { WeatherSource } from "@almanac/forecasting";
export { forecastChanged, forecastDemand } from "./forecasting.ts";
export { weatherService } from "./weather/weather-service.ts";
export type { WeatherServiceOptions } from "./weather/weather-service.ts";
export { nowcastUpdates } from "./nowcast-updates.ts";
export { judgeMarketDays } from "./unusual/judge-market-days.ts";

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
        const [stored, products, places] = await Promise.all([
          comingForecasts({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId),
          listPlannedProducts(ctx.db, farmId),
          listMarketPlaces(ctx.db),
        ]);
        const shown = await presentForecasts(ctx, { farmId, stored, places });
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
          forecasts: shown.flatMap((forecast) => {
            const product = byId.get(forecast.productId);
            if (!product) return [];
            const { name, picture, baseUnit } = product;
            return [{ ...forecast, name, picture, baseUnit }];
          }),
        };
      }),
      /**
       * One product at one market: its forecasts with their reasons, and what was sold before. Without a market it is that of
       * the next market day.
       */
      forecast: farmProcedure("farm.read")
        .input(z.object({ productId: idInput<ProductId>(), marketId: idInput<MarketId>().optional() }))
        .query(({ ctx, input: { farmId, productId, marketId } }) =>
          productForecast(
            { handle: ctx.handle, clock: ctx.clock, ...read },
            { farmId, productId, ...(marketId && { marketId }) },
          ),
        ),
      /**
       * What was forecast of a product for market days that are over, by each version of the models that did, beside what
       * was asked for; the latest day first. Of one market where it is named, as `forecast` names them.
       */
      history: farmProcedure("farm.read")
        .input(
          z.object({
            productId: idInput<ProductId>(),
            marketId: idInput<MarketId>().optional(),
            limit: z.number().int().min(1).max(200).default(60),
          }),
        )
        .query(({ ctx, input: { farmId, productId, marketId, limit } }) =>
          forecastHistory(ctx.db, {
            farmId,
            productId,
            ...(marketId && { marketId }),
            limit,
            now: ctx.clock.now(),
          }),
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
