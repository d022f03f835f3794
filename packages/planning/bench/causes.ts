/**
 * Are forecasts better for what moves demand: holidays, pay days, the product's own price?
 *
 *   node packages/planning/bench/causes.ts --data bakery-daily.jsonl.gz [--region fr] [--origins 20] [--apart 14] [--ahead 2]
 *
 * Each line of the file is one product's days: `y` (null where not known), `start` (its first day), `m` (7 daily, 52 weekly),
 * and `price` where there is one. Days on which nothing at all was sold count as days without a market. From each of
 * `--origins` earlier days, `--apart` market days apart, the next `--ahead` market days are forecast by the ensemble of
 * `forecasting`, once as it is and once with the causes reckoned with as `packages/planning` does it, from what was known then
 * (and the price of the day itself, which a farm sets). Errors are absolute ones over what was sold (WAPE), over all days and
 * over those that a cause moved by 3 % or more; a product counts as behind where its errors grew by more than 1 %.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { forecastPanel, type HolidayRegion } from "@almanac/forecasting";
import { marketCauses } from "../src/core/causes/market-causes.ts";
import { learnMarket, reckonCauses, type CausedDemand } from "../src/core/causes/reckon-causes.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    region: { type: "string", default: "fr" },
    origins: { type: "string", default: "20" },
    apart: { type: "string", default: "14" },
    ahead: { type: "string", default: "2" },
  },
});
const ahead = Number(args.ahead);
const dayLength = 86_400_000;

interface Line {
  readonly id: string;
  readonly y: readonly (number | null)[];
  readonly start?: string;
  readonly m: number;
  readonly price?: readonly (number | null)[];
}

function readLines(file: string): Line[] {
  const raw = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

interface Shop {
  /** Days since 1970 of its market days. */
  readonly days: readonly number[];
  readonly season: number;
  readonly products: readonly CausedDemand[];
}

function shopOf(lines: readonly Line[]): Shop {
  const season = lines[0]!.m;
  const step = season === 52 ? 7 : 1;
  const dated = lines.map((line) => {
    const first = line.start === undefined ? 0 : Date.parse(`${line.start}T00:00:00Z`) / dayLength;
    return { line, on: line.y.map((_, at) => first + at * step) };
  });
  const sold = new Map<number, number>();
  for (const { line, on } of dated)
    on.forEach((day, at) => sold.set(day, (sold.get(day) ?? 0) + (line.y[at] ?? 0)));
  const days = [...sold].flatMap(([day, sum]) => (sum > 0 ? [day] : [])).sort((a, b) => a - b);
  const products = dated.map(({ line, on }): CausedDemand => {
    const at = new Map(on.map((day, place) => [day, place]));
    const valueOn = (values: readonly (number | null)[], day: number): number => {
      const place = at.get(day);
      return place === undefined ? NaN : (values[place] ?? NaN);
    };
    return {
      demand: Float64Array.from(days, (day) => valueOn(line.y, day)),
      ...(line.price && { prices: Float64Array.from(days, (day) => valueOn(line.price!, day)) }),
    };
  });
  return { days, season, products };
}

interface Errors {
  sold: number;
  plain: number;
  caused: number;
}

const shop = shopOf(readLines(args.data!));
// Those that sell on three days of four, as in the product.
const regular = shop.products.filter(({ demand }) => {
  const known = demand.filter((value) => !Number.isNaN(value));
  return known.length >= 60 && known.filter((value) => value > 0).length >= 0.75 * known.length;
});
const nothing = (): Errors => ({ sold: 0, plain: 0, caused: 0 });
const all = nothing();
const moved = nothing();
const own = regular.map(nothing);
let days = 0;
let movedDays = 0;
let used = 0;
let cpuCauses = 0;
let cpuPlain = 0;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

for (let back = Number(args.origins); back >= 1; back--) {
  const origin = shop.days.length - back * Number(args.apart);
  if (origin < 60) continue;
  const until = Math.min(shop.days.length, origin + ahead);
  const cut = regular.map(({ demand, prices }): CausedDemand => ({
    demand: demand.slice(0, origin),
    ...(prices && { prices: prices.slice(0, until) }),
  }));
  const panelOf = (values: readonly Float64Array[]) =>
    values.map((one, at) => ({
      id: String(at),
      values: [...one],
      season: shop.season,
      horizon: until - origin,
    }));
  let at = cpuSeconds();
  const plain = forecastPanel(panelOf(cut.map(({ demand }) => demand)));
  cpuPlain += cpuSeconds() - at;
  at = cpuSeconds();
  const causes = marketCauses(shop.days.slice(0, until), {
    past: origin,
    region: args.region as HolidayRegion,
  });
  const learned = learnMarket(causes, cut);
  const reckoned = cut.map((product) => learned && reckonCauses(learned, product));
  cpuCauses += cpuSeconds() - at;
  const without = cut.map(({ demand }, n) =>
    reckoned[n] ? demand.map((value, t) => value / Math.exp(reckoned[n]!.moved[t]!)) : demand,
  );
  const caused = forecastPanel(panelOf(without));
  regular.forEach(({ demand }, n) => {
    if ((reckoned[n]?.share ?? 0) > 0) used++;
    for (let t = origin; t < until; t++) {
      const actual = demand[t]!;
      if (Number.isNaN(actual)) continue;
      const by = reckoned[n]?.moved[t] ?? 0;
      const error = Math.abs(actual - plain[n]!.mean[t - origin]!);
      const errorCaused = Math.abs(actual - caused[n]!.mean[t - origin]! * Math.exp(by));
      const isMoved = Math.abs(by) >= 0.03;
      for (const sums of [all, own[n]!, ...(isMoved ? [moved] : [])]) {
        sums.sold += actual;
        sums.plain += error;
        sums.caused += errorCaused;
      }
      days++;
      if (isMoved) movedDays++;
    }
  });
}
const show = (errors: number, { sold }: Errors): string => (errors / sold).toFixed(4).replace(/^0/, "");
const better = own.filter(({ plain, caused }) => caused < 0.99 * plain).length;
const behind = own.filter(({ plain, caused }) => caused > 1.01 * plain).length;
console.log("| days | number | WAPE without | WAPE with causes | ratio |\n| --- | --- | --- | --- | --- |");
for (const [name, count, sums] of [
  ["all", days, all],
  ["moved by 3 % or more", movedDays, moved],
] as const) {
  console.log(
    `| ${name} | ${count} | ${show(sums.plain, sums)} | ${show(sums.caused, sums)} | ${(sums.caused / sums.plain).toFixed(4)} |`,
  );
}
console.log(
  `${regular.length} products: ${better} better, ${behind} behind, others within 1 %; reckoned with in ${used} of ${regular.length * Number(args.origins)} forecasts`,
);
console.log(
  `CPU s: causes ${cpuCauses.toFixed(1)}, forecasts ${cpuPlain.toFixed(1)}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`,
);
