// How good and how fast are the models, side by side?
//
//   node packages/forecasting/bench/forecasting.ts --series m3-monthly.jsonl.gz [--sample samples.json] [--models auto,theta]
//     [--metric-m 1] [--rows N] [--r arima,ets,theta,stlf,mean3]
//
// A line of the series file is {"id","m","h","y","test"} with known columns beside (price, deal, feature). Everything is
// forecast by this one thread; CPU milliseconds are user and system of the process, per series, backtests and intervals
// included. With --r the same series are forecast by R's package forecast where it is installed (r-base-core, r-cran-forecast,
// r-cran-jsonlite on Debian) and printed beside. With --sample only the ids that the file lists under the series file's name are forecast.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { forecastPanel, forecasters } from "../src/index.ts";
import type { Forecast, PanelSeries } from "../src/index.ts";
import { scoresOf } from "./scores.ts";
import { runR } from "./with-r.ts";
import type { PeerForecast } from "./with-r.ts";

const { values: args } = parseArgs({
  options: {
    series: { type: "string" },
    sample: { type: "string" },
    models: { type: "string", default: "all" },
    "metric-m": { type: "string" },
    rows: { type: "string" },
    r: { type: "string" },
  },
});
if (args.series === undefined) throw new Error("--series names no file");

interface Line {
  readonly id: string;
  readonly m: number;
  readonly h: number;
  readonly freq?: string;
  readonly start?: string;
  readonly y: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
}

const name = basename(args.series).replace(/\.jsonl(\.gz)?$/, "");
let lines = textOf(args.series)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
if (args.sample !== undefined) {
  const samples = JSON.parse(textOf(args.sample)) as Record<string, string[] | undefined>;
  const ids = samples[name];
  if (ids) lines = lines.filter(({ id }) => ids.includes(id));
}
if (args.rows !== undefined) lines = lines.slice(0, Number(args.rows));

const panel = lines.map((line): PanelSeries => {
  const columns = Object.entries(line).filter(
    ([key, value]) => ["price", "deal", "feature"].includes(key) && Array.isArray(value),
  );
  const days = line.freq === "daily" ? 1 : line.freq === "weekly" ? 7 : undefined;
  const start = Date.parse(line.start ?? "");
  return {
    id: line.id,
    values: line.y,
    season: line.m,
    horizon: line.h,
    covariates: Object.fromEntries(columns) as Record<string, (number | null)[]>,
    firstPeriod: days && Number.isFinite(start) ? Math.floor(start / 86_400_000 / days) : undefined,
  };
});

const models =
  args.models === "all" ? ["auto", ...forecasters.map((model) => model.name)] : args.models.split(",");
console.log(`${name}: ${lines.length} series, Node ${process.version}\n`);
console.log("| model | sMAPE | MASE | OWA | RMSSE | inside 80 | inside 95 | MSIS 95 | CPU ms a series |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const model of models) {
  const before = process.cpuUsage();
  const forecasts = forecastPanel(panel, { model });
  const { user, system } = process.cpuUsage(before);
  print(model, forecasts.map(plain), (user + system) / 1_000 / lines.length);
}
if (args.r !== undefined) {
  const runs = runR(lines, args.r);
  if (typeof runs === "string") console.log(`\n${runs}`);
  else for (const { model, forecasts, cpu } of runs) print(model, forecasts, cpu);
}
console.log(`\npeak memory ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`);

function print(model: string, forecasts: readonly PeerForecast[], cpu: number): void {
  const season = args["metric-m"] ? Number(args["metric-m"]) : undefined;
  const scores = scoresOf(lines, forecasts, season);
  const cells = [
    scores.smape.toFixed(2),
    scores.mase.toFixed(3),
    scores.owa.toFixed(3),
    scores.rmsse.toFixed(3),
    scores.inside80.toFixed(1),
    scores.inside95.toFixed(1),
    scores.msis.toFixed(2),
    cpu.toFixed(2),
  ];
  console.log(`| ${model} | ${cells.join(" | ")} |`);
}

function plain({ mean, intervals }: Forecast) {
  const [eighty, ninetyFive] = intervals;
  return { mean, lo80: eighty!.lower, hi80: eighty!.upper, lo95: ninetyFive!.lower, hi95: ninetyFive!.upper };
}
