import type { Fit } from "../series.ts";

export interface WeightedFit {
  readonly fit: Fit;
  /** At least 0. */
  readonly weight: number;
}

/** Fits below this share of the largest weight are left out: they would cost time and change nothing. */
const leastShare = 0.01;

/** Several fits as one: fitted values and forecasts are their weighted means. */
export function weightedMean(fits: readonly WeightedFit[]): Fit {
  const largest = fits.reduce((most, { weight }) => Math.max(most, weight), 0);
  const kept = fits.filter(({ weight }) => weight >= leastShare * largest);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  const average = (of: (fit: Fit) => Float64Array): Float64Array => {
    let out: Float64Array | undefined;
    for (const { fit, weight } of kept) {
      const values = of(fit);
      out ??= new Float64Array(values.length);
      for (let k = 0; k < out.length; k++) out[k]! += (weight / total) * values[k]!;
    }
    return out!;
  };
  return {
    fitted: average((fit) => fit.fitted),
    predict: (horizon) => average((fit) => fit.predict(horizon)),
  };
}
