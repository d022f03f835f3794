/** What a calendar model explains days with: one row a day, columns in blocks that are penalised alike. */
export interface Design {
  readonly columns: readonly Float64Array[];
  /** The usual size of each column's coefficient: the smaller, the harder it is drawn to zero. */
  readonly sizes: Float64Array;
  /** Where the columns of the named days begin, in the order of the names. */
  readonly firstNamed: number;
  /** Where the known columns begin, in the order of their names. */
  readonly firstKnown: number;
}

export interface DesignOptions {
  /** Days since 1970 of the first value. */
  readonly firstPeriod: number;
  readonly known: number;
  readonly horizon: number;
  /** Names and days (since 1970) on which each falls, history and horizon. */
  readonly holidays: Readonly<Record<string, readonly number[]>>;
  /** Known columns, centred, `known + horizon` long. */
  readonly columns: readonly Float64Array[];
}

const weekDays = 7;
const weekWaves = 3;
const yearDays = 365.25;
const yearWaves = 8;
/** The trend may bend this often, in the first four fifths of the history, as with Prophet. */
const mostBends = 20;
const daysPerBend = 28;
const bendRange = 0.8;

/**
 * A line that bends, waves of the week and (from a year of history on) of the year, a column for each named day, and the
 * known columns.
 *
 * Taylor & Letham (2018), "Forecasting at scale", The American Statistician 72, sections 3.1 to 3.3.
 */
export function calendarDesign(options: DesignOptions): Design {
  const { firstPeriod, known, horizon, holidays } = options;
  const length = known + horizon;
  const columns: Float64Array[] = [];
  const sizes: number[] = [];
  const add = (size: number, of: (t: number) => number): void => {
    columns.push(Float64Array.from({ length }, (_, t) => of(t)));
    sizes.push(size);
  };
  add(100, () => 1);
  add(5, (t) => t / known);
  const bends = Math.min(mostBends, Math.floor(known / daysPerBend));
  for (let bend = 1; bend <= bends; bend++) {
    const from = (bendRange * known * bend) / (bends + 1);
    add(0.3, (t) => Math.max(0, t - from) / known);
  }
  const waves = (period: number, count: number, size: number): void => {
    for (let k = 1; k <= count; k++) {
      const angle = (2 * Math.PI * k) / period;
      add(size, (t) => Math.sin(angle * (firstPeriod + t)));
      add(size, (t) => Math.cos(angle * (firstPeriod + t)));
    }
  };
  if (known >= 3 * weekDays) waves(weekDays, weekWaves, 1);
  if (known >= yearDays) waves(yearDays, yearWaves, 0.3);
  const firstNamed = columns.length;
  for (const days of Object.values(holidays)) {
    const set = new Set(days);
    add(2, (t) => Number(set.has(firstPeriod + t)));
  }
  const firstKnown = columns.length;
  for (const column of options.columns) {
    // One usual move of the column may change a day by a factor of e, hardly by more.
    const move = deviation(column.subarray(0, known));
    add(move > 0 ? 1 / move : 1, (t) => column[t]!);
  }
  return { columns, sizes: Float64Array.from(sizes), firstNamed, firstKnown };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length));
}
