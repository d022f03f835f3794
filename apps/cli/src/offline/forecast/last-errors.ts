import { forecasterNamed, prepare } from "@almanac/forecasting";
import type { PanelSeries } from "@almanac/forecasting";

/** One-step errors of this model tell how the errors of series hang together. */
const errorModel = "theta";
const mostErrors = 120;

/** The last one-step errors of a series in its unit, aligned at its end, NaN where there are none. */
export function lastErrors(series: PanelSeries): Float64Array {
  const out = new Float64Array(mostErrors).fill(NaN);
  const history = prepare(series);
  const model = forecasterNamed(errorModel);
  if (!history || history.values.length < model.least(history.season)) return out;
  const { fitted } = model.fit(history);
  const n = history.values.length;
  for (let back = 1; back <= Math.min(mostErrors, n); back++) {
    const t = n - back;
    if (history.observed[t] === 1) out[mostErrors - back] = (history.values[t]! - fitted[t]!) * history.scale;
  }
  return out;
}
