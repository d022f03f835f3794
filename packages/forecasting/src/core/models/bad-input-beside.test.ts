/** The same bad histories through what is no member of `forecasters`: pooled members, the calendar model, factors, demand. */
import { isAppError } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { backtestPanel } from "../backtest/backtest.ts";
import { fitCalendarModel } from "../calendar/calendar-model.ts";
import { coldStartForecast } from "../demand/cold-start.ts";
import { forecastSinceHarvest } from "../demand/since-harvest.ts";
import { uncensoredDemand } from "../demand/censored.ts";
import { demandFactors } from "../factors/demand-factors.ts";
import { forecastPanel } from "../panel/forecast-panel.ts";
import { historyOver, reconcileOverTime } from "../reconcile/over-time.ts";

type Values = (number | null)[];
const times = (n: number, of: (t: number) => number | null): Values =>
  Array.from({ length: n }, (_, t) => of(t));
const wave = (t: number): number => 50 + 20 * Math.sin((t * Math.PI) / 6) + (t % 5);

/** Twenty ways in which a history of sales can be bad. */
const histories: Record<string, Values> = {
  nothing: [],
  "one value": [5],
  "two values": [5, 7],
  "nothing but gaps": [null, null, null],
  "nothing but NaN": times(20, () => NaN),
  "a constant": times(40, () => 7),
  zeros: times(40, () => 0),
  "zeros and one demand": times(40, (t) => (t === 20 ? 3 : 0)),
  "a gap at the start": times(40, (t) => (t < 15 ? null : wave(t))),
  "gaps all over": times(60, (t) => (t % 3 === 1 ? null : wave(t))),
  "a gap at the end": times(40, (t) => (t > 30 ? null : wave(t))),
  "one value among gaps": times(40, (t) => (t === 25 ? 4 : null)),
  "NaN among values": times(40, (t) => (t === 7 ? NaN : wave(t))),
  "values below zero": times(40, (t) => wave(t) - 60),
  "huge values": times(40, (t) => wave(t) * 1e300),
  "tiny values": times(40, (t) => wave(t) * 1e-300),
  "huge beside tiny": times(40, (t) => (t % 2 === 0 ? 1e150 : 1e-150)),
  "a history shorter than the season": times(6, wave),
  "an infinite value": times(40, (t) => (t === 3 ? Infinity : wave(t))),
  "a value of minus infinity": times(40, (t) => (t === 3 ? -Infinity : wave(t))),
};

/** What each answers: numbers that must all be finite; a refusal must be an `AppError`. */
const subjects: Record<string, (values: Values) => Iterable<number>> = {
  "known columns in a panel": (values) =>
    numbersOf(
      forecastPanel([
        { id: "a", values, season: 7, horizon: 5, covariates: { price: times(values.length + 5, wave) } },
        { id: "b", values: times(60, wave), season: 7, horizon: 5 },
      ]),
    ),
  "last year's course in a panel": (values) =>
    numbersOf(
      forecastPanel([
        { id: "a", values, season: 7, horizon: 5, firstPeriod: 19_000 },
        { id: "b", values: times(500, wave), season: 7, horizon: 5, firstPeriod: 18_600 },
      ]),
    ),
  "the calendar model": (values) => fitCalendarModel(values, { firstPeriod: 19_000, horizon: 5 }).mean,
  factors: (values) =>
    demandFactors(values, {
      firstPeriod: 19_000,
      horizon: 5,
      days: { fair: [19_003, 19_010] },
      price: times(values.length + 5, wave),
    }).mean,
  "sold-out days": (values) =>
    uncensoredDemand(
      values.map((sold, t) => ({ sold: sold ?? NaN, soldOut: t % 4 === 0 })),
      7,
    ).filter((value) => !Number.isNaN(value)),
  "a new product": (values) =>
    coldStartForecast(
      values.map((value) => value ?? NaN),
      [{ level: 10, shape: Float64Array.of(1, 2) }],
    ),
  "a season from its first harvest": (values) => {
    const season = { sales: Float64Array.from(values, (value) => value ?? NaN), firstHarvest: 0 };
    const past = { sales: Float64Array.from(times(60, wave) as number[]), firstHarvest: 3 };
    return forecastSinceHarvest([past], season, 7);
  },
  "days, weeks and months": (values) => {
    const weeks = forecastPanel([{ id: "a", values: historyOver(values, 7), horizon: 1 }])[0]!.mean;
    const days = forecastPanel([{ id: "a", values, horizon: 7 }])[0]!.mean;
    return reconcileOverTime(days, 1, [{ every: 7, forecast: weeks, variance: 7 }], false);
  },
  "a backtest": (values) =>
    backtestPanel([{ id: "a", values, season: 7, horizon: 3 }], { models: ["auto"], origins: 2 }).flatMap(
      ({ absoluteError, error, volume, mase = 0, rmsse = 0 }) => [absoluteError, error, volume, mase, rmsse],
    ),
};

function numbersOf(forecasts: ReturnType<typeof forecastPanel>): number[] {
  return forecasts.flatMap(({ mean, intervals, quantiles }) => [
    ...mean,
    ...intervals.flatMap(({ lower, upper }) => [...lower, ...upper]),
    ...quantiles.flatMap(({ values }) => [...values]),
  ]);
}

describe.each(Object.entries(subjects))("%s", (_, answer) => {
  it.each(Object.entries(histories))("answers or refuses %s", (_name, values) => {
    try {
      for (const value of answer(values)) expect(Number.isFinite(value)).toBe(true);
    } catch (error) {
      if (!isAppError(error, "input_invalid")) throw error;
    }
  });
});
