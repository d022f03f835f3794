import { demandClassOf, type DemandClass } from "../demand-class.ts";
import type { Forecast } from "../panel/forecast-panel.ts";
import type { PanelSeries } from "../panel/local-run.ts";
import { prepare } from "../prepare.ts";

/** Kinds of demand that a backtest tells apart: a series is new while little of it has been seen. */
export type BacktestClass = DemandClass | "new";

/** A series is new until two seasons of it are known, or twelve periods where that is more, sixty where it is less. */
const leastKnown = 12;
const mostKnown = 60;

/**
 * The kind of demand at an origin, from what was known there alone.
 *
 * @returns `new` while fewer periods are known, counted from the first demand on, than tell a rhythm
 */
export function backtestClassOf(series: PanelSeries): BacktestClass {
  const history = prepare(series);
  if (!history) return "new";
  const first = history.values.findIndex((value, t) => value !== 0 && history.observed[t] === 1);
  let known = 0;
  for (let t = Math.max(0, first); t < history.values.length; t++) known += history.observed[t]!;
  const wanted = Math.min(mostKnown, Math.max(leastKnown, 2 * (series.season ?? 1)));
  return first < 0 || known < wanted ? "new" : demandClassOf(history);
}

/**
 * A forecast beside what came.
 *
 * @param known the series up to the origin
 * @param actual what came, as long as the horizon; null, undefined and NaN are left out
 * @param forecast with the 80 % interval first, the 95 % interval second
 */
export function scoreOrigin(
  known: PanelSeries,
  actual: readonly (number | null | undefined)[],
  { mean, intervals }: Pick<Forecast, "mean" | "intervals">,
) {
  const history = prepare(known);
  const { scale = 1 } = history ?? {};
  let points = 0;
  let absoluteError = 0;
  let squaredError = 0;
  let error = 0;
  let volume = 0;
  const inside = [0, 0];
  actual.forEach((value, k) => {
    if (value === null || value === undefined || Number.isNaN(value)) return;
    const off = finite(value - mean[k]!);
    points++;
    absoluteError = finite(absoluteError + Math.abs(off));
    // In the history's scale, as the square of 1e300 has no room.
    squaredError += (off / scale) ** 2;
    error = finite(error - off);
    volume = finite(volume + Math.abs(value));
    for (const [level, { lower, upper }] of intervals.entries()) {
      if (lower[k]! <= value && value <= upper[k]!) inside[level]!++;
    }
  });
  const usual = history ? lagError(history.values, history.season, 1) * scale : 0;
  const usualRoot = history ? Math.sqrt(lagError(history.values, 1, 2)) : 0;
  return {
    points,
    absoluteError,
    error,
    volume,
    mase: points > 0 && usual > 0 ? absoluteError / points / usual : undefined,
    rmsse: points > 0 && usualRoot > 0 ? Math.sqrt(squaredError / points) / usualRoot : undefined,
    inside: inside[0]!,
    inside95: inside[1]!,
  };
}

/** The largest number in place of one that has no room, as errors of histories near 1e308. */
function finite(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}

/** Mean of |y(t) - y(t - lag)| to a power; 0 for a history of no more than the lag. */
function lagError(values: Float64Array, lag: number, power: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += Math.abs(values[t]! - values[t - lag]!) ** power;
  return sum / Math.max(1, values.length - lag);
}
