import { latitudeClimatology, type Forecast, type WeatherColumns } from "@almanac/forecasting";
import { formatRoughQuantity, type CalendarDay } from "@almanac/kernel";
import { causeWords, type ReckonedCause } from "./core/causes/cause-words.ts";
import { plannedPriceWords } from "./core/causes/planned-price-words.ts";
import type { SeriesReckoned } from "./core/causes/reckon-series.ts";
import type { DemandHistory, MarketDay } from "./core/demand-history.ts";
import type { PlannedDay } from "./core/own-prices.ts";
import { driversOf } from "./core/drivers.ts";
import type { ExpectedWeather } from "./core/weather-words.ts";
import { modelVersion } from "./core/fingerprint.ts";
import { dayNumberOf, holidaysNear } from "./core/holidays.ts";
import { quantileOf, type Errors } from "./judging.ts";
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
  /** What moves its days; nothing where too little is known. */
  readonly causes?: SeriesReckoned;
  /** Own price on past and coming market days. */
  readonly prices?: Float64Array;
  /** What is planned to be asked on coming market days, in their order. */
  readonly planned?: readonly (PlannedDay | undefined)[];
  /** As read, of all days from the first of the history. */
  readonly weather?: WeatherColumns;
  /** It was asked for in vain. */
  readonly weatherFailed?: boolean;
}

/** Asked for on fewer market days than this share of them, nothing is promised. */
const regularFrom = 0.75;

/** What is kept of one product's forecast at one market: a row a coming day. */
export function rowsOf(parts: RowParts): StoredForecast[] {
  const { history, product, forecast, errors, coming, place, fingerprint, madeAt, causes } = parts;
  const past = history.days.length;
  const quantile = (share: number, step: number): number =>
    quantileOf(forecast, share, step) * Math.exp(causes?.moved[past + step] ?? 0);
  const known = history.sold.filter((sold) => sold !== null);
  const asked = known.filter((sold) => sold > 0).length;
  return coming.map(({ marketId, day }, step) => ({
    farmId: product.farmId,
    productId: product.productId,
    marketId,
    marketDay: day,
    modelVersion,
    isCurrent: true,
    p10: quantile(0.1, step),
    p50: quantile(0.5, step),
    p90: quantile(0.9, step),
    priceCents: expectedAt(parts, step),
    model: forecast.model,
    demandClass: asked < regularFrom * known.length ? ("intermittent" as const) : ("regular" as const),
    daysLearned: known.length,
    ...errors,
    drivers: driversOf(history, day, {
      format: (base) => formatRoughQuantity(base, product.baseUnit),
      holidays: holidaysNear(day, place.timeZone),
      reckoned: reckonedOf(parts, step),
      weather: weatherOf(parts, day),
    }),
    fingerprint,
    madeAt,
  }));
}

/** Past market days whose prices a forecast goes by that does not reckon with its own. */
const latePrices = 8;

/** The price that the forecast of a coming day is for; `null` where none is known. */
function expectedAt({ history, causes, prices }: RowParts, step: number): number | null {
  const past = history.days.length;
  if (!prices) return null;
  const day = prices[past + step]!;
  if (causes && causes.share > 0) return day > 0 ? day : null;
  const late = prices.subarray(Math.max(0, past - latePrices), past).filter((price) => price > 0);
  if (late.length === 0) return day > 0 ? day : null;
  return Math.exp(late.reduce((sum, price) => sum + Math.log(price), 0) / late.length);
}

/** What the forecast of a coming day reckons with; a planned price is told also where it is not reckoned with. */
function reckonedOf({ history, causes, prices, planned }: RowParts, step: number): ReckonedCause[] {
  const past = history.days.length;
  const ahead = planned?.[step];
  if (causes) return causeWords(causes, past + step, prices, ahead);
  if (!ahead || !prices) return [];
  return [{ kind: "price", text: plannedPriceWords(ahead, { prices, at: past + step, past }) }];
}

/** The weather of a coming day: as read, else what is usual. */
function weatherOf({ place, history, weather, weatherFailed }: RowParts, day: CalendarDay): ExpectedWeather {
  const on = dayNumberOf(day);
  const climate = latitudeClimatology(place.latitude);
  const usual = { temperatureC: climate.temperatureC(on), wetChance: climate.wetChance(on) };
  const at = on - dayNumberOf(history.days[0]!);
  if (weather?.basis[at] !== "read") return { ...usual, isRead: false, hasFailed: weatherFailed === true };
  const rain = weather.rain[at] ?? usual.wetChance;
  return { temperatureC: usual.temperatureC + 10 * (weather.warmth[at] ?? 0), wetChance: rain, isRead: true };
}
