import { minimise } from "../../numeric/nelder-mead.ts";
import { adjusted, seasonPattern } from "../../season/classical.ts";
import type { SeasonPattern } from "../../season/classical.ts";
import type { Fit, History } from "../../series.ts";
import { filterEts, predictEts } from "./state-space.ts";
import type { EtsForm, EtsParameters } from "./state-space.ts";

/** One form fitted to one history. */
export interface FormFit extends Fit {
  readonly form: EtsForm;
  readonly parameters: EtsParameters;
  /** Akaike's criterion with the correction for short histories; Infinity when the history is too short for the form. */
  readonly aicc: number;
}

/** The seasonal patterns of a history, found once and shared by all forms. */
export interface EtsStart {
  readonly additive: SeasonPattern;
  readonly multiplicative: SeasonPattern | undefined;
}

const noSeason: SeasonPattern = { kind: "none", index: new Float64Array(1) };

export function etsStart(history: History): EtsStart {
  const { values, season, positive } = history;
  if (season < 2 || values.length < 2 * season) return { additive: noSeason, multiplicative: undefined };
  return {
    additive: seasonPattern(values, season, "additive"),
    multiplicative: positive ? seasonPattern(values, season, "multiplicative") : undefined,
  };
}

/**
 * The parameters of one form with the largest likelihood. The seasonal states start from a classical decomposition of the
 * whole history, level and slope are searched together with the smoothing parameters.
 */
export function fitForm(history: History, form: EtsForm, start: EtsStart): FormFit {
  const { values } = history;
  const n = values.length;
  const pattern = patternFor(form, start);
  const seasonal = form.season !== "none";
  const trending = form.trend !== "none";
  const damped = form.trend === "damped";
  const scratch = new Float64Array(pattern.index.length);
  const end = new Float64Array(2);
  const empty = new Float64Array(0);
  const first = startingLine(adjusted(values, pattern), trending);
  const size = 2 + (trending ? 2 : 0) + (damped ? 1 : 0) + (seasonal ? 1 : 0);
  const read = (x: Float64Array): EtsParameters => {
    let i = 1;
    const alpha = x[0]!;
    const beta = trending ? alpha * x[i++]! : 0;
    const gamma = seasonal ? (1 - alpha) * x[i++]! : 0;
    const phi = damped ? x[i++]! : 1;
    const level = x[i++]!;
    return { alpha, beta, gamma, phi, level, slope: trending ? x[i]! : 0 };
  };
  const criterion = (x: Float64Array): number => {
    scratch.set(pattern.index);
    return filterEts(form, values, read(x), scratch, empty, end);
  };
  const box = searchBox(form, first);
  const best = minimise(criterion, box.start, box.step, {
    lower: box.lower,
    upper: box.upper,
    evaluations: 40 + 35 * size,
    tolerance: 3e-6,
  });
  const parameters = read(best.at);
  scratch.set(pattern.index);
  const fitted = new Float64Array(n);
  filterEts(form, values, parameters, scratch, fitted, end);
  const states = { level: end[0]!, slope: end[1]!, seasons: scratch };
  // The seasonal states count as in R, although they are not searched: they are taken from the same values.
  const free = size + 1 + (seasonal ? pattern.index.length - 1 : 0);
  const aicc = n - free - 1 > 0 ? best.value + 2 * free + (2 * free * (free + 1)) / (n - free - 1) : Infinity;
  return {
    form,
    parameters,
    aicc,
    fitted,
    predict: (horizon) => predictEts(form, parameters.phi, states, n, horizon),
  };
}

function patternFor(form: EtsForm, start: EtsStart): SeasonPattern {
  if (form.season === "none") return noSeason;
  return form.season === "additive" ? start.additive : (start.multiplicative ?? noSeason);
}

/** Level and slope before the first value: the line through the first ten values; without trend their mean. */
function startingLine(values: Float64Array, trending: boolean): { level: number; slope: number } {
  const n = Math.min(values.length, 10);
  let sum = 0;
  let cross = 0;
  for (let t = 0; t < n; t++) {
    sum += values[t]!;
    cross += t * values[t]!;
  }
  const slope = n > 2 && trending ? (6 * (2 * cross - (n - 1) * sum)) / (n * (n * n - 1)) : 0;
  return { level: sum / n - slope * ((n + 1) / 2), slope };
}

function searchBox(form: EtsForm, first: { level: number; slope: number }) {
  const start = [0.3];
  const step = [0.2];
  const lower = [1e-4];
  const upper = [0.9999];
  const add = (from: number, by: number, least: number, most: number): void => {
    start.push(from);
    step.push(by);
    lower.push(least);
    upper.push(most);
  };
  if (form.trend !== "none") add(0.1, 0.1, 1e-4, 0.9999);
  if (form.season !== "none") add(0.05, 0.1, 1e-4, 0.9999);
  if (form.trend === "damped") add(0.95, -0.05, 0.8, 0.98);
  const size = Math.abs(first.level) + 0.01;
  add(first.level, 0.1 * size, -Infinity, Infinity);
  if (form.trend !== "none")
    add(first.slope, 0.1 * Math.abs(first.slope) + 0.002 * size, -Infinity, Infinity);
  return {
    start: Float64Array.from(start),
    step: Float64Array.from(step),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
  };
}
