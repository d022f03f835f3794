import { gapsOf, medianOf, type KnownHistory, type ShopperHistory } from "./history.ts";

/**
 * How long a shopper has to stay away to count as gone: sixty open days, or three times the shopper's own middle gap where
 * that is longer. Open days alone count, so that a market's winter is nobody's churn.
 */
export function churnWindowDays(known: KnownHistory): number {
  return Math.max(60, Math.ceil(3 * (medianOf(gapsOf(known)) ?? 0)));
}

export const isAway = (known: KnownHistory): boolean =>
  known.season.openDaysBetween(known.orders.at(-1)!.at, known.at) >= churnWindowDays(known);

/**
 * Whether a shopper placed no order that stood within the window after `known.at`, and when that was certain.
 *
 * @returns `undefined` while the window is not over, whatever happened in it: to keep only those who came back early would
 *   make the rest look worse than it is
 */
export function churnLabel(
  known: KnownHistory,
  { orders }: ShopperHistory,
  until: number,
): { label: 0 | 1; certainAt: number } | undefined {
  const certainAt = known.season.momentAfter(known.at, churnWindowDays(known));
  if (certainAt === undefined || certainAt > until) return undefined;
  const came = orders.some(
    ({ at, cancelledAt }) => at > known.at && at < certainAt && cancelledAt === undefined,
  );
  return { label: came ? 0 : 1, certainAt };
}
