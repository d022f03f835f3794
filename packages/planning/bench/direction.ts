/**
 * Does the forecast know whether next week is more or less than this one?
 *
 *   node packages/planning/bench/direction.ts [--data weekly.jsonl[.gz]] [--series 100] [--origins 4]
 *
 * Each line of the file is a series with `values` by week. Without a file the series are generated (a level, a season, noise),
 * seed 1: that proves the plumbing, not the model. For each series and each of its latest weeks the forecast made before it
 * tells how much more or less it will be than the week before; AUC is the chance that a week that rose was given a higher
 * figure than one that fell (Mann-Whitney, ties half). A coin has .5. Beside it: what was last, against the mean of the year,
 * which knows only that what is high comes down.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { forecastPanel, type PanelSeries } from "@almanac/forecasting";
import { seededRng } from "@almanac/kernel";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    series: { type: "string", default: "100" },
    origins: { type: "string", default: "4" },
  },
});
const most = Number(args.series);
const origins = Number(args.origins);
const leastWeeks = 40;

function readSeries(file: string): number[][] {
  const raw = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("utf8");
  const all = text
    .trim()
    .split("\n")
    .map((line) => valuesOf(JSON.parse(line) as Record<string, unknown>))
    .filter((values) => values.length >= leastWeeks + origins);
  // Spread over the file, the same at each run.
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, at) => all[Math.floor(at * step)]!);
}

function valuesOf(line: Record<string, unknown>): number[] {
  const found = line["values"] ?? line["y"] ?? line["target"];
  return Array.isArray(found) ? found.map((value) => (value === null ? Number.NaN : Number(value))) : [];
}

function generate(): number[][] {
  const rng = seededRng(1);
  return Array.from({ length: most }, () => {
    const level = 2_000 + 8_000 * rng.next();
    const phase = 6 * rng.next();
    return Array.from({ length: 104 + origins }, (_, week) =>
      Math.max(0, level * (1 + 0.3 * Math.sin((2 * Math.PI * week) / 52 + phase) + 0.08 * rng.normal())),
    );
  });
}

interface Told {
  readonly rose: boolean;
  readonly forecast: number;
  readonly reversion: number;
}

function tellAll(all: readonly number[][]): Told[] {
  const told: Told[] = [];
  for (let back = 1; back <= origins; back++) {
    const panel = all.map((values, at): PanelSeries => ({
      id: String(at),
      values: values.slice(0, values.length - back),
      season: 52,
      horizon: 1,
    }));
    const forecasts = forecastPanel(panel);
    all.forEach((values, at) => {
      const actual = values[values.length - back]!;
      const last = values[values.length - back - 1]!;
      if (Number.isNaN(actual) || Number.isNaN(last) || actual === last) return;
      const year = values.slice(-52 - back, -back).filter((value) => !Number.isNaN(value));
      const mean = year.reduce((sum, value) => sum + value, 0) / year.length || 1;
      told.push({
        rose: actual > last,
        forecast: (forecasts[at]!.mean[0]! - last) / mean,
        reversion: (mean - last) / mean,
      });
    });
  }
  return told;
}

/** Mann-Whitney's U over the number of pairs. */
function auc(told: readonly Told[], score: (one: Told) => number): number {
  const sorted = told.toSorted((a, b) => score(a) - score(b));
  let rank = 0;
  let sum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && score(sorted[end]!) === score(sorted[at]!)) end++;
    rank = (at + 1 + end) / 2;
    for (; at < end; at++) if (sorted[at]!.rose) sum += rank;
  }
  const rises = told.filter(({ rose }) => rose).length;
  return (sum - (rises * (rises + 1)) / 2) / (rises * (told.length - rises));
}

/** One standard deviation of an AUC without any knowledge. */
const coinSpread = (told: readonly Told[]): number => {
  const rises = told.filter(({ rose }) => rose).length;
  const falls = told.length - rises;
  return Math.sqrt((rises + falls + 1) / (12 * rises * falls));
};

const all = args.data === undefined ? generate() : readSeries(args.data);
const cpu = process.cpuUsage();
const told = tellAll(all);
const { user, system } = process.cpuUsage(cpu);
const show = (value: number): string => value.toFixed(3).replace(/^0/, "");
console.log(
  `${args.data === undefined ? "generated" : args.data.split("/").at(-1)}: ${all.length} series, ${told.length} weeks, ${told.filter(({ rose }) => rose).length} rose`,
);
console.log(
  `AUC forecast ${show(auc(told, (one) => one.forecast))}, back to the mean ${show(auc(told, (one) => one.reversion))}, coin .500 (one standard deviation ${show(coinSpread(told))})`,
);
console.log(
  `${((user + system) / 1e6).toFixed(1)} s CPU; ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.version}`,
);
