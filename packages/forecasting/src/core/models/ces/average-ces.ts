import type { Fit, Forecaster, History } from "../../series.ts";
import { weightedMean } from "../weighted-mean.ts";
import { fitCes } from "./fit-ces.ts";
import type { CesForm } from "./fit-ces.ts";

/** The forms that a history can show. */
export function cesForms({ season, values }: History): CesForm[] {
  return season > 1 && values.length >= 2 * season ? ["none", "simple", "partial", "full"] : ["none"];
}

/**
 * The four forms of complex exponential smoothing weighed by exp(-AICc / 8), as those of ETS are. It needs no choice between
 * level and trend: the potential tells how the level moves on.
 */
export const averageCes: Forecaster = {
  name: "ces-average",
  least: () => 6,
  fit(history): Fit {
    const fits = cesForms(history).map((form) => fitCes(history, form));
    const least = fits.reduce((low, { aicc }) => Math.min(low, aicc), Infinity);
    return weightedMean(fits.map((fit) => ({ fit, weight: Math.exp((least - fit.aicc) / 8) || 0 })));
  },
};
