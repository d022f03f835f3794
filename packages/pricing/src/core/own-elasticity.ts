import { factorise, solveFactored } from "@almanac/forecasting";

/** One market day on which the product was there, whether or not it was bought. */
export interface PricedDay {
  /** Days since 1970. */
  readonly day: number;
  /** Asked for, in base units, at least 0. */
  readonly soldBase: number;
  /** List price in cents, for an amount that is the same on all days; above 0. */
  readonly priceCents: number;
  /** Orders of the whole market that day: who could have bought. At least 1. */
  readonly turnout: number;
}

export interface OwnElasticity {
  /** Change of demand for a change of price, both in per cent: -1.8. */
  readonly elasticity: number;
  readonly standardError: number;
}

/** What a product needs before its own days are asked. */
export const enoughData = { days: 20, daysAtAPrice: 4, priceSpread: 0.03 } as const;

const columns = 6;

/**
 * How much less is bought of one product when it costs more, from its own market days alone.
 *
 * log E[sold] = a + elasticity log(price) + log(turnout) + two waves of a year, fitted as a Poisson regression, whose zeros
 * need no trick and whose errors are widened to the spread that is seen (McCullagh & Nelder 1989, section 6.2) and for the
 * memory of what is left over from one day to the next.
 *
 * @param days in order
 * @returns `undefined` with fewer than 20 market days, without two prices 3 % apart that held four days each, or when
 * nothing can be told from them
 */
export function ownElasticity(days: readonly PricedDay[]): OwnElasticity | undefined {
  if (!saysEnough(days)) return undefined;
  const fit = poissonFit(days);
  if (!fit) return undefined;
  const { coefficients, errors, residuals } = fit;
  const memory = Math.max(0, Math.min(0.9, firstCorrelation(residuals)));
  const standardError = errors[1]! * Math.sqrt((1 + memory) / (1 - memory));
  if (!Number.isFinite(coefficients[1]!) || !(standardError > 0) || standardError > 10) return undefined;
  return { elasticity: coefficients[1]!, standardError };
}

/** Prices that held for at least four days, lowest first. */
export function priceLevels(days: readonly PricedDay[]): number[] {
  const counts = new Map<number, number>();
  for (const { priceCents } of days) counts.set(priceCents, (counts.get(priceCents) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= enoughData.daysAtAPrice)
    .map(([price]) => price)
    .sort((a, b) => a - b);
}

function saysEnough(days: readonly PricedDay[]): boolean {
  const levels = priceLevels(days);
  const spread = levels.length < 2 ? 0 : Math.log(levels.at(-1)! / levels[0]!);
  return days.length >= enoughData.days && spread >= enoughData.priceSpread;
}

function poissonFit(days: readonly PricedDay[]) {
  const n = days.length;
  const x = new Float64Array(n * columns);
  const offset = Float64Array.from(days, ({ turnout }) => Math.log(Math.max(1, turnout)));
  const middle = days.reduce((sum, { priceCents }) => sum + Math.log(priceCents), 0) / n;
  days.forEach(({ day, priceCents }, at) => {
    const angle = (2 * Math.PI * day) / 365.25;
    x.set(
      [
        1,
        Math.log(priceCents) - middle,
        Math.sin(angle),
        Math.cos(angle),
        Math.sin(2 * angle),
        Math.cos(2 * angle),
      ],
      at * columns,
    );
  });
  const total = days.reduce((sum, { soldBase }) => sum + soldBase, 0);
  const reach = offset.reduce((sum, value) => sum + Math.exp(value), 0);
  // In units of the mean sale, so that the numbers are near one whatever the base unit.
  const scale = total / n;
  const y = Float64Array.from(days, ({ soldBase }) => soldBase / scale);
  let coefficients = new Float64Array(columns);
  coefficients[0] = Math.log(n / reach);
  let factor: Float64Array | undefined;
  let mean = new Float64Array(n);
  for (let round = 0; round < 50; round++) {
    mean = means(x, coefficients, offset);
    const step = weightedStep(x, y, mean);
    if (!step) return undefined;
    factor = step.factor;
    // Steps are held in, as a bold one from a bad start runs away.
    const longest = Math.max(...step.delta.map(Math.abs));
    const share = longest > 2 ? 2 / longest : 1;
    coefficients = coefficients.map((value, k) => value + share * step.delta[k]!);
    if (longest < 1e-9) break;
  }
  if (!factor) return undefined;
  mean = means(x, coefficients, offset);
  const residuals = y.map((value, at) => (value - mean[at]!) / Math.sqrt(Math.max(1e-9, mean[at]!)));
  const spread = residuals.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, n - columns);
  const errors = coefficients.map((_, k) => {
    const unit = new Float64Array(columns);
    unit[k] = 1;
    solveFactored(factor, unit, columns);
    return Math.sqrt(Math.max(0, spread * unit[k]!));
  });
  return { coefficients, errors, residuals };
}

function means(x: Float64Array, coefficients: Float64Array, offset: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(offset, (shift, at) => {
    let sum = shift;
    for (let k = 0; k < columns; k++) sum += x[at * columns + k]! * coefficients[k]!;
    return Math.exp(Math.max(-30, Math.min(30, sum)));
  });
}

/** Newton's step. A light ridge on the waves keeps a product that is sold in one season only from flying off. */
function weightedStep(x: Float64Array, y: Float64Array, mean: Float64Array) {
  const factor = new Float64Array(columns * columns);
  const delta = new Float64Array(columns);
  for (let at = 0; at < y.length; at++) {
    for (let i = 0; i < columns; i++) {
      const xi = x[at * columns + i]!;
      delta[i]! += xi * (y[at]! - mean[at]!);
      for (let j = 0; j <= i; j++) factor[i * columns + j]! += mean[at]! * xi * x[at * columns + j]!;
    }
  }
  for (let i = 0; i < columns; i++) factor[i * columns + i]! += i >= 2 ? 1e-3 * y.length : 1e-9;
  if (!factorise(factor, columns)) return undefined;
  solveFactored(factor, delta, columns);
  return { factor, delta };
}

function firstCorrelation(values: Float64Array): number {
  let squares = 0;
  let products = 0;
  values.forEach((value, at) => {
    squares += value ** 2;
    if (at > 0) products += value * values[at - 1]!;
  });
  return squares > 0 ? products / squares : 0;
}
