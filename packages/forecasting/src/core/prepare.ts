import { AppError } from "@almanac/kernel";
import type { History, Series } from "./series.ts";

/** Values below this are nothing: their reciprocals would have no room. */
const leastScale = 1e-300;
/** No history is longer than this: a mistake of the caller rather than a series. */
const mostValues = 2_000_000;
/** Of a longer history the latest values are looked at, this many or four of its longest seasons: two years of hours. */
const latestValues = 20_000;
const latestSeasons = 4;

/**
 * Checks a series and makes a history of it: leading gaps are cut, others filled (`fillGaps`), trailing ones too, and what is
 * older than the latest 20,000 values or four seasons is left out.
 *
 * @returns undefined when the series holds no value at all
 * @throws AppError `input_invalid` for an infinite value, or a season that is no whole number from 1 up
 */
export function prepare(series: Series): History | undefined {
  const { values, season = 1, longSeasons = [] } = series;
  if (values.length > mostValues) throw refusal(`a series holds at most ${mostValues} values`);
  for (const length of [season, ...longSeasons]) {
    if (!Number.isInteger(length) || length < 1 || length > mostValues) {
      throw refusal(`a season is a whole number of periods from 1 up, not ${length}`);
    }
  }
  const start = latestFrom(values, Math.max(latestValues, latestSeasons * Math.max(season, ...longSeasons)));
  let first = -1;
  let largest = 0;
  let least = Infinity;
  for (let t = 0; t < values.length; t++) {
    const value = values[t];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw refusal(`value ${t} of the series is ${value}`);
    if (t < start) continue;
    if (first < 0) first = t;
    largest = Math.max(largest, Math.abs(value));
    least = Math.min(least, value);
  }
  if (first < 0) return undefined;
  const scale = largest > 0 ? Math.max(largest, leastScale) : 1;
  const length = values.length - first;
  const scaled = new Float64Array(length);
  const observed = new Uint8Array(length);
  for (let t = 0; t < length; t++) {
    const value = values[first + t];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    scaled[t] = value / scale;
    observed[t] = 1;
  }
  const usable = season * 2 <= length ? season : 1;
  fillGaps(scaled, observed, usable);
  return {
    values: scaled,
    observed,
    season: usable,
    askedSeason: season,
    longSeasons: longSeasons.filter((other) => other > usable && other * 2 <= length),
    scale,
    nonNegative: least >= 0,
    positive: least > 0,
  };
}

/** Where the latest values begin; at the beginning where none of them is known. */
function latestFrom(values: Series["values"], most: number): number {
  const start = Math.max(0, values.length - most);
  for (let t = start; t < values.length; t++) {
    const value = values[t];
    if (value !== null && value !== undefined && !Number.isNaN(value)) return start;
  }
  return 0;
}

/**
 * The first `length` values of a history as a history of its own: what was known at an earlier origin. Gaps are filled anew, as
 * what comes after a gap tells what it is filled with.
 */
export function cut(history: History, length: number): History {
  const observed = history.observed.subarray(0, length);
  const season = history.season * 2 <= length ? history.season : 1;
  let values = history.values.subarray(0, length);
  if (observed.includes(0)) {
    values = values.slice();
    fillGaps(values, observed, season);
  }
  return {
    ...history,
    values,
    observed,
    season,
    longSeasons: history.longSeasons.filter((season) => season * 2 <= length),
  };
}

/**
 * Fills gaps in place. With a season: the line between the neighbours one season before and after, where both were
 * observed; else the straight line between the nearest observed values; at the end the value one season before.
 */
function fillGaps(values: Float64Array, observed: Uint8Array, season: number): void {
  const n = values.length;
  for (let t = 0; t < n; t++) {
    if (observed[t] === 1) continue;
    let next = t;
    while (next < n && observed[next] === 0) next++;
    const before = values[t - 1] ?? 0;
    const after = next < n ? values[next]! : before;
    for (let k = t; k < next; k++) {
      const straight = before + ((after - before) * (k - t + 1)) / (next - t + 1);
      const past = k - season;
      const future = k + season;
      const hasPast = season > 1 && past >= 0 && observed[past] === 1;
      const hasFuture = season > 1 && future < n && observed[future] === 1;
      if (hasPast && hasFuture) values[k] = (values[past]! + values[future]!) / 2;
      else if (hasPast && next >= n) values[k] = values[past]!;
      else values[k] = straight;
    }
    t = next;
  }
}

function refusal(message: string): AppError {
  return new AppError("input_invalid", message);
}
