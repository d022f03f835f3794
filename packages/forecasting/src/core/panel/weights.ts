import type { LocalRun, OriginRun } from "./local-run.ts";

/** A weight is exp(-(3 d + 40 d^2)), d how much larger the log error is than the best member's: gentle, then out. */
const gentle = 3;
const steep = 40;
/** The belief that all members are equal counts as this many series. */
const priorSeries = 10;
/**
 * Series that share a calendar lived through the same weeks, and a hundred of them say little more than one: there the
 * belief counts as this many origins. Without it avocados, forecast far better with their price for years, were forecast
 * from it alone into the spring of 2020.
 */
const priorOrigins = 4;

/**
 * Weights of the members for a panel: from the mean logarithm of their absolute errors at held-out origins, shrunk to
 * their standing while there are few series.
 *
 * @param runs local runs with the same members, whose standing is that of the first
 * @returns one weight a member, above 0: its standing where nothing was held out
 *
 * Bates & Granger (1969), "The combination of forecasts", Operational Research Quarterly 20, weights by inverse error;
 * pooled over series because a single origin says little about a single series.
 */
export function panelWeights(runs: readonly LocalRun[]): Float64Array {
  const members = runs[0]?.members.length ?? 0;
  const logs = new Float64Array(members);
  let count = 0;
  // The median of rare demand is zero: only squares ask for what is sold on the whole.
  const power = runs[0]?.demand === "intermittent" ? 2 : 1;
  for (const run of runs) {
    for (const origin of run.past) {
      const { forecasts, actual } = origin;
      count++;
      for (let member = 0; member < members; member++) {
        let error = 0;
        let usual = 0;
        actual.forEach((value, k) => {
          if (Number.isNaN(value)) return;
          error += Math.abs(value - forecasts[member]![k]!) ** power;
          usual += usualError(run, origin, k) ** power;
        });
        if (usual > 0) logs[member]! += Math.log(error / usual + 0.05) / power;
      }
    }
  }
  const origins = runs.reduce((most, run) => Math.max(most, run.past.length), 0);
  const dated = runs.length > 0 && runs.every((run) => run.dated);
  const share = dated ? origins / (origins + priorOrigins) : count / (count + priorSeries);
  const best = logs.reduce((low, value) => Math.min(low, value), Infinity);
  return logs.map((value, member) => {
    const behind = (share * (value - best)) / Math.max(1, count);
    return runs[0]!.standing[member]! * Math.exp(-(gentle + steep * behind) * behind);
  });
}

/** The usual size of an error in the history's scale, from its size on roots where that is how it is kept. */
export function usualError(
  { nonNegative }: LocalRun,
  { spread, forecasts }: OriginRun,
  step: number,
): number {
  const size = spread[step]!;
  return nonNegative ? size * (2 * Math.sqrt(Math.max(0, forecasts[0]![step]!)) + size) : size;
}
