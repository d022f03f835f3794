import { latitudeClimatology, type Forecast } from "@almanac/forecasting";
import { formatRoughQuantity, type CalendarDay } from "@almanac/kernel";
import type { DemandHistory, MarketDay } from "./core/demand-history.ts";
import { driversOf } from "./core/drivers.ts";
import { holidaysNear } from "./core/holidays.ts";
import type { Errors } from "./judging.ts";
import type { MarketPlace, PlannedProduct } from "./store/demand.ts";
import type { StoredForecast } from "./store/forecasts.ts";

export interface RowParts {
  readonly history: DemandHistory;
  readonly product: PlannedProduct;
  readonly forecast: Forecast;
  readonly errors: Errors;
  readonly coming: readonly MarketDay[];
  readonly place: MarketPlace;
  readonly fingerprint: string;
  readonly madeAt: Date;
}

/** Asked for on fewer market days than this share of them, nothing is promised. */
const regularFrom = 0.75;

/** What is kept of one product's forecast at one market: a row a coming day. */
export function rowsOf(parts: RowParts): StoredForecast[] {
  const { history, product, forecast, errors, coming, place, fingerprint, madeAt } = parts;
  const quantile = (share: number, step: number): number =>
    Math.max(0, forecast.quantiles.find((one) => one.share === share)!.values[step]!);
  const known = history.sold.filter((sold) => sold !== null);
  const asked = known.filter((sold) => sold > 0).length;
  const climatology = latitudeClimatology(place.latitude);
  return coming.map(({ marketId, day }, step) => ({
    farmId: product.farmId,
    productId: product.productId,
    marketId,
    marketDay: day,
    p10: quantile(0.1, step),
    p50: quantile(0.5, step),
    p90: quantile(0.9, step),
    model: forecast.model,
    demandClass: asked < regularFrom * known.length ? ("intermittent" as const) : ("regular" as const),
    daysLearned: known.length,
    ...errors,
    drivers: driversOf(history, day, {
      format: (base) => formatRoughQuantity(base, product.baseUnit),
      holidays: holidaysNear(day, place.timeZone),
      climate: {
        temperatureC: climatology.temperatureC(dayNumberOf(day)),
        wetChance: climatology.wetChance(dayNumberOf(day)),
      },
    }),
    fingerprint,
    madeAt,
  }));
}

/** Days since 1970. */
function dayNumberOf(day: CalendarDay): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}
