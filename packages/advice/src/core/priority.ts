import { daysBetween } from "@almanac/kernel";
import { advicePriorities, type AdvicePriority, type AdviceType } from "./facts.ts";

/** By how soon it is too late: within a day urgent, within two high, within four medium. */
export function priorityBefore(deadline: Date, now: Date): AdvicePriority {
  const left = daysBetween(now, deadline);
  if (left <= 1) return "URGENT";
  if (left <= 2) return "HIGH";
  return left <= 4 ? "MEDIUM" : "LOW";
}

/**
 * Types in the order in which they wait least: what has to be loaded and picked, what spoils, what moves; then what a farmer
 * may leave undone without losing a market day.
 */
export const typesByHaste = [
  "BRING_TO_MARKET",
  "HARVEST_MORE",
  "RESTOCK",
  "DONATE",
  "MARK_DOWN",
  "REALLOCATE",
  "HARVEST_LESS",
  "PLANT",
  "STOP_SELLING",
] as const satisfies readonly AdviceType[];

/** The lower the sooner: by priority, and within one by the type. */
export function rankOf({ priority, type }: { priority: AdvicePriority; type: AdviceType }): number {
  const haste = typesByHaste.indexOf(type);
  return (advicePriorities.length - 1 - advicePriorities.indexOf(priority)) * typesByHaste.length + haste;
}
