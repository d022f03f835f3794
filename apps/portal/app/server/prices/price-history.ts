import { addCalendarDays } from "@almanac/kernel";

export interface PricePoint {
  /** ISO text. */
  readonly at: string;
  readonly unitPriceCents: number;
}

export interface DayPrice {
  readonly day: string;
  readonly cents: number;
}

/**
 * The price of each of the last 90 days, as it was when the day ended (UTC). A price holds until the next point; days
 * before the first point are left out.
 *
 * @param today "2026-11-22", the last day
 * @returns empty when no price is known
 */
export function dailyPrices(
  points: readonly PricePoint[],
  { today, currentCents, days = 90 }: { today: string; currentCents: number; days?: number },
): DayPrice[] {
  const sorted = points.toSorted((a, b) => a.at.localeCompare(b.at));
  const [first] = sorted;
  if (!first) return [];
  const prices: DayPrice[] = [];
  for (let back = days - 1; back >= 0; back--) {
    const day = addCalendarDays(today, -back);
    const held = sorted.findLast((point) => point.at.slice(0, 10) <= day);
    if (held) prices.push({ day, cents: back === 0 ? currentCents : held.unitPriceCents });
  }
  return prices;
}
