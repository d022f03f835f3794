// How long does it take to look for trends in a market's products?
//
//   node packages/forecasting/bench/trends.ts [--products 10000] [--weeks 104]
//
// On generated series (a season, noise, a tenth of them with a slope), seed 1: it proves that the work fits into an hour, not
// how good the answers are.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { seededRng } from "@almanac/kernel";
import { analyseTrends, spectralPeaks, stl } from "../src/index.ts";

const { values: args } = parseArgs({
  options: {
    products: { type: "string", default: "10000" },
    weeks: { type: "string", default: "104" },
  },
});

const products = Number(args.products);
const weeks = Number(args.weeks);
const rng = seededRng(1);
const series = Array.from({ length: products }, (_, at) => {
  const slope = at % 10 === 0 ? 0.6 * (rng.next() - 0.5) : 0;
  const phase = 6 * rng.next();
  return Float64Array.from(
    { length: weeks },
    (_, week) => 60 + slope * week + 20 * Math.sin((2 * Math.PI * week) / 52 + phase) + 8 * rng.normal(),
  );
});

timed(`trends of ${products} products, ${weeks} weeks each, together`, () => {
  // As the product does it: the year's usual course out, then half a year looked at.
  const own = series.map((values) => {
    const { seasonal } = stl(values, 52, { seasonalWidth: "periodic" });
    return values.map((value, at) => value - seasonal[at]!).subarray(-26);
  });
  const found = analyseTrends(own);
  return `${found.filter(({ type }) => type === "rising" || type === "falling").length} told to move`;
});
timed(`the same, and the periods of each (FFT, harmonic F-test)`, () => {
  const peaks = series.map((values) => spectralPeaks(values, { most: 3 }));
  return `${peaks.filter((one) => one.some(({ period }) => Math.abs(period - 52) < 5)).length} with a year`;
});
console.log(`${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, one thread, node ${process.version}`);

function timed(what: string, work: () => string): void {
  const start = process.cpuUsage();
  const startedAt = performance.now();
  const answer = work();
  const { user, system } = process.cpuUsage(start);
  console.log(
    `${what}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s CPU), ${answer}`,
  );
}
