// The seasonal LSTM beside harmonic regression, the recent share and the forecasting ensemble: the last eight weeks of real
// series, held out.
//
//   node packages/neural/bench/seasonal.ts --train train.csv.gz [--series 60] [--epochs 30] [--seed 1] [--speed]
//
// train.csv: user,seq,date,items. A series is a thing's weeks; there was demand where more people bought it than in the middle
// week before the held-out ones. --speed alone: 500 windows x 60 weeks x 4 numbers an epoch, generated. The network is learned
// on plain arrays, and beside it in TensorFlow.js from the same start and draws.
import { forecastPanel } from "@almanac/forecasting";
import { seededRng } from "@almanac/kernel";
import {
  brierScore,
  calibrationBins,
  fitLogisticRegression,
  logistic,
  predictLogisticRegression,
} from "@almanac/ml";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { loadBackend } from "../src/backend/load-backend.ts";
import { fitSeasonal, predictSeasonal, type SeasonalFit } from "../src/seasonal/fit-seasonal.ts";
import { fitSeasonalInTensorflow, predictSeasonalInTensorflow } from "../src/seasonal/in-tensorflow.ts";
import { horizonWeeks, type DemandSeries } from "../src/seasonal/seasonal-data.ts";

const { values: args } = parseArgs({
  options: {
    train: { type: "string" },
    series: { type: "string", default: "60" },
    epochs: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    speed: { type: "boolean", default: false },
  },
});
const seed = Number(args.seed);
const { tf, name } = await loadBackend();
const ways: readonly {
  readonly title: string;
  readonly fit: (...asked: Parameters<typeof fitSeasonal>) => SeasonalFit;
  readonly predict: typeof predictSeasonal;
}[] = [
  { title: "plain arrays", fit: fitSeasonal, predict: predictSeasonal },
  {
    title: `TensorFlow.js, ${name}`,
    fit: (series, options) => fitSeasonalInTensorflow(tf, series, options),
    predict: (model, series) => predictSeasonalInTensorflow(tf, model, series),
  },
];
if (args.speed) speed();
if (args.train) compare(args.train);

