import type { Fit, Forecaster } from "../../series.ts";
import { ses } from "../theta.ts";

/**
 * ADIDA: the history summed into buckets as long as the mean time between demands, smoothed there, and spread evenly.
 * Summing takes out the zeros that trouble smoothing.
 *
 * Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos (2011), "An aggregate-disaggregate intermittent demand
 * approach (ADIDA) to forecasting", Journal of the Operational Research Society 62.
 */
export const adida: Forecaster = {
  name: "adida",
  least: () => 1,
  fit(history): Fit {
    const { values } = history;
    const n = values.length;
    const demands = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
    const bucket = Math.max(1, Math.min(Math.round(n / Math.max(1, demands)), Math.floor(n / 4)));
    const count = Math.floor(n / bucket);
    const sums = new Float64Array(count);
    const from = n - count * bucket;
    for (let t = from; t < n; t++) sums[Math.floor((t - from) / bucket)]! += values[t]!;
    const fit = ses.fit({ ...history, values: sums, observed: new Uint8Array(count).fill(1), season: 1 });
    const level = fit.predict(1)[0]! / bucket;
    const fitted = values.map((_, t) =>
      t < from ? NaN : fit.fitted[Math.floor((t - from) / bucket)]! / bucket,
    );
    return { fitted, predict: (horizon) => new Float64Array(horizon).fill(level) };
  },
};
