import { fitCalendarModel } from "../calendar/calendar-model.ts";
import type { ModelEffect } from "../calendar/calendar-model.ts";
import type { WeatherBasis, WeatherColumns } from "../weather/weather-columns.ts";
import { factorWords, weatherWords, type FactorKind } from "./factor-words.ts";
import type { NamedDays } from "./holidays.ts";

export interface FactorOptions {
  /** Days since 1970 of the first value. */
  readonly firstPeriod: number;
  /** Days ahead, 1 to 10,000. */
  readonly horizon: number;
  /** Days by name, over history and horizon: holidays, the days before them, pay days, fairs. */
  readonly days?: NamedDays;
  /** Own price over history and horizon, above 0; null where it is not known. */
  readonly price?: ArrayLike<number | null>;
  /** Share of a day on which there was a promotion, 0 to 1, over history and horizon. */
  readonly promotion?: ArrayLike<number | null>;
  /** Weather over history and horizon; left out where no source of it is at hand. */
  readonly weather?: WeatherColumns;
}

/** How something moves demand, as the history tells it. */
export interface FactorEffect {
  readonly kind: FactorKind;
  readonly name: string;
  /** Share by which demand changes: on the named day, in the promotion, on a wet day, with ten degrees or one percent more. */
  readonly change: number;
  /** Bounds that hold the true change in 95 of 100 cases, if the model is right. */
  readonly low: number;
  readonly high: number;
  /** Whether those bounds leave out "no effect", and the history shows at least two such days. */
  readonly isSure: boolean;
}

/** One reason why a coming day differs from a usual one. */
export interface DayFactor {
  readonly kind: FactorKind;
  readonly name: string;
  /** Share of demand more (above 0) or less, beside a day on which this is as usual. */
  readonly change: number;
  /** In words for the farmer: "Rain: 30 % less". */
  readonly text: string;
}

export interface DemandFactors {
  /** Expected demand of each coming day, in the unit of the sales. */
  readonly mean: Float64Array;
  readonly effects: readonly FactorEffect[];
  /** One a coming day: the reasons that are sure and move it by 3 % or more, largest first. */
  readonly days: readonly { readonly day: number; readonly factors: readonly DayFactor[] }[];
  /** The weakest basis of any coming day's weather. */
  readonly weather: WeatherBasis;
  readonly weatherText: string;
}

const leastChange = 0.03;
/** Bounds at 95 %. */
const errors95 = 1.96;
const leastSeen = 2;

/**
 * What moves demand, and what that means for the coming days, in numbers and in words.
 *
 * Everything multiplies: trend, week, year, named days, own price (as an elasticity), promotion, rain and warmth, fitted
 * together by `fitCalendarModel`, so that a fair on a wet Saturday is not blamed for the rain. A factor is told only when the
 * history tells it from chance. Without weather the rest works the same and `weather` is `unavailable`.
 *
 * @param sales n daily values from 0 up; null on days without a market and where not known; at least 14 known
 * @throws AppError `input_invalid` as `fitCalendarModel` does
 */
export function demandFactors(
  sales: ArrayLike<number | null>,
  { firstPeriod, horizon, days = {}, price, promotion, weather }: FactorOptions,
): DemandFactors {
  const n = sales.length;
  const columns: Record<string, ArrayLike<number | null>> = {
    ...(price && {
      price: Array.from(price, (value) => (value !== null && value > 0 ? Math.log(value) : null)),
    }),
    ...(promotion && { promotion }),
    ...(weather && { rain: weather.rain, warmth: weather.warmth }),
  };
  const model = fitCalendarModel(sales, { firstPeriod, horizon, holidays: days, columns });
  const named = Object.keys(days).length;
  const told = model.effects.map((effect, at) => ({ effect, told: effectOf(effect, at < named) }));
  const sure = told.filter(({ told: { isSure } }) => isSure);
  const basis = weakest(weather?.basis.slice(n, n + horizon));
  return {
    mean: model.mean.slice(n),
    effects: told.map((one) => one.told),
    days: Array.from({ length: horizon }, (_, k) => ({
      day: firstPeriod + n + k,
      factors: sure
        .map(({ effect, told: { kind, name } }) => dayFactor(effect, kind, name, n + k, weather))
        .filter(({ change }) => Math.abs(change) >= leastChange)
        .sort((a, b) => Math.abs(b.change) - Math.abs(a.change)),
    })),
    weather: basis,
    weatherText: weatherWords(basis),
  };
}

function effectOf({ name, coefficient, error, seen }: ModelEffect, isNamed: boolean): FactorEffect {
  const kind = isNamed ? "day" : kindOf(name);
  // One percent of price, not one unit of its logarithm: an elasticity as farmers speak of it.
  const unit = kind === "price" ? Math.log(1.01) : 1;
  const at = (errors: number): number => Math.expm1(unit * (coefficient + errors * error));
  const [low, high] = [at(-errors95), at(errors95)];
  return { kind, name, change: at(0), low, high, isSure: low * high > 0 && seen >= leastSeen };
}

function kindOf(name: string): FactorKind {
  return name === "price" || name === "promotion" ? name : "weather";
}

function dayFactor(
  { coefficient, column }: ModelEffect,
  kind: FactorKind,
  name: string,
  at: number,
  weather: WeatherColumns | undefined,
): DayFactor {
  const away = column[at]!;
  const change = Math.expm1(coefficient * away);
  const isUsual = weather?.basis[at] !== "read";
  return { kind, name, change, text: factorWords({ kind, name, change, away, isUsual }) };
}

function weakest(basis: readonly WeatherBasis[] | undefined): WeatherBasis {
  if (!basis || basis.length === 0 || basis.includes("unavailable")) return "unavailable";
  return basis.includes("usual") ? "usual" : "read";
}
