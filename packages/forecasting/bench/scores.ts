/** The scores of the M competitions: sMAPE, MASE and OWA average over series, RMSSE is at lag 1, MSIS as in M4. */
import { forecasterNamed, prepare } from "../src/index.ts";

interface Scored {
  readonly m: number;
  readonly y: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

interface Bounds {
  readonly mean: Float64Array;
  readonly lo80: Float64Array;
  readonly hi80: Float64Array;
  readonly lo95: Float64Array;
  readonly hi95: Float64Array;
}

export function scoresOf(
  series: readonly Scored[],
  forecasts: readonly Bounds[],
  metricSeason: number | undefined,
) {
  const rows = series.map((one, i) => scoreOne(one, forecasts[i]!, metricSeason));
  const average = (of: (row: (typeof rows)[number]) => number): number => {
    const values = rows.map(of).filter(Number.isFinite);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const points = rows.reduce((sum, row) => sum + row.points, 0);
  const smape = average((row) => row.smape);
  const mase = average((row) => row.mase);
  const relative = smape / average((row) => row.naiveSmape) + mase / average((row) => row.naiveMase);
  return {
    smape,
    mase,
    owa: relative / 2,
    rmsse: average((row) => row.rmsse),
    inside80: (100 * rows.reduce((sum, row) => sum + row.inside80, 0)) / points,
    inside95: (100 * rows.reduce((sum, row) => sum + row.inside95, 0)) / points,
    msis: average((row) => row.msis),
  };
}

function scoreOne({ y, test, m }: Scored, forecast: Bounds, metricSeason: number | undefined) {
  const season = metricSeason ?? (y.length > m ? m : 1);
  const scale = lagScale(y, season, 1);
  const at = [...test.keys()].filter((k) => test[k] !== null);
  const mean = (of: (k: number) => number): number => at.reduce((sum, k) => sum + of(k), 0) / at.length;
  const actual = (k: number): number => test[k]!;
  const history = prepare({ values: y, season: m });
  const naive = history
    ? forecasterNamed("naive2").fit(history).predict(test.length)
    : new Float64Array(test.length);
  const naiveAt = (k: number): number => naive[k]! * (history?.scale ?? 1);
  const smapeOf = (a: number, f: number): number =>
    a === f ? 0 : (200 * Math.abs(a - f)) / (Math.abs(a) + Math.abs(f));
  const over = (value: number): number => (scale > 0 ? value / scale : NaN);
  const inside = (lower: Float64Array, upper: Float64Array): number =>
    at.filter((k) => lower[k]! <= actual(k) && actual(k) <= upper[k]!).length;
  return {
    points: at.length,
    smape: mean((k) => smapeOf(actual(k), forecast.mean[k]!)),
    mase: over(mean((k) => Math.abs(actual(k) - forecast.mean[k]!))),
    rmsse: Math.sqrt(mean((k) => (actual(k) - forecast.mean[k]!) ** 2) / lagScale(y, 1, 2)),
    naiveSmape: mean((k) => smapeOf(actual(k), naiveAt(k))),
    naiveMase: over(mean((k) => Math.abs(actual(k) - naiveAt(k)))),
    inside80: inside(forecast.lo80, forecast.hi80),
    inside95: inside(forecast.lo95, forecast.hi95),
    msis: over(
      mean((k) => {
        const [low, high] = [forecast.lo95[k]!, forecast.hi95[k]!];
        return high - low + 40 * (Math.max(0, low - actual(k)) + Math.max(0, actual(k) - high));
      }),
    ),
  };
}

function lagScale(y: readonly (number | null)[], lag: number, power: number): number {
  let sum = 0;
  let count = 0;
  for (let t = lag; t < y.length; t++) {
    const [now, before] = [y[t], y[t - lag]];
    if (typeof now !== "number" || typeof before !== "number") continue;
    sum += Math.abs(now - before) ** power;
    count++;
  }
  return sum / count;
}
