import { createHash } from "node:crypto";
import type { CalendarDay } from "@almanac/kernel";
import type { DemandHistory } from "./demand-history.ts";

/**
 * The version of what makes forecasts, part of what a stored one is known by. Raised when the same facts would be forecast
 * otherwise: all is then worked out anew, and the forecasts of the version before stay to be compared with.
 */
export const modelVersion = "6";

/**
 * Tells whether a forecast would come out as before: of the days that are over, what was sold on them, which were sold out,
 * the days that are forecast, and what is known of them beforehand. A day that was counted again, a sale taken back, a window
 * that closed or another price all change it.
 *
 * @param beforehand anything that tells when what moves demand has changed: prices, weather
 * @returns 22 characters
 */
export function fingerprintOf(
  { days, sold, soldOut }: Pick<DemandHistory, "days" | "sold" | "soldOut">,
  coming: readonly CalendarDay[],
  beforehand: readonly unknown[] = [],
): string {
  const facts = JSON.stringify([modelVersion, days, sold, soldOut, coming, beforehand]);
  return createHash("sha256").update(facts).digest("base64url").slice(0, 22);
}
