import type { LocalRun } from "./local-run.ts";

/**
 * The mean of the members' forecasts, step by step, each counted by its weight.
 *
 * @param weights one a member, from 0 up, not all 0; equal where absent
 */
export function combined(forecasts: readonly Float64Array[], weights?: ArrayLike<number>): Float64Array {
  const out = new Float64Array(forecasts[0]!.length);
  let total = 0;
  forecasts.forEach((forecast, member) => {
    const weight = weights ? weights[member]! : 1;
    total += weight;
    for (let k = 0; k < out.length; k++) out[k]! += weight * forecast[k]!;
  });
  for (let k = 0; k < out.length; k++) out[k]! /= total;
  return out;
}

/** The name of what made a forecast: the single member, or all of them joined by a plus. */
export function modelName({ members }: LocalRun): string {
  return members.join("+");
}
