import { parseArgs } from "node:util";
import { forecastPanel, reconcile, shrunkCovariance, sumsOver, wholeParts } from "@almanac/forecasting";
import type { Forecast } from "@almanac/forecasting";
import { costsSince } from "../../command.ts";
import type { CommandIo } from "../../command.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { groupSeries } from "./group-series.ts";
import { needed, wholeNumber } from "./options.ts";
import { readSeriesAndObjects } from "./read-series.ts";
import { lastErrors } from "./last-errors.ts";
import { forecastLine, panelSeriesOf } from "./run-forecast.ts";
import { meetOverTime } from "./slower-forecasts.ts";

export const reconcileHelp = `almanac reconcile --in s.jsonl --by A,B --out f.jsonl [options]

Forecasts series, the sums of their groups and their total, and makes the forecasts add up.

  --in FILE      series as for "forecast", all ending in the same period, all with the same "h"
  --by A,B       keys of the lines that name a series' groups, for example farm,market,category; A+B groups by both
                 together, as in farm,market,farm+market
  --every N,M    sums over N and M periods are forecast too, for example 7,28 for days, and all speeds are made to agree
  --whole        means are whole numbers, so that sums hold to the gram; for histories that are never below zero
  --out FILE     lines as of "forecast": every series, then every group with the id KEY=VALUE, then "total"; with --every,
                 the same once more with "@N" after the id and means alone: the sums over blocks of N periods, from the first
                 forecast on. The means of a group's series sum to the group's; bounds are moved with the mean
  --method NAME  mint (default) moves what is known least, bottom-up only sums
  --seed N       accepted and not needed

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

/**
 * `almanac reconcile`: see `reconcileHelp`.
 *
 * Over time first, each series and group for itself, then across series, step by step with one and the same matrix: sums
 * over time of what adds up across adds up across as well, so that both hold in the end. Kourentzes & Athanasopoulos (2019),
 * "Cross-temporal coherent forecasts for Australian tourism", Annals of Tourism Research 75.
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
  const { lines, objects } = await readSeriesAndObjects(options.in);
  const bottom = lines.map(panelSeriesOf);
  const groups = groupSeries(bottom, objects, options.by, options.in);
  const panel = [...groups.map(({ series }) => series), ...bottom];
  const nonNegative = bottom.every(({ values }) =>
    Array.from(values).every((value) => value === null || value >= 0),
  );
  if (options.whole && !nonNegative) {
    throw inputError("holds values below zero, which --whole does not go with", options.in);
  }
  const forecasts = forecastPanel(panel);
  const met = meetOverTime(panel, forecasts, options.every);
  const covariance =
    options.method === "mint"
      ? shrunkCovariance(
          panel.map(lastErrors),
          // Of a history too short for errors as little is known as it is large; of one without values, nothing is moved.
          met.map((mean) => mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
        )
      : undefined;
  const hierarchy = { bottom: bottom.length, aggregates: groups.map(({ members }) => members) };
  const aggregated = met.slice(0, groups.length);
  let coherent = reconcile(hierarchy, aggregated, met.slice(groups.length), covariance, nonNegative);
  if (options.whole) {
    coherent = reconcile(hierarchy, aggregated, wholeByStep(coherent.bottom), undefined, true);
  }
  const means = [...coherent.aggregates, ...coherent.bottom];
  const moved = forecasts.map((forecast, i) => movedTo(forecast, means[i]!));
  const ordered = [...moved.slice(groups.length), ...moved.slice(0, groups.length)];
  const slower = options.every.flatMap((every) =>
    ordered.map(({ id, mean }) => JSON.stringify({ id: `${id}@${every}`, mean: [...sumsOver(mean, every)] })),
  );
  await writeAtomic(
    options.out,
    [...ordered.map(forecastLine), ...slower].map((line) => `${line}\n`).join(""),
  );
  const facts = { command: "reconcile", rows: ordered.length + slower.length, groups: groups.length };
  io.out(`${JSON.stringify({ ...facts, method: options.method, ...costsSince(startedAt) })}\n`);
  return 0;
}

/** Whole numbers at every step whose sum is the rounded sum. */
function wholeByStep(bottom: readonly Float64Array[]): Float64Array[] {
  const out = bottom.map((values) => new Float64Array(values.length));
  for (let k = 0; k < (bottom[0]?.length ?? 0); k++) {
    wholeParts(bottom.map((values) => values[k]!)).forEach((part, i) => (out[i]![k] = part));
  }
  return out;
}

/** A forecast around another mean: bounds and quantiles move with it, and stay where they were relative to zero. */
function movedTo(forecast: Forecast, mean: Float64Array): Forecast {
  const move = (values: Float64Array): Float64Array =>
    values.map((value, k) => {
      const there = value - forecast.mean[k]! + mean[k]!;
      return Math.min(Number.MAX_VALUE, Math.max(value >= 0 ? 0 : -Number.MAX_VALUE, there));
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
  const flag = { type: "boolean" } as const;
  let values;
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        in: text,
        out: text,
        by: text,
        every: text,
        method: text,
        whole: flag,
        seed: text,
        help: flag,
      },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
  const help = values.help === true;
  const method = values.method || "mint";
  if (method !== "mint" && method !== "bottom-up") {
    throw inputError(`--method is mint or bottom-up, not ${JSON.stringify(method)}`);
  }
  if (values.seed) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  const listed = (value: string | undefined): string[] =>
    (value ?? "").split(",").filter((part) => part !== "");
  return {
    in: help ? "" : needed("in", values.in),
    out: help ? "" : needed("out", values.out),
    by: listed(values.by),
    every: [...new Set(listed(values.every).map((every) => wholeNumber("every", every, 2, 500)))],
    whole: values.whole === true,
    method,
    help,
  };
}
