import { AnomalyDetector, anomalyThreshold } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { parseFilesOptions } from "./files-options.ts";
import { numbersOf, readObjects } from "./read-series.ts";
import type { ObjectLine } from "./read-series.ts";

export const anomaliesHelp = `almanac anomalies --in nab.jsonl --out a.jsonl

Scores every value of each series by how unlike all before it is. Files are JSON lines, plain or gzip.

  --in FILE   {"id","t0":epoch s,"step":s,"gaps":[[index,s],...],"y":[...]} a line; gaps are where the time between two
              values is not step; a null scores 0
  --out FILE  {"id","scores":[one per value, 0..1],"threshold"} a line. A score uses no later value. The threshold is the
              same for all lines
  --seed N    accepted and not needed

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

/**
 * `almanac anomalies`: see `anomaliesHelp`.
 *
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runAnomalies(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = parseFilesOptions(argv);
  if (options.help) {
    io.out(anomaliesHelp);
    return 0;
  }
  const seen = new Set<string>();
  const streams = (await readObjects(options.in)).map((line) => {
    const stream = streamOf(line, options.in);
    if (seen.has(stream.id))
      throw inputError(`has the id ${JSON.stringify(stream.id)} again`, options.in, line.line);
    seen.add(stream.id);
    return stream;
  });
  if (streams.length === 0) throw inputError("holds no series", options.in);
  let alarms = 0;
  let values = 0;
  const lines = streams.map(({ id, step, times, y }) => {
    const detector = new AnomalyDetector(step);
    const scores = y.map((value, at) => (value === null ? 0 : detector.next(times[at]!, value)));
    alarms += scores.filter((score) => score >= anomalyThreshold).length;
    values += scores.length;
    return `${JSON.stringify({ id, scores, threshold: anomalyThreshold })}\n`;
  });
  await writeAtomic(options.out, lines.join(""));
  const facts = { command: "anomalies", rows: lines.length, values, alarms };
  io.out(`${JSON.stringify({ ...facts, ...costsSince(startedAt) })}\n`);
  return 0;
}

interface Stream {
  readonly id: string;
  readonly step: number;
  readonly times: Float64Array;
  readonly y: readonly (number | null)[];
}

function streamOf({ row, line }: ObjectLine, file: string): Stream {
  const { id, t0 = 0, step = 1, gaps = [] } = row;
  if (typeof id !== "string" && typeof id !== "number") throw inputError('needs an "id"', file, line);
  const y = numbersOf(row["y"], "y", file, line);
  if (!isFiniteNumber(t0)) throw inputError('"t0" must be a number', file, line);
  if (!isFiniteNumber(step) || !(step > 0)) throw inputError('"step" must be above 0', file, line);
  const isGap = (gap: unknown): gap is [number, number] =>
    Array.isArray(gap) && gap.length === 2 && gap.every(isFiniteNumber);
  if (!Array.isArray(gaps) || !gaps.every(isGap)) {
    throw inputError('"gaps" must hold pairs of an index and seconds', file, line);
  }
  const seconds = new Map(gaps);
  const times = new Float64Array(y.length);
  for (let at = 0; at < y.length; at++)
    times[at] = at === 0 ? t0 : times[at - 1]! + (seconds.get(at) ?? step);
  if (!times.every(Number.isFinite)) throw inputError("runs beyond any time that can be told", file, line);
  return { id: String(id), step, times, y };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
