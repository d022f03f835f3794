import type { RecentFacts } from "./facts.ts";

/** Market days that are looked back on. */
export const recentDays = 8;

interface Day {
  readonly marketId: string;
  readonly day: string;
}

/**
 * How a product went on the latest eight market days of its markets; of them only those that tell something: a day on which there was nothing
 * to sell says neither that nobody wants it nor that it ran out.
 *
 * @param ended market days that are over, in order
 * @param tells whether what was sold on a day tells of demand
 */
export function recentOf(
  sold: readonly (Day & { readonly soldBase: number; readonly soldOut: boolean })[],
  ended: readonly Day[],
  tells: (day: Day) => boolean,
): RecentFacts {
  const latest = ended.slice(-recentDays).filter(tells);
  const isLatest = new Set(latest.map(({ marketId, day }) => `${marketId} ${day}`));
  const counted = sold.filter(({ marketId, day }) => isLatest.has(`${marketId} ${day}`));
  return {
    days: latest.length,
    soldDays: counted.filter(({ soldBase }) => soldBase > 0).length,
    soldOutDays: counted.filter(({ soldOut }) => soldOut).length,
  };
}
