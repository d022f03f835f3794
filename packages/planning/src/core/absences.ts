import { hours, type CalendarDay, type MarketId, type ProductId } from "@almanac/kernel";
import { dayKey, type DaySales, type MarketDay } from "./demand-history.ts";
import { dayNumberOf } from "./holidays.ts";

/** A time in which there was nothing of a product, in milliseconds; without an end while there is nothing. */
export interface Absence {
  readonly from: number;
  readonly until: number;
}

/** A product that a market's buyers can ask for. */
export interface Offered {
  readonly productId: ProductId;
  readonly marketId: MarketId;
}

/** What tells when a product was there. */
export interface Presence {
  /** One list a product, in order of time. */
  readonly absences: ReadonlyMap<ProductId, readonly Absence[]>;
  /** When a market day is over, ms. */
  readonly endOf: (day: MarketDay) => number;
  /** Products at markets that are looked at though nothing of them was sold there. */
  readonly offered?: readonly Offered[];
}

/** How long before ordering closes a product has to be gone for the day to hide what more was wanted. */
export const goneHours = 12;

/**
 * Market days on which nothing was sold of a product because there was nothing to sell: sold out since before, out of season,
 * a harvest that failed. They tell nothing of what was wanted. It was not there in the last twelve hours of ordering; where
 * more than half of it is sold to walk-ins, nor until the market day was over.
 *
 * @param marketDays days that are over, with when ordering for them closed
 * @param sales what was sold on them; a product at a market without any has no absent days, unless it is among those offered
 * @returns by `dayKey`
 */
export function absentDays(
  marketDays: readonly MarketDay[],
  sales: readonly DaySales[],
  { absences, endOf, offered = [] }: Presence,
): Set<string> {
  const daysAt = Map.groupBy(marketDays, ({ marketId }) => marketId);
  const salesOf = Map.groupBy(sales, pairKey);
  const absent = new Set<string>();
  for (const [key, [pair]] of Map.groupBy([...sales, ...offered], pairKey)) {
    const { productId, marketId } = pair!;
    const own = salesOf.get(key) ?? [];
    const soldOn = new Set(own.filter(({ soldBase }) => soldBase > 0).map(({ day }) => day));
    const [first] = [...soldOn].sort();
    // What was sold before its stock was kept shows that it was there.
    const gone = whole(absences.get(productId) ?? []).filter(
      ({ from, until }) => from > -Infinity || first === undefined || until < Date.parse(first),
    );
    const isOfStall = walkedShare(own) > 0.5;
    for (const day of daysAt.get(marketId) ?? []) {
      if (soldOn.has(day.day) || !day.closesAt) continue;
      const closedAt = day.closesAt.getTime();
      const until = isOfStall ? endOf(day) : closedAt;
      if (gone.some((one) => one.from <= closedAt - hours(goneHours) && one.until >= until))
        absent.add(dayKey(productId, marketId, day.day));
    }
  }
  return absent;
}

const pairKey = ({ productId, marketId }: Offered): string => `${productId} ${marketId}`;

/** Absences that follow each other at once are one. */
function whole(absences: readonly Absence[]): Absence[] {
  const found: Absence[] = [];
  for (const one of absences) {
    const last = found.at(-1);
    if (last && one.from <= last.until) found[found.length - 1] = { from: last.from, until: one.until };
    else found.push(one);
  }
  return found;
}

function walkedShare(sales: readonly DaySales[]): number {
  const sold = sales.reduce((sum, { soldBase }) => sum + soldBase, 0);
  return sold > 0 ? sales.reduce((sum, { walkedBase = 0 }) => sum + walkedBase, 0) / sold : 0;
}

/** Latest market days without it from which on a product is taken to be gone for long, as a crop after its season. */
const longGoneDays = 8;
/** Days to each side of the same day of the year before in which a crop that is gone may come back. */
const aroundDays = 14;
const yearDays = 364;

/**
 * Whether a product is long gone: not there now, nor on the latest eight market days, and not sold round the same time of the year
 * before. Nothing is to be expected of it, whatever was wanted while it was there.
 *
 * @param days of the market, ascending, with what was sold on each; `null` where not known
 * @param isAbsent of each day
 */
export function isLongGone(
  { days, sold }: { readonly days: readonly CalendarDay[]; readonly sold: readonly (number | null)[] },
  isAbsent: (day: CalendarDay) => boolean,
  { isThere, coming }: { readonly isThere: boolean; readonly coming: readonly CalendarDay[] },
): boolean {
  if (isThere || days.length < longGoneDays || !days.slice(-longGoneDays).every(isAbsent)) return false;
  const then = coming.map((day) => dayNumberOf(day) - yearDays);
  return !days.some(
    (day, at) => (sold[at] ?? 0) > 0 && then.some((year) => Math.abs(dayNumberOf(day) - year) <= aroundDays),
  );
}

/** One product's days at one market, as a question to a set of keys. */
export const absentOf =
  (absent: ReadonlySet<string>, productId: ProductId, marketId: MarketId) =>
  (day: CalendarDay): boolean =>
    absent.has(dayKey(productId, marketId, day));
