import type { History } from "../series.ts";

/** How rare demand comes: in what pieces, and how lumpy. */
export interface CountShape {
  /** What counts as one, in the history's scale: one piece, or a fiftieth of a usual demand where that is larger. */
  readonly unit: number;
  /** Variance over mean of the counts, above 1: 1 would be Poisson. */
  readonly dispersion: number;
}

const piecesPerDemand = 50;
/** The belief in a dispersion of two counts as this many periods. */
const priorPeriods = 8;
const priorDispersion = 2;
const leastDispersion = 1.05;
/** Variance is that of lately: a period counts this much of the one after it. */
const keep = 0.97;
const mostPieces = 20_000;

/** @param history never below zero; gaps tell nothing, whatever they were filled with */
export function countShape({ values: filled, observed, scale }: History): CountShape {
  const values = filled.filter((_, t) => observed[t] === 1);
  let demands = 0;
  let sum = 0;
  let whole = true;
  for (const value of values) {
    if (!(value > 0)) continue;
    demands++;
    sum += value;
    const inUnits = value * scale;
    whole &&= Math.abs(inUnits - Math.round(inUnits)) < 1e-6;
  }
  if (demands === 0) return { unit: 1, dispersion: priorDispersion };
  const fine = sum / demands / piecesPerDemand;
  const unit = whole ? Math.max(1 / scale, fine) : fine;
  let weight = 0;
  let mean = 0;
  let square = 0;
  for (const value of values) {
    const count = value / unit;
    weight = keep * weight + 1;
    mean += (count - mean) / weight;
    square += (count * count - square) / weight;
  }
  const own = mean > 0 ? (square - mean * mean) / mean : priorDispersion;
  const mixed = (weight * own + priorPeriods * priorDispersion) / (weight + priorPeriods);
  return { unit, dispersion: Math.max(leastDispersion, mixed) };
}

/**
 * Negative-binomial counts with a given mean: the probability of each count from 0 on, one by one.
 *
 * P(0) = D^(-r), P(j + 1) = P(j) (r + j) / (j + 1) (1 - 1 / D), with D the dispersion and r = mean / (D - 1).
 */
function* probabilities(mean: number, dispersion: number): Generator<number> {
  const size = mean / (dispersion - 1);
  let one = dispersion ** -size;
  for (let count = 0; count < mostPieces; count++) {
    yield one;
    one *= ((size + count) / (count + 1)) * (1 - 1 / dispersion);
  }
}

/**
 * @param share in (0, 1)
 * @returns the smallest amount that a share `share` of all demands stays at or below, in the history's scale
 */
export function countQuantile({ unit, dispersion }: CountShape, mean: number, share: number): number {
  let below = 0;
  let count = 0;
  for (const one of probabilities(Math.max(0, mean) / unit, dispersion)) {
    below += one;
    if (below >= share) return count * unit;
    count++;
  }
  return Math.max(mean, 0);
}

/** @returns the probability of a demand clearly below `amount`: 0 for none, up to 1 */
export function chanceBelow({ unit, dispersion }: CountShape, mean: number, amount: number): number {
  const pieces = Math.round(amount / unit);
  let below = 0;
  let count = 0;
  for (const one of probabilities(Math.max(0, mean) / unit, dispersion)) {
    if (count++ >= pieces) break;
    below += one;
  }
  return Math.min(1, below);
}
