import { invariant } from "@almanac/kernel";
import { leastAt } from "./nelder-mead.ts";
import { hypergeometric, logGamma } from "./special-functions.ts";

/** What the model knows of a buyer. Times in one unit, such as weeks, since the first purchase. */
export interface PurchaseHistory {
  /** Purchases after the first, >= 0. */
  readonly repeats: number;
  /** When the last of them was; 0 without any. */
  readonly lastAt: number;
  /** How long the buyer has been watched, >= `lastAt`. */
  readonly age: number;
}

/**
 * Buyers purchase at rates that are gamma distributed (shape `r`, rate `alpha`), and leave after a purchase with
 * probabilities that are beta distributed (`a`, `b`). All > 0.
 */
export interface PurchaseModel {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/**
 * The BG/NBD model by maximum likelihood. Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", equation 6.
 *
 * @throws InvariantError on fewer than two buyers, nobody who came again, or a history out of order
 */
export function fitPurchaseModel(histories: readonly PurchaseHistory[]): PurchaseModel {
  invariant(histories.length >= 2, "a purchase model needs buyers to learn from");
  histories.forEach(check);
  invariant(
    histories.some(({ repeats }) => repeats > 0),
    "a purchase model needs somebody who came again",
  );
  const meanAge = histories.reduce((sum, { age }) => sum + age, 0) / histories.length;
  const scale = meanAge > 0 ? meanAge : 1;
  // By logarithms, so that all four stay above 0; time in mean ages, so that units do not matter.
  const scaled = histories.map(({ repeats, lastAt, age }) => ({
    repeats,
    lastAt: lastAt / scale,
    age: age / scale,
  }));
  const best = leastAt(
    (at) => {
      // Far out the likelihood is flat; a weak pull to 1 keeps the search where numbers are numbers.
      const pull = at.reduce((sum, x) => sum + x * x, 0) * 1e-3;
      return pull - purchaseLogLikelihood(modelAt(at), scaled);
    },
    [0, 0, 0, 0],
  );
  const { r, alpha, a, b } = modelAt(best);
  return { r, alpha: alpha * scale, a, b };
}

const modelAt = (at: readonly number[]): PurchaseModel => {
  const [r, alpha, a, b] = at.map((x) => Math.exp(x));
  return { r: r!, alpha: alpha!, a: a!, b: b! };
};

/** Logarithm of the probability density of histories, summed. */
export function purchaseLogLikelihood(
  { r, alpha, a, b }: PurchaseModel,
  histories: readonly PurchaseHistory[],
): number {
  const fixed = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b);
  let total = 0;
  for (const { repeats: x, lastAt, age } of histories) {
    const counted = logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x);
    const stayed = -(r + x) * Math.log(alpha + age);
    total += fixed + counted + stayed;
    if (x === 0) continue;
    const left = Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + lastAt);
    const more = left - stayed;
    total += more > 30 ? more : Math.log1p(Math.exp(more));
  }
  return total;
}

/** Probability that a buyer has not left. 1 for whoever never came again, since nobody leaves before a purchase. */
export function probabilityActive({ r, alpha, a, b }: PurchaseModel, history: PurchaseHistory): number {
  check(history);
  const { repeats: x, lastAt, age } = history;
  if (x === 0) return 1;
  const odds = Math.exp(
    Math.log(a / (b + x - 1)) + (r + x) * (Math.log(alpha + age) - Math.log(alpha + lastAt)),
  );
  return 1 / (1 + odds);
}

/**
 * Purchases that a buyer is expected to make within `horizon` from now. Equation 10, with Euler's transformation of the
 * hypergeometric function, so that the powers of a busy buyer do not overflow.
 */
export function expectedPurchases(model: PurchaseModel, history: PurchaseHistory, horizon: number): number {
  invariant(horizon >= 0 && Number.isFinite(horizon), "a horizon is a length of time >= 0");
  const { repeats, age } = history;
  return probabilityActive(model, history) * expectedIfActive(model, repeats, age, horizon);
}

/** Purchases after the first that somebody new is expected to make within `horizon`. Equation 9. */
export function expectedFirstPurchases(model: PurchaseModel, horizon: number): number {
  return expectedIfActive(model, 0, 0, horizon);
}

function expectedIfActive(
  { r, alpha, a, b }: PurchaseModel,
  x: number,
  age: number,
  horizon: number,
): number {
  const z = horizon / (alpha + age + horizon);
  // At a = 1 both numerator and denominator are 0; beside it the quotient is smooth.
  const shape = Math.abs(a - 1) < 1e-5 ? a + 2e-5 : a;
  const c = shape + b + x - 1;
  const series = hypergeometric(shape + b - 1 - r, shape - 1, c, z);
  return (c / (shape - 1)) * (1 - (1 - z) ** (shape - 1) * series);
}

function check({ repeats, lastAt, age }: PurchaseHistory): void {
  invariant(Number.isInteger(repeats) && repeats >= 0, "repeats are a whole number >= 0");
  invariant(lastAt >= 0 && lastAt <= age && Number.isFinite(age), "the last purchase lies within the age");
  invariant(repeats > 0 || lastAt === 0, "without repeats the last purchase is at 0");
}
