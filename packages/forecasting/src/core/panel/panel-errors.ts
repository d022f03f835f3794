import type { RelativeErrors } from "../intervals/calibrate.ts";
import { combined } from "./combine.ts";
import type { LocalRun, OriginRun } from "./local-run.ts";

/**
 * The relative errors of a panel at its held-out origins: the combination's where all members ran, and the first member's
 * at the origins before, brought to the combination's size by the ratio of their median errors where both are known.
 *
 * Where series share a calendar, all errors are those of the first member, which looks at the history alone. Weights, known
 * columns and last year fitted the few weeks that all of them lived through, and may not fit the next: avocados followed
 * their price for years, and did not in the spring of 2020 (75 % inside 95 % bounds by the combination's errors, 94 % by
 * the first member's).
 */
export function panelErrors(runs: readonly LocalRun[], weights: Float64Array): RelativeErrors {
  const all = collector();
  const combination = collector();
  const first = collector();
  const dated = runs.length > 0 && runs.every((run) => run.dated);
  for (const { past, nonNegative } of runs) {
    for (const origin of past) {
      const forecast = combined(origin.forecasts, weights);
      all.add(origin, dated ? origin.forecasts[0]! : forecast, nonNegative);
      combination.add(origin, forecast, nonNegative);
      first.add(origin, origin.forecasts[0]!, nonNegative);
    }
  }
  const ratio = medianSize(combination.values) / medianSize(first.values);
  const scale = Number.isFinite(ratio) && ratio > 0 && !dated ? ratio : 1;
  for (const { further, nonNegative } of runs) {
    for (const origin of further) all.add(origin, origin.forecasts[0]!, nonNegative, scale);
  }
  return { values: Float64Array.from(all.values), steps: Int32Array.from(all.steps) };
}

function collector() {
  const values: number[] = [];
  const steps: number[] = [];
  return {
    values,
    steps,
    add({ actual, spread }: OriginRun, forecast: Float64Array, roots: boolean, scale = 1): void {
      actual.forEach((value, k) => {
        if (Number.isNaN(value)) return;
        const error = roots ? Math.sqrt(value) - Math.sqrt(forecast[k]!) : value - forecast[k]!;
        values.push((scale * error) / spread[k]!);
        steps.push(k);
      });
    },
  };
}

function medianSize(values: readonly number[]): number {
  const sizes = Float64Array.from(values, (value) => Math.abs(value)).sort();
  return sizes.length > 0 ? sizes[sizes.length >> 1]! : NaN;
}
