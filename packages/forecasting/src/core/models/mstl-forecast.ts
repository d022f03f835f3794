import { mstl } from "../season/mstl.ts";
import type { Fit, Forecaster, History } from "../series.ts";
import { averageArima } from "./arima/auto-arima.ts";
import { averageEts } from "./ets/average-ets.ts";
import { theta } from "./theta.ts";

/**
 * A model for what MSTL leaves after its seasons, with the last season of each seasonal part carried on. The way to use
 * models without season, or with short ones only, on weeks of a year and hours of a week.
 */
export function onAdjusted(inner: Forecaster, name = inner.name): Forecaster {
  return {
    name,
    least: (season) => Math.max(2 * season + 1, inner.least(1)),
    fit(history): Fit {
      const seasons = seasonsOf(history);
      if (seasons.length === 0) return inner.fit(history);
      const { values } = history;
      const n = values.length;
      const { seasonals } = mstl(values, seasons);
      const seasonal = values.map((_, t) => seasonals.reduce((sum, part) => sum + part[t]!, 0));
      const rest = values.map((value, t) => value - seasonal[t]!);
      const fit = inner.fit({ ...withoutSeason(history), values: rest, ...signsOf(rest) });
      return {
        fitted: fit.fitted.map((value, t) => value + seasonal[t]!),
        predict: (horizon) =>
          fit
            .predict(horizon)
            .map((value, k) =>
              seasonals.reduce((sum, part, i) => sum + part[n - seasons[i]! + (k % seasons[i]!)]!, value),
            ),
      };
    },
  };
}

function seasonsOf({ season, longSeasons, values }: History): number[] {
  return [season, ...longSeasons].filter((length) => length > 1 && values.length > 2 * length);
}

function withoutSeason(history: History): History {
  return { ...history, season: 1, longSeasons: [] };
}

function signsOf(values: Float64Array): { positive: boolean; nonNegative: boolean } {
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  return { positive: least > 0, nonNegative: least >= 0 };
}

/** Seasons by MSTL, the rest by averaged exponential smoothing. */
export const mstlEts: Forecaster = onAdjusted(averageEts, "mstl");

/** Seasons by MSTL, the rest by averaged ARIMA. */
export const mstlArima: Forecaster = onAdjusted(averageArima, "mstl-arima");

/** Seasons by MSTL, the rest by theta: the cheapest of the three. */
export const mstlTheta: Forecaster = onAdjusted(theta, "mstl-theta");
