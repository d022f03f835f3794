/** Weeks of one product in one place. */
export interface DemandSeries {
  /** Positions of product and place among those of the data. */
  readonly product: number;
  readonly place: number;
  /** Week of the year, 0 to 51.99, of the first entry; weeks follow one another without gaps. */
  readonly startWeek: number;
  /** 1 where there was demand that week, 0 where there was none. */
  readonly isDemanded: Uint8Array;
  /** 0 in weeks of which nothing is known: they are read as such and teach nothing. All are known where it is absent. */
  readonly isKnown?: Uint8Array;
}

/** Weeks that a series needs: two years, so that a season has been seen to come back. */
export const leastWeeks = 104;
/** Weeks that the network reads at once, those to be told included. */
export const windowWeeks = 60;
/** Weeks ahead that are told. */
export const horizonWeeks = 8;
/** What is read of each week. */
export const stepWidth = 4;

const yearWeeks = 365.25 / 7;

/**
 * Writes a window of a series from `out[place]` on: for each week what happened (1 or -1, 0 where it is not known), whether
 * that is known, and where in the year it is (sine and cosine). The last `horizonWeeks` are not known.
 *
 * A week's entry tells of the week before, so that each step answers for a week that it has not read.
 *
 * @param end the window holds the weeks [end - windowWeeks, end); may reach beyond the series, and before its start
 */
export function writeWindow(series: DemandSeries, end: number, out: Float32Array, place: number): void {
  const { isDemanded, isKnown: known, startWeek } = series;
  const firstUnknown = end - horizonWeeks;
  for (let step = 0; step < windowWeeks; step++) {
    const week = end - windowWeeks + step;
    const before = week - 1;
    const isKnown =
      before >= 0 && before < Math.min(firstUnknown, isDemanded.length) && known?.[before] !== 0;
    const angle = (2 * Math.PI * (startWeek + week)) / yearWeeks;
    const at = place + step * stepWidth;
    out[at] = isKnown ? 2 * isDemanded[before]! - 1 : 0;
    out[at + 1] = isKnown ? 1 : 0;
    out[at + 2] = Math.sin(angle);
    out[at + 3] = Math.cos(angle);
  }
}
