import type { History } from "./series.ts";

/** What kind of history it is; decides which models are asked. */
export type DemandClass = "regular" | "intermittent";

/** Mean periods between demands from which a history counts as intermittent. Syntetos, Boylan & Croston (2005), JORS 56. */
const gapLimit = 1.32;

/** Intermittent: never below zero, and more than 1.32 periods from one demand to the next on average. */
export function demandClassOf({ values, observed, nonNegative }: History): DemandClass {
  if (!nonNegative) return "regular";
  let periods = 0;
  let demands = 0;
  for (let t = 0; t < values.length; t++) {
    if (observed[t] === 0) continue;
    periods++;
    if (values[t]! > 0) demands++;
  }
  return periods > gapLimit * demands ? "intermittent" : "regular";
}
