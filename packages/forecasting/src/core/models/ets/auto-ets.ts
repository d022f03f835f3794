import type { Fit, Forecaster, History } from "../../series.ts";
import { etsStart, fitForm } from "./fit-form.ts";
import type { FormFit } from "./fit-form.ts";
import type { EtsForm } from "./state-space.ts";

const errors = ["additive", "multiplicative"] as const;
const trends = ["none", "damped", "additive"] as const;
const seasons = ["none", "additive", "multiplicative"] as const;

/**
 * Every admissible form for a history. Additive errors with a multiplicative season have infinite forecast variance and
 * are left out, as in Hyndman et al. (2008), section 7; multiplicative forms need values above zero.
 */
export function admissibleForms({ season, positive, values }: History): EtsForm[] {
  const forms: EtsForm[] = [];
  for (const error of errors) {
    if (error === "multiplicative" && !positive) continue;
    for (const seasonal of seasons) {
      if (seasonal !== "none" && (season < 2 || values.length < 2 * season + 4)) continue;
      if (seasonal === "multiplicative" && error === "additive") continue;
      for (const trend of trends) {
        const parts = 3 + (trend === "none" ? 0 : 2) + (trend === "damped" ? 1 : 0);
        if (values.length > parts + 1) forms.push({ error, trend, season: seasonal });
      }
    }
  }
  return forms;
}

/** Forms fitted, best first by AICc; all that are admissible unless told. */
export function fitAllForms(history: History, forms = admissibleForms(history)): FormFit[] {
  const start = etsStart(history);
  return forms
    .map((form) => fitForm(history, form, start))
    .filter(({ aicc }) => aicc < Infinity)
    .sort((a, b) => a.aicc - b.aicc);
}

/** Exponential smoothing in state space form, chosen among all admissible forms by AICc. */
export const autoEts: Forecaster = {
  name: "ets",
  least: () => 5,
  fit(history): Fit {
    const [best] = fitAllForms(history);
    return best ?? fitForm(history, { error: "additive", trend: "none", season: "none" }, etsStart(history));
  },
};
