import { daysBetween } from "@almanac/kernel";
import type { AdvicePriority } from "./facts.ts";

/** By how soon it is too late: within a day urgent, within two high, within four medium. */
export function priorityBefore(deadline: Date, now: Date): AdvicePriority {
  const left = daysBetween(now, deadline);
  if (left <= 1) return "URGENT";
  if (left <= 2) return "HIGH";
  return left <= 4 ? "MEDIUM" : "LOW";
}
