import { minimise } from "../../numeric/nelder-mead.ts";
import { seasonPattern } from "../../season/classical.ts";
import type { Fit, History } from "../../series.ts";
import { aheadOfParts, fades, followParts } from "./complex-part.ts";
import type { ComplexPart, ComplexWeight } from "./complex-part.ts";

/**
 * How the season enters complex exponential smoothing: not at all; as a complex level of each position in place of the
 * common one; as a real index added to it; as a complex one added to it.
 */
export type CesForm = "none" | "simple" | "partial" | "full";

export interface CesFit extends Fit {
  readonly form: CesForm;
  /** One a part, the season's last. */
  readonly weights: readonly ComplexWeight[];
  /** Akaike's criterion with the correction for short histories, up to what all forms share; Infinity when too short. */
  readonly aicc: number;
}

/** Smoothing from which little of the past is left, 1.3 + i, as the authors start their search. */
const startWeight = { real: 1.3, imaginary: 1 };
const startIndex = 0.1;
/** The potential that a level starts with, of the level; runs there and back make little of it. */
const startPotential = 1 / 1.1;

/**
 * Complex exponential smoothing of one form, with the weights of least squared one-step error. The states before the first
 * value come from a run over the values and back.
 *
 * @param history two seasons at least for all forms but `none`
 *
 * Svetunkov, Kourentzes & Ord (2022), "Complex exponential smoothing", Naval Research Logistics 69, and for the seasonal
 * forms Svetunkov & Kourentzes (2018), "Complex exponential smoothing for seasonal time series", Lancaster University. The
 * states are not counted in the criterion, as they are not searched.
 */
export function fitCes(history: History, form: CesForm): CesFit {
  const { values } = history;
  const n = values.length;
  const parts = partsOf(form, history);
  const begin = startingStates(parts, form, history);
  const read = (x: Float64Array): ComplexWeight[] =>
    parts.map((_, k) => ({ real: x[2 * k]!, imaginary: x[2 * k + 1] ?? 0 }));
  const run = (weights: readonly ComplexWeight[], fitted?: Float64Array): number => {
    begin();
    followParts(values, parts, weights);
    followParts(values, parts, weights, true);
    return followParts(values, parts, weights, false, fitted);
  };
  const box = searchBox(parts);
  const size = box.start.length;
  const found = minimise(
    (x) => {
      const weights = read(x);
      const steady = parts.every(({ complex }, k) => !complex || fades(weights[k]!));
      return steady ? run(weights) : Infinity;
    },
    box.start,
    box.step,
    { lower: box.lower, upper: box.upper, evaluations: 50 * size, tolerance: 1e-6 },
  );
  const weights = read(found.at);
  const fitted = new Float64Array(n);
  const squares = run(weights, fitted);
  const free = size + 1;
  const short = n - free - 1 <= 0;
  return {
    form,
    weights,
    aicc: short
      ? Infinity
      : n * Math.log(squares + 1e-30) + 2 * free + (2 * free * (free + 1)) / (n - free - 1),
    fitted,
    predict: (horizon) => aheadOfParts(n, parts, weights, horizon),
  };
}

function partsOf(form: CesForm, { values, season }: History): ComplexPart[] {
  const part = (lag: number, complex = true): ComplexPart => ({
    lag,
    complex,
    level: new Float64Array(values.length + lag),
    potential: new Float64Array(values.length + lag),
  });
  if (form === "none") return [part(1)];
  if (form === "simple") return [part(season)];
  return [part(1), part(season, form === "full")];
}

/** Sets the states before the first value: the first season itself, or the mean of the first ten and the season's indexes. */
function startingStates(
  parts: readonly ComplexPart[],
  form: CesForm,
  { values, season }: History,
): () => void {
  const first = values.subarray(0, Math.max(10, season));
  const mean = first.reduce((sum, value) => sum + value / first.length, 0);
  const starts = parts.map((_, k) => {
    if (form === "simple") return values.slice(0, season);
    return k === 0 ? Float64Array.of(mean) : seasonPattern(values, season, "additive").index;
  });
  return () => {
    parts.forEach(({ level, potential }, k) => {
      level.set(starts[k]!);
      starts[k]!.forEach((value, at) => {
        potential[at] = startPotential * value;
      });
    });
  };
}

function searchBox(parts: readonly ComplexPart[]) {
  const complex = parts.flatMap((part) => (part.complex ? [true, true] : [false]));
  const each = (of: (isComplex: boolean, at: number) => number): Float64Array =>
    Float64Array.from(complex, of);
  return {
    start: each((isComplex, at) => {
      if (!isComplex) return startIndex;
      return at % 2 === 0 ? startWeight.real : startWeight.imaginary;
    }),
    step: each((isComplex, at) => {
      if (!isComplex) return 0.1;
      return at % 2 === 0 ? 0.2 : 0.05;
    }),
    lower: each((isComplex) => (isComplex ? 0.01 : 0)),
    upper: each((isComplex) => (isComplex ? 2.5 : 1)),
  };
}