function speed(): void {
  const rng = seededRng(seed);
  const series = Array.from({ length: 20 }, (_, at): DemandSeries => ({
    product: at % 5,
    place: at % 4,
    startWeek: 0,
    isDemanded: Uint8Array.from({ length: 200 }, (_week, week) =>
      rng.next() < 0.5 + 0.4 * Math.sin(week / 8) ? 1 : 0,
    ),
  }));
  const many = Array.from({ length: 1_000 }, (_, at) => series[at % series.length]!);
  for (const { title, fit, predict } of ways) {
    fit(series, { epochs: 2, seed }); // compiles
    const ends: number[] = [cpu()];
    const found = fit(series, { epochs: 6, seed, onEpoch: () => void ends.push(cpu()) });
    const epochs = ends.slice(1).map((end, at) => end - ends[at]!);
    console.log(
      `${title}: an epoch of 500 x 60 x 4 takes ${middle(epochs).toFixed(2)} CPU s (${Math.min(...epochs).toFixed(2)} to ${Math.max(...epochs).toFixed(2)})`,
    );
    if (found.kind !== "fitted") throw new Error(found.code);
    predict(found.model, many);
    const asked = Array.from({ length: 5 }, () => {
      const from = cpu();
      predict(found.model, many);
      return cpu() - from;
    });
    console.log(`${title}: 1,000 series are told in ${(1_000 * middle(asked)).toFixed(0)} CPU ms`);
    const alone = cpu();
    fit(series.slice(0, 1), { seed });
    console.log(`${title}: one series of 200 weeks, 30 epochs: ${(cpu() - alone).toFixed(1)} CPU s`);
  }
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function compare(file: string): void {
  const week = 7 * 86_400_000;
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split(/\r?\n/).slice(1);
  const rows = lines
    .map((line) => line.split(","))
    .map(([user, , date, items]) => ({
      user: user!,
      week: Math.floor(Date.parse(date!) / week),
      items: items!.split(" "),
    }));
  const first = Math.min(...rows.map((row) => row.week)) + 1;
  const weeks = Math.max(...rows.map((row) => row.week)) - first;
  const buyers = new Map<string, Set<string>[]>();
  for (const row of rows) {
    const at = row.week - first;
    if (at < 0 || at >= weeks) continue;
    for (const item of row.items) {
      let own = buyers.get(item);
      if (!own) buyers.set(item, (own = Array.from({ length: weeks }, () => new Set<string>())));
      own[at]!.add(row.user);
    }
  }
  const past = weeks - horizonWeeks;
  const most = [...buyers]
    .map(([, own]) => own.map((people) => people.size))
    .sort((a, b) => total(b.slice(0, past)) - total(a.slice(0, past)))
    .slice(0, Number(args.series));
  const startWeek = ((first * week) / 86_400_000 / 7) % (365.25 / 7);
  const whole = most.map((counts, product): DemandSeries => {
    const middle = counts.slice(0, past).sort((a, b) => a - b)[past >> 1]!;
    return {
      product,
      place: 0,
      startWeek,
      isDemanded: Uint8Array.from(counts, (count) => (count > middle ? 1 : 0)),
    };
  });
  const known = whole.map((own) => ({ ...own, isDemanded: own.isDemanded.subarray(0, past) }));
  const labels = whole.flatMap(({ isDemanded }) => [...isDemanded.subarray(past)]);
  console.log(
    `${whole.length} series of ${past} weeks and ${horizonWeeks} held out, share ${(total(labels) / labels.length).toFixed(3)}; seed ${seed}`,
  );

  const recent = known.map(({ isDemanded }) => {
    const own = [...isDemanded.subarray(-52)];
    return own.map(() => (total(own) + 0.5) / (own.length + 1)).slice(0, horizonWeeks);
  });
  report("share of a year", labels, recent.flat());
  report("harmonic", labels, known.flatMap(harmonic));
  const forecasts = forecastPanel(
    known.map(({ isDemanded }, at) => ({
      id: String(at),
      values: [...isDemanded],
      season: 52,
      horizon: horizonWeeks,
    })),
    {},
  );
  report(
    "ensemble",
    labels,
    forecasts.flatMap(({ mean }) => [...mean].map((value) => Math.min(0.98, Math.max(0.02, value)))),
  );
  for (const { title, fit, predict } of ways) {
    const from = cpu();
    const found = fit(known, { epochs: Number(args.epochs), seed });
    if (found.kind !== "fitted") throw new Error(found.code);
    const chances = predict(found.model, known).flatMap((own) => [...own]);
    report(`lstm, ${title} (${(cpu() - from).toFixed(1)} CPU s)`, labels, chances);
    for (const { told, came, rows: count } of calibrationBins(chances, labels))
      console.log(
        `  ${String(count).padStart(4)} weeks told ${told.toFixed(3)} on average came ${came.toFixed(3)}`,
      );
  }
}

/** Logistic regression of each series on two waves a year. */
function harmonic({ isDemanded, startWeek }: DemandSeries): number[] {
  const rowsOf = (weeks: number[]) => ({
    width: 4,
    offsets: Int32Array.from({ length: weeks.length + 1 }, (_, at) => 4 * at),
    index: Int32Array.from(weeks.flatMap(() => [0, 1, 2, 3])),
    value: Float32Array.from(
      weeks.flatMap((at) => {
        const angle = (2 * Math.PI * (startWeek + at)) / (365.25 / 7);
        return [Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle)];
      }),
    ),
  });
  const past = Array.from(isDemanded.keys());
  const model = fitLogisticRegression(rowsOf(past), Float64Array.from(isDemanded), 1);
  const ahead = Array.from({ length: horizonWeeks }, (_, at) => isDemanded.length + at);
  return [...predictLogisticRegression(model, rowsOf(ahead))].map(logistic);
}

function report(model: string, labels: number[], chances: number[]): void {
  console.log(`${model.padEnd(40)} Brier ${brierScore(chances, labels).toFixed(4)}`);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
