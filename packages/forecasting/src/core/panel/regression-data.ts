import type { History } from "../series.ts";

/** Known columns one period before; sines and cosines of the season; what the other products of the place cost. */
export type ColumnGroup = "before" | "season" | "place";

/** A series made ready for the pooled regression: logarithms, and what may explain them over history and horizon. */
export interface RegressionSeries {
  /** n logarithms of the values plus `offset`. */
  readonly response: Float64Array;
  /** 1 where the value was observed. */
  readonly observed: Uint8Array;
  /** One column a name, n + h long, finite. */
  readonly columns: readonly Float64Array[];
  /** Where columns stand that may be left out, `to` after the last. */
  readonly groups: Readonly<Record<ColumnGroup, { readonly from: number; readonly to: number }>>;
  readonly offset: number;
  /** Whether a known column is in logarithms, as prices are. */
  readonly logarithms: readonly boolean[];
  /** What is sold, where it is known. */
  readonly product?: string;
}

/** Sine and cosine pairs for one season: as many as half its length allows, at most this. */
const mostHarmonics = 6;
/** Known columns up to which their products are looked at too. */
const mostTogether = 4;
/**
 * Of the smallest value, what is added to all before logarithms are taken where none is 0 and columns explain them: a whole
 * one would bend the line between the logarithms of price and demand.
 */
const smallOffset = 0.1;

/**
 * The logarithms of a history and the columns that explain them: known covariates (positive ones as logarithms, so that a
 * coefficient is an elasticity), the same one period before, what two of them do together, and sines and cosines of the season.
 *
 * @param horizon how far the covariates reach past the history
 * @param names covariates of the whole panel; one that this series lacks, or that never moves, is a column of zeros
 * @param sizes their largest magnitudes in the whole panel, by which what has no logarithm is divided: a column counts the
 *   same in whatever unit it is told
 */
export function regressionSeries(
  history: History,
  covariates: Readonly<Record<string, ArrayLike<number | null>>>,
  horizon: number,
  names: readonly string[],
  sizes: readonly number[],
  season: number,
): RegressionSeries {
  const { values, observed } = history;
  const n = values.length;
  const explained = names.length > 0;
  const offset = smallestAboveZero(values) * (explained && history.positive ? smallOffset : 1);
  const response = values.map((value) => Math.log(Math.max(0, value) + offset));
  const filled = names.map((name, i) => covariateColumn(covariates[name], n, horizon, sizes[i]!));
  const known = filled.map(({ column }) => column);
  const waves = harmonics(season, n + horizon);
  const columns = [...known, ...known.map(periodBefore), ...together(known, n), ...waves];
  const groups = {
    before: { from: known.length, to: 2 * known.length },
    season: { from: columns.length - waves.length, to: columns.length },
    place: { from: columns.length, to: columns.length },
  };
  const logarithms = filled.map(({ positive }) => positive);
  return { response, observed, columns, groups, offset, logarithms };
}

/** Whether something is known of the periods to come. */
export function hasKnownColumns({ groups: { before } }: RegressionSeries): boolean {
  return before.to > before.from;
}

/** The column one period earlier: who bought more for a low price has some left the week after. */
function periodBefore(column: Float64Array): Float64Array {
  return column.map((_, t) => column[Math.max(0, t - 1)]!);
}

/**
 * Products of each two columns, around their means over the first `known` values: a low price that is also in the leaflet
 * sells more than both apart. None where there are more columns than that can be told for.
 */
function together(columns: readonly Float64Array[], known: number): Float64Array[] {
  if (columns.length > mostTogether) return [];
  const centred = columns.map((column) => {
    const mean = column.subarray(0, known).reduce((sum, value) => sum + value, 0) / known;
    return column.map((value) => value - mean);
  });
  return centred.flatMap((one, i) =>
    centred.slice(i + 1).map((other) => one.map((value, t) => value * other[t]!)),
  );
}

/** Sines and cosines of a season over `length` periods; the same arrays for all series of one length. */
function harmonics(season: number, length: number): Float64Array[] {
  const key = `${season},${length}`;
  let waves = shared.get(key);
  if (waves) return waves;
  waves = [];
  for (let k = 1; k <= Math.min(mostHarmonics, Math.floor(season / 2)); k++) {
    const angle = (2 * Math.PI * k) / season;
    waves.push(Float64Array.from({ length }, (_, t) => Math.cos(angle * t)));
    if (2 * k < season) waves.push(Float64Array.from({ length }, (_, t) => Math.sin(angle * t)));
  }
  if (shared.size > 64) shared.clear();
  shared.set(key, waves);
  return waves;
}

const shared = new Map<string, Float64Array[]>();

function smallestAboveZero(values: Float64Array): number {
  let least = 1;
  for (const value of values) if (value > 0 && value < least) least = value;
  return least;
}

/** The largest magnitude of a covariate in all series of a panel; 1 where it is nothing but zeros and gaps. */
export function largestOf(columns: readonly (ArrayLike<number | null> | undefined)[]): number {
  let largest = 0;
  for (const column of columns) {
    for (let t = 0; t < (column?.length ?? 0); t++) {
      const size = Math.abs(column![t] ?? 0);
      if (size > largest && Number.isFinite(size)) largest = size;
    }
  }
  return largest > 0 ? largest : 1;
}

/**
 * The last n + h values of a covariate, gaps carrying on the value before; logarithms where all are above zero, else shares of
 * its size.
 */
function covariateColumn(
  given: ArrayLike<number | null> | undefined,
  n: number,
  horizon: number,
  size: number,
): { readonly column: Float64Array; readonly positive: boolean } {
  const out = new Float64Array(n + horizon);
  if (!given) return { column: out, positive: true };
  const skipped = given.length - n - horizon;
  let last = NaN;
  let positive = true;
  for (let t = 0; t < out.length; t++) {
    const value = given[skipped + t];
    if (value !== null && value !== undefined && Number.isFinite(value)) {
      last = value;
      positive &&= value > 0;
    }
    out[t] = last;
  }
  const first = out.find((value) => !Number.isNaN(value)) ?? 0;
  const column = out.map((value) => {
    const known = Number.isNaN(value) ? first : value;
    return positive && known > 0 ? Math.log(known) : known / size;
  });
  return { column, positive };
}
