// Does memory stay flat over a million predictions?
//
//   node --expose-gc packages/neural/bench/memory.ts [--predictions 1000000] [--calls 4000]
//
// Both networks answer on plain arrays: one person x 50 things a prediction, 32 series x 8 weeks a call. Generated, so it proves the
// plumbing and nothing about quality.
import { seededRng } from "@almanac/kernel";
import { parseArgs } from "node:util";
import { fitCollaborative } from "../src/collaborative/fit-collaborative.ts";
import { collaborativeScorer } from "../src/collaborative/model.ts";
import { userFeatureNames } from "../src/collaborative/user-features.ts";
import { fitSeasonal, predictSeasonal } from "../src/seasonal/fit-seasonal.ts";

const { values: args } = parseArgs({
  options: {
    predictions: { type: "string", default: "1000000" },
    calls: { type: "string", default: "4000" },
  },
});
const count = Number(args.predictions);
const rng = seededRng(1);
const people = 40;
const width = userFeatureNames.length;
const features = Float32Array.from({ length: people * width }, () => rng.normal());
const starts = Int32Array.from({ length: people + 1 }, (_, at) => 5 * at);
const items = Int32Array.from({ length: 5 * people }, (_, at) => (at * 7) % 50);
const model = fitCollaborative(
  { featureNames: userFeatureNames, features, itemCount: 50, starts, items },
  { epochs: 1 },
);
const score = collaborativeScorer(model);
const series = Array.from({ length: 32 }, (_, at) => ({
  product: at % 10,
  place: at % 5,
  startWeek: 0,
  isDemanded: Uint8Array.from({ length: 104 }, () => rng.int(2)),
}));
const fit = fitSeasonal(series, { epochs: 1, windows: 50 });
if (fit.kind !== "fitted") throw new Error(fit.code);
const { model: seasonal } = fit;

const megabytes = (): number => {
  // Twice: what a first one finds to be done with is given back by the next.
  for (let at = 0; at < 2; at++) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / 2 ** 20;
};
function measure(what: string, calls: number, call: () => void): void {
  for (let at = 0; at < Math.min(200, calls); at++) call();
  const before = megabytes();
  const from = performance.now();
  for (let at = 0; at < calls; at++) call();
  const grown = megabytes() - before;
  console.log(
    `${what}: ${calls} calls in ${((performance.now() - from) / 1000).toFixed(0)} s, memory grew ${grown.toFixed(2)} MB`,
  );
}
let at = 0;
measure("collaborative, plain arrays", count, () => {
  at = (at + 1) % people;
  score(features.subarray(at * width, (at + 1) * width));
});
measure(`seasonal, plain arrays, ${series.length} series a call`, Number(args.calls), () => {
  predictSeasonal(seasonal, series);
});
