/**
 * How a market day's sales spread over its hours: the shares of equal parts of the time that the market is open, in order,
 * summing to 1.
 */
export type DayProfile = readonly number[];

/** Parts of a day. */
export const profileParts = 10;

/**
 * What stands in before anything was sold: few in the first half hour, most in the second fifth of the day, then slowly
 * fewer. An assumption; some dozen sales outweigh it.
 */
export const usualProfile: DayProfile = [0.08, 0.12, 0.14, 0.14, 0.12, 0.11, 0.09, 0.08, 0.07, 0.05];

/** A sale as a profile sees it. */
export interface TimedSale {
  /** When in the day, 0 at opening, 1 at closing. */
  readonly at: number;
  /** Base units. */
  readonly base: number;
}

/** So many sales weigh as much as what they are learned against. */
const priorSales = 40;

/**
 * Learns a profile from past sales, drawn towards a more general one: a product's towards its category's, a category's
 * towards all.
 *
 * @param sales of days that are over; what was sold before opening or after closing counts with the nearest part
 */
export function learnProfile(sales: readonly TimedSale[], general: DayProfile = usualProfile): DayProfile {
  const total = sales.reduce((sum, { base }) => sum + base, 0);
  if (total <= 0) return general;
  const own = Array.from({ length: profileParts }, () => 0);
  for (const { at, base } of sales) own[partOf(at)]! += base / total;
  const weight = sales.length / (sales.length + priorSales);
  return own.map((share, part) => weight * share + (1 - weight) * general[part]!);
}

/** The share of a day's sales that is made by a time, 0 at opening and 1 at closing; straight lines between parts. */
export function shareBy(profile: DayProfile, at: number): number {
  if (at <= 0) return 0;
  if (at >= 1) return 1;
  const place = at * profile.length;
  const whole = Math.floor(place);
  let share = (place - whole) * profile[whole]!;
  for (let part = 0; part < whole; part++) share += profile[part]!;
  return Math.min(1, share);
}

const partOf = (at: number): number => Math.min(profileParts - 1, Math.max(0, Math.floor(at * profileParts)));
