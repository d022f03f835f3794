// The model of seasons on real receipts: the last eight weeks held back, the eight before them for the choice by product.
//
//   node packages/models/bench/season.ts --train train.csv.gz [--series 60] [--most 0.9] [--seed 1]
//
// train.csv: user,seq,date,items. A series is a thing's weeks, asked for where anybody bought it; things bought in more than
// `most` of the weeks are left out, as every member tells of them that they are asked for.
import { forecastSeasonalInThread } from "@almanac/neural";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { demandSeries, weekOf } from "../src/core/seasons/demand-weeks.ts";
import { askNetwork } from "../src/training/learn-season.ts";
import { trainSeason } from "../src/training/train-season.ts";

const { values: args } = parseArgs({
  options: {
    train: { type: "string" },
    series: { type: "string", default: "60" },
    most: { type: "string", default: "0.9" },
    seed: { type: "string", default: "1" },
  },
});
if (args.train === undefined) throw new Error("--train names the receipts");
const seed = Number(args.seed);
const bought = new Map<string, Set<number>>();
let endWeek = 0;
for (const line of gunzipSync(readFileSync(args.train)).toString("utf8").trim().split(/\r?\n/).slice(1)) {
  const [, , date, items] = line.split(",");
  const week = weekOf(Date.parse(date!));
  endWeek = Math.max(endWeek, week);
  for (const item of items!.split(" ")) {
    const own = bought.get(item) ?? new Set();
    bought.set(item, own.add(week));
  }
}
const asked = [...bought].map(([product, weeks]) => ({
  product,
  market: "all",
  weeks: [...weeks].sort((a, b) => a - b),
}));
const series = demandSeries(asked, endWeek)
  .filter(({ isAsked }) => isAsked.reduce((a, b) => a + b, 0) <= Number(args.most) * isAsked.length)
  .slice(0, Number(args.series));
console.log(`${series.length} things, ${Math.max(...series.map(({ isAsked }) => isAsked.length))} weeks`);

const { told, why } = await askNetwork(series, forecastSeasonalInThread, {
  seed,
  signal: undefined,
  onNetworkFailure: console.error,
});
const outcome = trainSeason({ series, endWeek, withoutNetwork: why, ...(told && { told }) }, { seed });
if (outcome.kind === "insufficient") throw new Error(outcome.why);
const { measures, gain, calibration, verdict, rowsTested } = outcome.metrics;
console.log(`${verdict} ${rowsTested} weeks tested, settings ${JSON.stringify(outcome.settings)}`);
for (const { name, values } of measures)
  for (const [member, value] of Object.entries(values)) console.log(`${name}: ${member} ${value.toFixed(4)}`);
console.log("gain", gain);
for (const { told: chance, came, rows } of calibration!)
  console.log(`  ${rows} weeks told ${chance.toFixed(3)} came ${came.toFixed(3)}`);
console.log(`artefact ${outcome.artefact.byteLength} bytes`);
