import { parseArgs } from "node:util";
import { forecastPanel, forecasterNamed, prepare, reconcile, shrunkCovariance } from "@almanac/forecasting";
import type { Forecast, PanelSeries } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { groupSeries } from "./group-series.ts";
import { needed, wholeNumber } from "./options.ts";
import { readObjects, readSeries } from "./read-series.ts";
import { forecastLine, panelSeriesOf } from "./run-forecast.ts";

export const reconcileHelp = `almanac reconcile --in s.jsonl --by A,B --out f.jsonl [options]

Forecasts series, the sums of their groups and their total, and makes the forecasts add up.

  --in FILE      series as for "forecast", all ending in the same period, all with the same "h"
  --by A,B       keys of the lines that name a series' groups, for example state,industry
  --out FILE     lines as of "forecast": every series, then every group with the id KEY=VALUE, then "total". The means of a
                 group's series sum to the group's; bounds are moved with the mean
  --method NAME  mint (default) moves what is known least, bottom-up only sums
  --seed N       accepted and not needed

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

/** One-step errors of this model tell how the errors of the series hang together. */
const errorModel = "theta";
const mostErrors = 120;

/**
 * `almanac reconcile`: see `reconcileHelp`.
 *
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runReconcile(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = parseOptions(argv);
  if (options.help) {
    io.out(reconcileHelp);
    return 0;
  }
  const lines = await readSeries(options.in);
  const objects = await readObjects(options.in);
  const bottom = lines.map(panelSeriesOf);
  const groups = groupSeries(bottom, objects, options.by, options.in);
  const panel = [...groups.map(({ series }) => series), ...bottom];
  const forecasts = forecastPanel(panel);
  const covariance = options.method === "mint" ? shrunkCovariance(panel.map(errorsOf)) : undefined;
  const coherent = reconcile(
    { bottom: bottom.length, aggregates: groups.map(({ members }) => members) },
    forecasts.slice(0, groups.length).map(({ mean }) => mean),
    forecasts.slice(groups.length).map(({ mean }) => mean),
    covariance,
    bottom.every(({ values }) => Array.from(values).every((value) => value === null || value >= 0)),
  );
  const means = [...coherent.aggregates, ...coherent.bottom];
  const moved = forecasts.map((forecast, i) => movedTo(forecast, means[i]!));
  const ordered = [...moved.slice(groups.length), ...moved.slice(0, groups.length)];
  await writeAtomic(options.out, ordered.map((forecast) => `${forecastLine(forecast)}\n`).join(""));
  const facts = { command: "reconcile", rows: ordered.length, groups: groups.length, method: options.method };
  io.out(`${JSON.stringify({ ...facts, ...costsSince(startedAt) })}\n`);
  return 0;
}

/** The last one-step errors of a series, aligned at its end, NaN where there are none. */
function errorsOf(series: PanelSeries): Float64Array {
  const out = new Float64Array(mostErrors).fill(NaN);
  const history = prepare(series);
  const model = forecasterNamed(errorModel);
  if (!history || history.values.length < model.least(history.season)) return out;
  const { fitted } = model.fit(history);
  const n = history.values.length;
  for (let back = 1; back <= Math.min(mostErrors, n); back++) {
    const t = n - back;
    if (history.observed[t] === 1) out[mostErrors - back] = (history.values[t]! - fitted[t]!) * history.scale;
  }
  return out;
}

/** A forecast around another mean: bounds and quantiles move with it, and stay where they were relative to zero. */
function movedTo(forecast: Forecast, mean: Float64Array): Forecast {
  const move = (values: Float64Array): Float64Array =>
    values.map((value, k) => {
      const there = value + mean[k]! - forecast.mean[k]!;
      return value >= 0 ? Math.max(0, there) : there;
    });
  return {
    ...forecast,
    mean,
    intervals: forecast.intervals.map(({ level, lower, upper }) => ({
      level,
      lower: move(lower),
      upper: move(upper),
    })),
    quantiles: forecast.quantiles.map(({ share, values }) => ({ share, values: move(values) })),
  };
}

function parseOptions(argv: readonly string[]) {
  const text = { type: "string" } as const;
  let values;
  try {
    values = parseArgs({
      args: [...argv],
      options: { in: text, out: text, by: text, method: text, seed: text, help: { type: "boolean" } },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
  const help = values.help === true;
  const method = values.method || "mint";
  if (method !== "mint" && method !== "bottom-up") {
    throw inputError(`--method is mint or bottom-up, not ${JSON.stringify(method)}`);
  }
  if (values.seed !== undefined) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  return {
    in: help ? "" : needed("in", values.in),
    out: help ? "" : needed("out", values.out),
    by: (values.by ?? "").split(",").filter((key) => key !== ""),
    method,
    help,
  };
}
