import type { DatedSales } from "../trends/patterns.ts";

/** One season of a product: its sales by week since the first of them. */
export interface SeasonWeeks {
  /** The first day on which something was sold. */
  readonly firstDay: string;
  /** Mean sold on a market day in each week since; NaN in a week without one. */
  readonly weeks: readonly number[];
}

export interface YearOnYear {
  /** This season so far over the same weeks of the one before it, less 1. */
  readonly change: number;
  /** Weeks that both have. */
  readonly weeks: number;
  /** Days by which this season began later in the year; negative for earlier. */
  readonly laterDays: number;
}

const restDays = 42;

/**
 * Splits sales into seasons: one begins with the first sale after six weeks without any, and ends with its last.
 *
 * @param sales in order; a day without a sale is 0
 */
export function splitSeasons(sales: readonly DatedSales[]): SeasonWeeks[] {
  const seasons: DatedSales[][] = [];
  let lastSale = -Infinity;
  for (const sale of sales) {
    if (!(sale.sold > 0)) continue;
    const day = dayNumber(sale.day);
    if (day - lastSale > restDays) seasons.push([]);
    seasons.at(-1)!.push(sale);
    lastSale = day;
  }
  return seasons.map((own) => {
    const first = dayNumber(own[0]!.day);
    const last = dayNumber(own.at(-1)!.day);
    const count = Math.floor((last - first) / 7) + 1;
    const byWeek = Array.from({ length: count }, (): number[] => []);
    for (const { day, sold } of sales) {
      const at = dayNumber(day) - first;
      if (at >= 0 && at <= last - first && Number.isFinite(sold)) byWeek[Math.floor(at / 7)]!.push(sold);
    }
    return {
      firstDay: own[0]!.day,
      weeks: byWeek.map((values) =>
        values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : NaN,
      ),
    };
  });
}

/**
 * This season beside the one before, by week since the first harvest and not by the calendar: a spring that is two weeks late is
 * compared with the same age of last year's.
 *
 * @returns `undefined` with fewer than two seasons, or fewer than three weeks that both have
 */
export function yearOnYear(seasons: readonly SeasonWeeks[]): YearOnYear | undefined {
  const [before, now] = seasons.slice(-2);
  if (!before || !now) return undefined;
  let own = 0;
  let earlier = 0;
  let weeks = 0;
  now.weeks.forEach((sold, week) => {
    const then = before.weeks[week];
    if (then === undefined || Number.isNaN(then) || Number.isNaN(sold)) return;
    own += sold;
    earlier += then;
    weeks++;
  });
  if (weeks < 3 || !(earlier > 0)) return undefined;
  const years = Math.round((dayNumber(now.firstDay) - dayNumber(before.firstDay)) / 365.25);
  const laterDays = Math.round(
    dayNumber(now.firstDay) - dayNumber(before.firstDay) - 365.25 * Math.max(1, years),
  );
  return { change: own / earlier - 1, weeks, laterDays };
}

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}
