import type { Fit, Forecaster } from "../../series.ts";
import { weightedMean } from "../weighted-mean.ts";
import { etsStart, fitForm } from "./fit-form.ts";
import { admissibleForms, fitAllForms } from "./auto-ets.ts";

/**
 * Exponential smoothing forms weighed by exp(-AICc / 8). Choosing one form is a gamble on short histories: on the fixed
 * samples of M3 the average of all fifteen has an OWA of .888 monthly and .889 quarterly where the best form has .921 and
 * .926. The divisor of 8 rather than the 2 of Akaike's weights keeps several forms in play. Where all values are positive,
 * the nine forms with multiplicative errors do as well alone (on roots .869 and .885, all fifteen .872 and .893) and cost
 * half.
 *
 * Kolassa (2011), "Combining exponential smoothing forecasts using Akaike weights", International Journal of Forecasting 27.
 */
export const averageEts: Forecaster = {
  name: "ets-average",
  least: () => 5,
  fit(history): Fit {
    const forms = admissibleForms(history);
    const relative = forms.filter(({ error }) => error === "multiplicative");
    const fits = fitAllForms(history, relative.length > 0 ? relative : forms);
    const [best] = fits;
    if (!best)
      return fitForm(history, { error: "additive", trend: "none", season: "none" }, etsStart(history));
    return weightedMean(fits.map((fit) => ({ fit, weight: Math.exp((best.aicc - fit.aicc) / 8) })));
  },
};
