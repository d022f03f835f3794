import { parseArgs } from "node:util";
import { backtestPanel, forecasterNamed, summariseBacktest } from "@almanac/forecasting";
import type { BacktestRow } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { stderrProgress } from "../recommend/progress.ts";
import { backtestTable } from "./backtest-table.ts";
import { needed, wholeNumber } from "./options.ts";
import { readSeries } from "./read-series.ts";
import { panelSeriesOf } from "./run-forecast.ts";
import { seriesFiles } from "./series-files.ts";

export const backtestHelp = `almanac backtest --in s.jsonl [options]

Forecasts each series from earlier origins with several models, holds that against what came, prints a table by model and
kind of demand.

  --in PLACE      a file of series as for "forecast", or a folder with such files: each is a panel of its own, the last table
                  is of all. "test" is never read. Files of a folder whose series have no horizon are left out, said aloud
  --out FILE      {"file","id","model","back","demand","points","absoluteError","error","volume","mase","rmsse","inside",
                  "inside95","cost"} a line; cost is milliseconds of the processor
  --models A,B    auto,theta,ets,arima,seasonal-naive unless told
  --origins N     earlier origins, one horizon apart, 2 unless told
  --seed N        accepted and not needed

A series is new until two seasons of it are known (12 periods at least, 60 at most), then regular, or intermittent where
demands are more than 1.32 periods apart. Accuracy is 1 - WAPE, and is not claimed for intermittent demand. Bias is above
nothing where forecasts are too high. MASE is relative to the seasonal naive forecast within the history, RMSSE to the naive
one. CPU is of one series and origin, intervals included. The last line on stdout is a summary in JSON. Exit code 2: bad
input, nothing written.
`;

/**
 * `almanac backtest`: see `backtestHelp`.
 *
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runBacktest(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = parseOptions(argv);
  if (options.help) {
    io.out(backtestHelp);
    return 0;
  }
  const progress = stderrProgress(io.say);
  const { files, left } = await seriesFiles(options.in);
  for (const name of left) io.say(`${name} is left out: its series have no horizon\n`);
  const panels = [];
  for (const { name, path } of files) {
    const series = await readSeries(path);
    const rows = backtestPanel(series.map(panelSeriesOf), {
      ...options,
      cost: cpuMilliseconds,
      onProgress: progress.share(`backtesting ${name}`),
    });
    panels.push({ name, rows, summary: summariseBacktest(rows) });
  }
  if (options.out) await writeAtomic(options.out, linesOf(panels));
  const summary = summariseBacktest(
    panels.flatMap(({ name, rows }) => rows.map((row) => ({ ...row, id: `${name} ${row.id}` }))),
  );
  for (const panel of panels) io.out(`${panel.name}\n\n${backtestTable(panel.summary)}\n`);
  if (panels.length > 1) io.out(`all files\n\n${backtestTable(summary)}\n`);
  const rows = panels.reduce((sum, panel) => sum + panel.rows.length, 0);
  const apart =
    panels.length > 1
      ? { files: Object.fromEntries(panels.map((panel) => [panel.name, panel.summary])) }
      : {};
  io.out(`${JSON.stringify({ command: "backtest", rows, summary, ...apart, ...costsSince(startedAt) })}\n`);
  return 0;
}

function linesOf(panels: readonly { name: string; rows: readonly BacktestRow[] }[]): string {
  return panels
    .flatMap(({ name, rows }) => rows.map((row) => `${JSON.stringify({ file: name, ...row })}\n`))
    .join("");
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function parseOptions(argv: readonly string[]) {
  const text = { type: "string" } as const;
  let values;
  try {
    values = parseArgs({
      args: [...argv],
      options: { in: text, out: text, models: text, origins: text, seed: text, help: { type: "boolean" } },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
  const help = values.help === true;
  if (values.seed) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  const models = (values.models || "auto,theta,ets,arima,seasonal-naive").split(",");
  // A wrong name is found before an hour of backtests, not after.
  for (const model of models) if (model !== "auto") forecasterNamed(model);
  return {
    in: help ? "" : needed("in", values.in),
    out: values.out || undefined,
    models,
    origins: wholeNumber("origins", values.origins || "2", 1, 50),
    help,
  };
}
