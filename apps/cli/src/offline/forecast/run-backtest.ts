import { parseArgs } from "node:util";
import { backtestPanel, summariseBacktest } from "@almanac/forecasting";
import type { BacktestSummary } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { needed, wholeNumber } from "./options.ts";
import { readSeries } from "./read-series.ts";
import { panelSeriesOf } from "./run-forecast.ts";

export const backtestHelp = `almanac backtest --in s.jsonl [options]

Forecasts each series from earlier origins with several models, holds that against what came, prints a table.

  --in FILE       series as for "forecast"; "test" is never read
  --out FILE      {"id","model","back","demand","points","absoluteError","error","volume","mase","inside"} a line
  --models A,B    auto,theta,ets,arima,seasonal-naive unless told
  --origins N     earlier origins, one horizon apart, 2 unless told
  --seed N        accepted and not needed

Accuracy is 1 - WAPE, and is not claimed for intermittent demand. The last line on stdout is a summary in JSON. Exit code 2:
bad input, nothing written.
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
  const series = await readSeries(options.in);
  const rows = backtestPanel(series.map(panelSeriesOf), options);
  if (options.out) await writeAtomic(options.out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const summary = summariseBacktest(rows);
  io.say(tableOf(summary));
  io.out(
    `${JSON.stringify({ command: "backtest", rows: rows.length, summary, ...costsSince(startedAt) })}\n`,
  );
  return 0;
}

function tableOf(summary: readonly BacktestSummary[]): string {
  const percent = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? "-" : `${(100 * value).toFixed(1)} %`;
  const lines = summary.map(({ model, demand, series, accuracy, wape, bias, mase, coverage }) => [
    model,
    demand,
    String(series),
    percent(accuracy),
    percent(wape),
    percent(bias),
    mase === undefined ? "-" : mase.toFixed(3),
    percent(coverage),
  ]);
  const heads = ["model", "demand", "series", "accuracy", "WAPE", "bias", "MASE", "inside 80 %"];
  const table = [heads, ...lines];
  const widths = heads.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
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
  if (values.seed !== undefined) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  return {
    in: help ? "" : needed("in", values.in),
    out: values.out || undefined,
    models: (values.models || "auto,theta,ets,arima,seasonal-naive").split(","),
    origins: wholeNumber("origins", values.origins ?? "2", 1, 50),
    help,
  };
}
