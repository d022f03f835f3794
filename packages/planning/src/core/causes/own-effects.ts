import { factorise, solveFactored } from "@almanac/forecasting";

/** One cause of a product: what it is taken to do before the product's own days are looked at. */
export interface OwnCause {
  /** One value a market day, past and coming. */
  readonly column: Float64Array;
  /** Logarithm of the factor by which one unit moves demand, as expected, and how far products lie from it. */
  readonly expected: number;
  readonly spread: number;
}

/** Days of the same weekday on each side that a day is held against. */
const neighbours = 4;

/**
 * What each cause does to one product, from its own days, drawn to what is expected of it: ridge regression around it. A day
 * is held against the four market days of its weekday before it and the four after, in logarithms, and so are the causes:
 * level, trend, season and weekday fall out.
 *
 * @param logs logarithms of demand a market day; NaN where not known
 * @param weekdays one a market day
 * @param known how many of the days count
 * @returns one coefficient a cause
 *
 * Hoerl & Kennard (1970), "Ridge regression", Technometrics 12; the within transformation as in panel regression.
 */
export function ownEffects(
  logs: Float64Array,
  weekdays: Uint8Array,
  causes: readonly OwnCause[],
  known: number,
): Float64Array {
  const expected = Float64Array.from(causes, (cause) => cause.expected);
  const active = causes.flatMap(({ column }, at) => (moves(column, known) ? [at] : []));
  const count = active.length;
  if (count === 0) return expected;
  const columns = active.map((at) => causes[at]!.column);
  const near = nearDays(logs, weekdays, known);
  const rests: number[] = [];
  const rows: Float64Array[] = [];
  for (const [at, around] of near) {
    const row = Float64Array.from(columns, (column) => column[at]! - meanAt(column, around));
    let rest = logs[at]! - meanAt(logs, around);
    for (let i = 0; i < count; i++) rest -= row[i]! * expected[active[i]!]!;
    rests.push(rest);
    rows.push(row);
  }
  const noise = Math.max(1e-4, usualSquare(rests));
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count);
  rows.forEach((row, n) => {
    // A day that nothing explains, such as a stall that was closed, does not count for more than three usual ones.
    const rest = Math.max(-3 * Math.sqrt(noise), Math.min(3 * Math.sqrt(noise), rests[n]!));
    for (let i = 0; i < count; i++) {
      if (row[i] === 0) continue;
      right[i]! += row[i]! * rest;
      for (let j = 0; j < count; j++) matrix[i * count + j]! += row[i]! * row[j]!;
    }
  });
  for (let i = 0; i < count; i++) matrix[i * count + i]! += noise / causes[active[i]!]!.spread ** 2;
  if (!factorise(matrix, count)) return expected;
  solveFactored(matrix, right, count);
  active.forEach((at, i) => (expected[at]! += right[i]!));
  return expected;
}

function moves(column: Float64Array, known: number): boolean {
  for (let at = 1; at < known; at++) if (column[at] !== column[0]) return true;
  return false;
}

/** Known days of each weekday with the known ones around them. */
function nearDays(logs: Float64Array, weekdays: Uint8Array, known: number): [number, number[]][] {
  const byWeekday: number[][] = Array.from({ length: 7 }, () => []);
  for (let at = 0; at < known; at++) if (!Number.isNaN(logs[at]!)) byWeekday[weekdays[at]!]!.push(at);
  return byWeekday.flatMap((list) =>
    list.flatMap((at, place): [number, number[]][] => {
      const around = [
        ...list.slice(Math.max(0, place - neighbours), place),
        ...list.slice(place + 1, place + 1 + neighbours),
      ];
      return around.length < neighbours ? [] : [[at, around]];
    }),
  );
}

function meanAt(values: Float64Array, places: readonly number[]): number {
  let sum = 0;
  for (const at of places) sum += values[at]!;
  return sum / places.length;
}

/** The usual square of what is left, by the median of its size: 1.4826 times it is the deviation of a normal. */
function usualSquare(rests: readonly number[]): number {
  const sizes = rests.map(Math.abs).sort((a, b) => a - b);
  return (1.4826 * (sizes[sizes.length >> 1] ?? 0)) ** 2;
}
