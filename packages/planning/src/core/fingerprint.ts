import { createHash } from "node:crypto";
import type { CalendarDay } from "@almanac/kernel";
import type { DemandHistory } from "./demand-history.ts";

/** Raised when the same facts would be forecast otherwise: all is then worked out anew. */
const version = 1;

/**
 * Tells whether a forecast would come out as before: of the days that are over, what was sold on them, which were sold out,
 * and the days that are forecast. A day that was counted again, a sale taken back or a window that closed all change it.
 *
 * @returns 22 characters
 */
export function fingerprintOf(
  { days, sold, soldOut }: Pick<DemandHistory, "days" | "sold" | "soldOut">,
  coming: readonly CalendarDay[],
): string {
  const facts = JSON.stringify([version, days, sold, soldOut, coming]);
  return createHash("sha256").update(facts).digest("base64url").slice(0, 22);
}
