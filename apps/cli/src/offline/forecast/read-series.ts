import { inputError } from "../files/input-error.ts";
import { readLines } from "../files/read-lines.ts";
import type { TextLine } from "../files/read-lines.ts";

/** One line of a series file, checked. */
export interface SeriesLine {
  readonly id: string;
  readonly y: readonly (number | null)[];
  readonly season: number;
  readonly horizon: number;
  /** Number of the first day or week since 1970, where the line has a daily or weekly `freq` and a `start`. */
  readonly firstPeriod: number | undefined;
  /** The parts of an id such as `main-street/eggs`; absent where it has no two parts. */
  readonly place?: string;
  readonly product?: string;
  /** Columns over history and horizon. */
  readonly covariates: Readonly<Record<string, readonly (number | null)[]>>;
}

const notColumns = new Set(["id", "y", "test", "m", "h", "freq", "start", "windows", "anomalies", "gaps"]);
const longestHorizon = 10_000;
/** As `prepare` allows; refused here already, where the line is known. */
const longestSeason = 2_000_000;

/**
 * Reads series, one JSON object a line; empty lines are skipped.
 *
 * @param needsHorizon false where only the history is looked at; nothing but `id` and `y` is read then
 * @throws AppError `input_invalid` with file and line for what is no series: bad JSON, a missing or repeated id, a value
 *   that is neither a finite number nor null, a season or horizon that is no whole number above zero, a column of the
 *   wrong length
 */
export async function readSeries(file: string, needsHorizon = true): Promise<SeriesLine[]> {
  const out: SeriesLine[] = [];
  for await (const series of seriesOneByOne(file, needsHorizon)) out.push(series);
  return out;
}

/**
 * `readSeries` with the objects that the series were read from, in one reading: a pipe can be read only once.
 *
 * @throws AppError as `readSeries`
 */
export async function readSeriesAndObjects(
  file: string,
): Promise<{ lines: SeriesLine[]; objects: ObjectLine[] }> {
  const objects: ObjectLine[] = [];
  const lines: SeriesLine[] = [];
  for await (const series of seriesOneByOne(file, true, (object) => objects.push(object))) lines.push(series);
  return { lines, objects };
}

/** Values and series of a batch: far more than series can teach each other, far less than memory. */
const batchValues = 250_000;
const batchSeries = 4_000;

/**
 * `readSeries` a batch at a time, for files larger than memory: at most 250,000 values and 4,000 series, half as many again
 * in the last batch, so that it is never a small one.
 *
 * @throws AppError as `readSeries`, when it comes to the line
 */
export async function* readSeriesBatches(file: string): AsyncGenerator<SeriesLine[]> {
  let batch: SeriesLine[] = [];
  let following: SeriesLine[] = [];
  let room = { values: batchValues, series: batchSeries };
  for await (const series of seriesOneByOne(file, true)) {
    const isFull = room.series <= 0 || room.values < 0;
    (isFull ? following : batch).push(series);
    room.values -= series.y.length;
    room.series--;
    if (room.values > -batchValues / 2 && room.series > -batchSeries / 2) continue;
    yield batch;
    batch = following;
    following = [];
    const values = batch.reduce((sum, { y }) => sum + y.length, 0);
    room = { values: batchValues - values, series: batchSeries - batch.length };
  }
  yield [...batch, ...following];
}

async function* seriesOneByOne(
  file: string,
  needsHorizon: boolean,
  onObject?: (object: ObjectLine) => void,
): AsyncGenerator<SeriesLine> {
  const seen = new Set<string>();
  for await (const text of readLines(file)) {
    const object = objectOf(text, file);
    if (!object) continue;
    const parsed = seriesOf(object.row, needsHorizon, file, object.line);
    if (seen.has(parsed.id))
      throw inputError(`has the id ${JSON.stringify(parsed.id)} again`, file, object.line);
    seen.add(parsed.id);
    onObject?.(object);
    yield parsed;
  }
  if (seen.size === 0) throw inputError("holds no series", file);
}

export interface ObjectLine {
  readonly row: Readonly<Record<string, unknown>>;
  readonly line: number;
}

/** The JSON objects of a file, with their lines (1 is the first). */
export async function readObjects(file: string): Promise<ObjectLine[]> {
  const out: ObjectLine[] = [];
  for await (const text of readLines(file)) {
    const object = objectOf(text, file);
    if (object) out.push(object);
  }
  return out;
}

function objectOf({ text, line }: TextLine, file: string): ObjectLine | undefined {
  if (text.trim() === "") return undefined;
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ": a gap is null, not NaN or Infinity" : "";
    throw inputError(`is not JSON${hint}`, file, line);
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw inputError("is no JSON object", file, line);
  }
  return { row: row as Record<string, unknown>, line };
}

function seriesOf(row: ObjectLine["row"], needsHorizon: boolean, file: string, line: number): SeriesLine {
  const { id, m = 1, h } = row;
  if (typeof id !== "string" && typeof id !== "number") throw inputError('needs an "id"', file, line);
  const y = numbersOf(row["y"], "y", file, line);
  if (!needsHorizon) {
    return { id: String(id), y, season: 1, horizon: 1, firstPeriod: undefined, covariates: {} };
  }
  const wholeFrom1 = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
  if (m !== null && !(wholeFrom1(m) && m <= longestSeason)) {
    const got = JSON.stringify(m);
    throw inputError(`"m" must be a whole number from 1 to ${longestSeason}, not ${got}`, file, line);
  }
  if (!(wholeFrom1(h) && h <= longestHorizon)) {
    const got = h === undefined ? "nothing" : JSON.stringify(h);
    throw inputError(`"h" must be a whole number from 1 to ${longestHorizon}, not ${got}`, file, line);
  }
  const covariates: Record<string, (number | null)[]> = {};
  for (const [name, value] of Object.entries(row)) {
    if (notColumns.has(name) || !Array.isArray(value)) continue;
    const column = numbersOf(value, name, file, line);
    if (column.length !== y.length + h) {
      const wanted = `${y.length + h} values for history and horizon`;
      throw inputError(`"${name}" has ${column.length} values, not ${wanted}`, file, line);
    }
    covariates[name] = column;
  }
  return {
    id: String(id),
    ...partsOf(String(id)),
    y,
    season: m ?? 1,
    horizon: h,
    firstPeriod: firstPeriodOf(row["freq"], row["start"]),
    covariates,
  };
}

/** Where a series is sold and what it is, by an id of two parts around a slash. */
function partsOf(id: string): Pick<SeriesLine, "place" | "product"> {
  const [place, product, ...more] = id.split("/");
  return place && product && more.length === 0 ? { place, product } : {};
}

const daysOf: Readonly<Record<string, number>> = { daily: 1, weekly: 7 };

function firstPeriodOf(freq: unknown, start: unknown): number | undefined {
  const days = typeof freq === "string" ? daysOf[freq] : undefined;
  if (days === undefined || typeof start !== "string" || !/^\d{4}-\d\d-\d\d$/.test(start)) return undefined;
  const milliseconds = Date.parse(start);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 86_400_000 / days);
}

export function numbersOf(value: unknown, name: string, file: string, line: number): (number | null)[] {
  if (!Array.isArray(value)) throw inputError(`needs an array "${name}"`, file, line);
  const wrong = value.findIndex((one) => one !== null && !(typeof one === "number" && Number.isFinite(one)));
  if (wrong >= 0) {
    throw inputError(`"${name}"[${wrong}] is neither a finite number nor null`, file, line);
  }
  return value as (number | null)[];
}
