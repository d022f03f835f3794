import { fitCalendarModel } from "@almanac/forecasting";
import type { MarketCauses } from "./market-causes.ts";

/** Market days with a known demand that it takes to look for causes. */
export const leastMarketDays = 40;
/** Days are counted in thousandths of a usual one, so that chance of counting plays no part. */
const usualDay = 1_000;

/**
 * How each cause moves a market's demand as a whole, in logarithms, drawn to nothing where chance explains it as well: the
 * coefficients of `fitCalendarModel`, each times 1 - (error / coefficient)^2 and never turned round (the positive part of
 * James & Stein 1961, "Estimation with quadratic loss").
 *
 * @param index the market's demand on past days, 1 a usual day; NaN where not known
 * @param known how many of the days count: those before an origin
 * @returns one coefficient a cause; nothing from fewer than forty days
 */
export function marketEffects(
  index: Float64Array,
  { days, causes }: MarketCauses,
  known: number,
): Float64Array | undefined {
  const first = days[0]!;
  const length = days[known - 1]! - first + 1;
  const values: (number | null)[] = Array.from({ length }, () => null);
  let count = 0;
  for (let at = 0; at < known; at++) {
    if (Number.isNaN(index[at]!)) continue;
    values[days[at]! - first] = usualDay * index[at]!;
    count++;
  }
  if (count < leastMarketDays) return undefined;
  const holidays: Record<string, number[]> = {};
  const columns: Record<string, (number | null)[]> = {};
  for (const { kind, name, column } of causes) {
    if (kind === "day") holidays[name] = [...days.subarray(0, known)].filter((_, at) => column[at] === 1);
    else columns[name] = byCalendarDay(column, days, known, length + 1);
  }
  const { effects } = fitCalendarModel(values, { firstPeriod: first, horizon: 1, holidays, columns });
  return Float64Array.from(causes, ({ name }) => {
    const { coefficient, error } = effects.find((effect) => effect.name === name)!;
    return coefficient === 0 ? 0 : coefficient * Math.max(0, 1 - (error / coefficient) ** 2);
  });
}

function byCalendarDay(
  column: Float64Array,
  days: Int32Array,
  known: number,
  length: number,
): (number | null)[] {
  const out: (number | null)[] = Array.from({ length }, () => null);
  for (let at = 0; at < known; at++) out[days[at]! - days[0]!] = column[at]!;
  return out;
}

/**
 * A market's demand by day: the mean over its products of what was asked for beside each one's own mean.
 *
 * @param demands one a product, each as long as `days`; NaN where not known
 * @returns 1 a usual day; NaN where nothing is known
 */
export function marketIndex(demands: readonly Float64Array[], days: number): Float64Array {
  const sums = new Float64Array(days);
  const counts = new Float64Array(days);
  for (const demand of demands) {
    let sum = 0;
    let known = 0;
    for (const value of demand) {
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
    }
    if (sum === 0) continue;
    for (let at = 0; at < days; at++) {
      if (Number.isNaN(demand[at]!)) continue;
      sums[at]! += (demand[at]! * known) / sum;
      counts[at]!++;
    }
  }
  return sums.map((sum, at) => (counts[at] === 0 ? NaN : sum / counts[at]!));
}
