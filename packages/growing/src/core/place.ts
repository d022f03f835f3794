import { dayInYear, yearOf } from "./day-numbers.ts";

/** When it freezes at a place; `undefined` where it never does. Days "MM-DD". */
export interface Frosts {
  /** The last of spring. */
  readonly lastFrost: string;
  /** The first of autumn. */
  readonly firstFrost: string;
}

/** Nearer to the equator than this the lowlands know no frost. */
const frostFrom = 25;

/**
 * Frosts by latitude alone, for lowlands with ordinary winters: about five days a degree, 125 frost-free days at 50 and 200
 * at 37, turned by half a year in the south. A guess to start from; altitude and the sea move it by weeks, so that a farm
 * should say its own.
 *
 * @param latitude degrees, positive north
 */
export function frostsByLatitude(latitude: number): Frosts | undefined {
  const degrees = Math.abs(latitude);
  if (degrees < frostFrom) return undefined;
  const last = Math.min(170, Math.round(60 + 5.5 * (degrees - 30)));
  const first = Math.max(215, Math.round(333 - 5 * (degrees - 30)));
  return { lastFrost: monthDay(last, latitude), firstFrost: monthDay(first, latitude) };
}

function monthDay(dayOfYear: number, latitude: number): string {
  const turned = latitude < 0 ? dayOfYear + 182 : dayOfYear;
  return new Date(Date.UTC(2001, 0, Math.max(1, turned))).toISOString().slice(5, 10);
}

/** Days from one frost to the next, both included, as day numbers. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Frost-free times around a day: of the year before, its own and the next. Without frosts one span without end. */
export function frostFreeSpans(frosts: Frosts | undefined, around: number): Span[] {
  if (!frosts) return [{ from: -Infinity, to: Infinity }];
  const year = yearOf(around);
  return [year - 1, year, year + 1].map((one) => {
    const from = dayInYear(one, frosts.lastFrost);
    const sameYear = dayInYear(one, frosts.firstFrost);
    return { from, to: sameYear > from ? sameYear : dayInYear(one + 1, frosts.firstFrost) };
  });
}
