import { detectSeason } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { parseFilesOptions } from "./files-options.ts";
import { readSeries } from "./read-series.ts";

export const seasonHelp = `almanac season --in s.jsonl --out o.jsonl

Finds the number of periods after which each series repeats itself. Files are JSON lines, plain or gzip.

  --in FILE   {"id","y":[history], ...} a line; null is a gap; nothing else is read
  --out FILE  {"id","season"} a line; 1 where nothing repeats
  --seed N    accepted and not needed

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

/**
 * `almanac season`: see `seasonHelp`.
 *
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runSeason(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = parseFilesOptions(argv);
  if (options.help) {
    io.out(seasonHelp);
    return 0;
  }
  const series = await readSeries(options.in, false);
  const found = series.map(({ id, y }) => ({ id, season: detectSeason(y.map((value) => value ?? NaN)) }));
  await writeAtomic(options.out, found.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const seasonal = found.filter(({ season }) => season > 1).length;
  io.out(
    `${JSON.stringify({ command: "season", rows: found.length, seasonal, ...costsSince(startedAt) })}\n`,
  );
  return 0;
}
