import { minimise } from "../../numeric/nelder-mead.ts";
import type { Fit, Forecaster, History } from "../../series.ts";

/**
 * Croston's method: size of a demand and time between demands smoothed apart, forecast = size / time.
 * Croston (1972), "Forecasting and stock control for intermittent demands", Operational Research Quarterly 23.
 */
export const croston: Forecaster = {
  name: "croston",
  least: () => 1,
  fit: (history) => sizeOverGap(history, () => 1),
};

/**
 * Croston with the bias of a ratio taken out: times 1 - alpha / 2.
 * Syntetos & Boylan (2005), "The accuracy of intermittent demand estimates", International Journal of Forecasting 21.
 */
export const sba: Forecaster = {
  name: "sba",
  least: () => 1,
  fit: (history) => sizeOverGap(history, (alpha) => 1 - alpha / 2),
};

/**
 * Teunter, Syntetos & Babai: size of a demand and probability of one smoothed apart, the probability in every period, so
 * that a product which is no longer asked for fades out.
 * Teunter, Syntetos & Babai (2011), "Intermittent demand: Linking forecasting to inventory obsolescence", EJOR 214.
 */
export const tsb: Forecaster = {
  name: "tsb",
  least: () => 1,
  fit({ values }): Fit {
    const start = demandStart(values);
    const squares = (parameters: Float64Array): number =>
      followTsb(values, parameters[0]!, parameters[1]!, start).squares;
    const { at } = minimise(squares, Float64Array.of(0.1, 0.05), Float64Array.of(0.1, 0.05), {
      lower: Float64Array.of(0.01, 0.005),
      upper: Float64Array.of(0.5, 0.3),
      evaluations: 60,
      tolerance: 1e-5,
    });
    const { fitted, level } = followTsb(values, at[0]!, at[1]!, start, new Float64Array(values.length));
    return { fitted, predict: (horizon) => new Float64Array(horizon).fill(level) };
  },
};

interface DemandStart {
  readonly size: number;
  readonly probability: number;
}

/** Mean size of a demand and share of periods with one, over the whole history: where the smoothing begins. */
function demandStart(values: Float64Array): DemandStart {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === 0) continue;
    sum += value;
    count++;
  }
  return { size: count > 0 ? sum / count : 0, probability: count / values.length };
}

const none = new Float64Array(0);

function followTsb(
  values: Float64Array,
  sizeWeight: number,
  chanceWeight: number,
  start: DemandStart,
  fitted = none,
) {
  let { size, probability } = start;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const value = values[t]!;
    const forecast = probability * size;
    if (fitted.length > 0) fitted[t] = forecast;
    squares += (value - forecast) * (value - forecast);
    if (value !== 0) size += sizeWeight * (value - size);
    probability += chanceWeight * ((value === 0 ? 0 : 1) - probability);
  }
  return { squares, fitted, level: probability * size };
}

function sizeOverGap({ values }: History, correction: (alpha: number) => number): Fit {
  const start = demandStart(values);
  const squares = (parameters: Float64Array): number =>
    followCroston(values, parameters[0]!, start, correction(parameters[0]!)).squares;
  const { at } = minimise(squares, Float64Array.of(0.1), Float64Array.of(0.05), {
    lower: Float64Array.of(0.01),
    upper: Float64Array.of(0.5),
    evaluations: 30,
    tolerance: 1e-5,
  });
  const factor = correction(at[0]!);
  const { fitted, level } = followCroston(values, at[0]!, start, factor, new Float64Array(values.length));
  return { fitted, predict: (horizon) => new Float64Array(horizon).fill(level) };
}

function followCroston(
  values: Float64Array,
  alpha: number,
  start: DemandStart,
  factor: number,
  fitted = none,
) {
  let size = start.size;
  let gap = start.probability > 0 ? 1 / start.probability : 1;
  let since = 1;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const value = values[t]!;
    const forecast = (factor * size) / gap;
    if (fitted.length > 0) fitted[t] = forecast;
    squares += (value - forecast) * (value - forecast);
    if (value === 0) {
      since++;
      continue;
    }
    size += alpha * (value - size);
    gap += alpha * (since - gap);
    since = 1;
  }
  return { squares, fitted, level: (factor * size) / gap };
}
