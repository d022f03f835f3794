import { invariant } from "@almanac/kernel";
import { leastAt } from "./nelder-mead.ts";
import { logGamma } from "./special-functions.ts";

/** Mean value of the purchases of a buyer, in minor units of money or any other. */
export interface SpendHistory {
  /** Purchases that the mean is of, >= 0; 0 says that nothing is known. */
  readonly purchases: number;
  /** Mean value, > 0 with purchases. */
  readonly mean: number;
}

/** Values are gamma distributed with shape `p`; their rates over buyers with shape `q` and rate `v`. All > 0. */
export interface SpendModel {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/**
 * The Gamma-Gamma model by maximum likelihood, from buyers with purchases. Fader and Hardie (2013), "The Gamma-Gamma Model
 * of Monetary Value", equation 1a. It holds where how much and how often are independent.
 *
 * @throws InvariantError on fewer than two buyers with purchases, or a mean that is not above 0
 */
export function fitSpendModel(histories: readonly SpendHistory[]): SpendModel {
  const known = histories.filter(({ purchases }) => purchases > 0);
  invariant(known.length >= 2, "a spend model needs buyers with purchases");
  invariant(
    known.every(({ mean }) => mean > 0 && Number.isFinite(mean)),
    "a mean value is above 0",
  );
  const scale = known.reduce((sum, { mean }) => sum + mean, 0) / known.length;
  const scaled = known.map(({ purchases, mean }) => ({ purchases, mean: mean / scale }));
  const best = leastAt(
    (at) => at.reduce((sum, x) => sum + x * x, 0) * 1e-3 - spendLogLikelihood(modelAt(at), scaled),
    [0, 1, 0],
  );
  const { p, q, v } = modelAt(best);
  return { p, q, v: v * scale };
}

const modelAt = (at: readonly number[]): SpendModel => {
  const [p, q, v] = at.map((x) => Math.exp(x));
  return { p: p!, q: q!, v: v! };
};

/** Logarithm of the probability density of mean values, summed. */
export function spendLogLikelihood({ p, q, v }: SpendModel, histories: readonly SpendHistory[]): number {
  let total = 0;
  for (const { purchases: x, mean } of histories) {
    const shape = p * x;
    total +=
      logGamma(shape + q) -
      logGamma(shape) -
      logGamma(q) +
      q * Math.log(v) +
      (shape - 1) * Math.log(mean) +
      shape * Math.log(x) -
      (shape + q) * Math.log(v + x * mean);
  }
  return total;
}

/**
 * Value that the next purchases of a buyer are expected to have: between the buyer's own mean and that of all, the closer
 * to the own the more there are. Equation 5.
 *
 * @returns the mean of all for a buyer without purchases; NaN there where q <= 1, since that mean does not exist
 */
export function expectedSpend({ p, q, v }: SpendModel, { purchases, mean }: SpendHistory): number {
  const weight = p * purchases + q - 1;
  return weight > 0 ? (p * (v + purchases * (purchases > 0 ? mean : 0))) / weight : NaN;
}
