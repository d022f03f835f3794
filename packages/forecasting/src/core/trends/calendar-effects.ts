import { factorise, solveFactored } from "../numeric/linear.ts";

/** A rhythm of the calendar and how much it moves sales. */
export interface CalendarEffect {
  readonly name: string;
  /** Share by which sales are higher on its days than otherwise: .25 is a quarter more. */
  readonly effect: number;
  /** In [0, 1]: 1 less the chance that noise looks like this. */
  readonly confidence: number;
}

/** Days on which something may happen: pay days, the first of the month, days when benefits are paid, market days. */
export interface CalendarRhythm {
  readonly name: string;
  /** One flag a day of the series. */
  readonly days: ArrayLike<boolean>;
}

/**
 * How much given rhythms of the calendar move daily sales, beside the weekday and the slow level.
 *
 * @param sales n daily values of at least 0; NaN are left out
 * @param rhythms each with n flags; those with fewer than three days on either side are left out
 * @param falseAlarms chance of telling a rhythm that is none, divided among the rhythms looked at (Bonferroni)
 * @returns the rhythms that stand out, largest effect first
 *
 * Least squares of log(1 + sales), less a centred mean of four weeks, on weekdays and rhythms; t-tests by the normal law.
 */
export function calendarEffects(
  sales: ArrayLike<number>,
  rhythms: readonly CalendarRhythm[],
  falseAlarms = 0.05,
): CalendarEffect[] {
  const n = sales.length;
  const logs = Float64Array.from({ length: n }, (_, t) => Math.log1p(Math.max(0, sales[t]!)));
  const usable = rhythms.filter(({ days }) => {
    let on = 0;
    for (let t = 0; t < n; t++) if (days[t] && !Number.isNaN(logs[t]!)) on++;
    return on >= 3 && n - on >= 3;
  });
  if (usable.length === 0 || n < 35) return [];
  const level = slowLevel(logs);
  const rows: { x: Float64Array; y: number }[] = [];
  const size = 7 + usable.length;
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(logs[t]!)) continue;
    const x = new Float64Array(size);
    x[t % 7] = 1;
    usable.forEach(({ days }, i) => (x[7 + i] = days[t] ? 1 : 0));
    rows.push({ x, y: logs[t]! - level[t]! });
  }
  const fit = leastSquares(rows, size);
  if (!fit) return [];
  const limit = falseAlarms / usable.length;
  return usable
    .map(({ name }, i) => {
      const coefficient = fit.coefficients[7 + i]!;
      const chance = twoSided(Math.abs(coefficient) / fit.errors[7 + i]!);
      return { name, effect: Math.expm1(coefficient), confidence: 1 - chance, chance };
    })
    .filter(({ chance }) => chance < limit)
    .map(({ name, effect, confidence }) => ({ name, effect, confidence }))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}

/** Centred means of 29 days, of what is known. */
function slowLevel(values: Float64Array): Float64Array {
  const half = 14;
  return values.map((_, t) => {
    let sum = 0;
    let count = 0;
    for (let k = Math.max(0, t - half); k <= Math.min(values.length - 1, t + half); k++) {
      if (Number.isNaN(values[k]!)) continue;
      sum += values[k]!;
      count++;
    }
    return count > 0 ? sum / count : 0;
  });
}

function leastSquares(rows: readonly { x: Float64Array; y: number }[], size: number) {
  const matrix = new Float64Array(size * size);
  const coefficients = new Float64Array(size);
  for (const { x, y } of rows) {
    for (let i = 0; i < size; i++) {
      if (x[i] === 0) continue;
      coefficients[i]! += x[i]! * y;
      for (let j = 0; j < size; j++) matrix[i * size + j]! += x[i]! * x[j]!;
    }
  }
  for (let i = 0; i < size; i++) matrix[i * size + i]! += 1e-9 * rows.length;
  if (!factorise(matrix, size)) return undefined;
  solveFactored(matrix, coefficients, size);
  let squares = 0;
  for (const { x, y } of rows)
    squares += (y - x.reduce((sum, value, i) => sum + value * coefficients[i]!, 0)) ** 2;
  const variance = squares / Math.max(1, rows.length - size);
  const errors = coefficients.map((_, i) => {
    const unit = new Float64Array(size);
    unit[i] = 1;
    solveFactored(matrix, unit, size);
    return Math.sqrt(Math.max(1e-18, variance * unit[i]!));
  });
  return { coefficients, errors };
}

/** Two-sided tail of the standard normal. Abramowitz & Stegun (1964), 26.2.17. */
function twoSided(z: number): number {
  const k = 1 / (1 + 0.2316419 * z);
  const series =
    k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return Math.min(1, (2 * Math.exp((-z * z) / 2) * series) / Math.sqrt(2 * Math.PI));
}
