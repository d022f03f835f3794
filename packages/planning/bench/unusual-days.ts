/**
 * Which rule finds entries that are wrong, with the fewest false alarms?
 *
 *   node packages/planning/bench/unusual-days.ts --data bakery-daily.jsonl.gz [--days 80]
 *   node packages/planning/bench/unusual-days.ts --demo <a demo data folder> --now 2025-08-13T22:00:00Z [--days 40]
 *
 * A file has one product's days a line (`y`, null where not known; `start`, its first day; `m`, 7 daily or 52 weekly); days on which
 * nothing at all was sold count as days without a market. Judged are the latest days of products that sell on three days of four,
 * each forecast from the days before it by the ensemble of `forecasting`. The anomalies are injected: seeded, one day in forty of a
 * product is entered wrongly (ten times, twice, half or nothing), so that the past that forecasts learn from has them too. Every
 * judged day that was left as it is, is then judged as it is, which is a false alarm where it is told, and once more with each
 * kind of wrong entry. Days that really were unusual count as false alarms: nobody knows them.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { openDatabase } from "@almanac/db";
import { AnomalyDetector, forecastPanel, salesAnomalies } from "@almanac/forecasting";
import { idFromName, seededRng } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { surprisingDays, unusualFrom, type DayOfProduct } from "../src/core/unusual/judge-day.ts";
import { surpriseOf, type ForecastBounds } from "../src/core/unusual/surprise.ts";
import { readFacts } from "../src/read-facts.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    demo: { type: "string" },
    now: { type: "string", default: "2025-08-13T22:00:00Z" },
    days: { type: "string", default: "80" },
    seed: { type: "string", default: "1" },
  },
});

interface Product {
  readonly id: string;
  /** Farm and market. */
  readonly stall: string;
  readonly season: number;
  /** As entered; NaN where not known. */
  readonly entered: number[];
  readonly soldOut: readonly boolean[];
  readonly injected: boolean[];
}

const dayLength = 86_400_000;
const leastDays = 40;
/** Market days before nothing is injected: a product has to be known first. */
const spared = 30;
const injectedShare = 1 / 40;

function readFile(file: string): Product[] {
  const raw = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; y: (number | null)[]; start?: string; m: number });
  const step = lines[0]!.m === 52 ? 7 : 1;
  const dated = lines.map((line) => {
    const first = line.start === undefined ? 0 : Date.parse(`${line.start}T00:00:00Z`) / dayLength;
    return { line, byDay: new Map(line.y.map((value, at) => [first + at * step, value])) };
  });
  const sums = new Map<number, number>();
  for (const { byDay } of dated)
    for (const [day, value] of byDay) sums.set(day, (sums.get(day) ?? 0) + (value ?? 0));
  const days = [...sums].flatMap(([day, sum]) => (sum > 0 ? [day] : [])).sort((a, b) => a - b);
  return dated.map(({ line, byDay }) => ({
    id: line.id,
    stall: "shop",
    season: line.m,
    entered: days.map((day) => byDay.get(day) ?? NaN),
    soldOut: days.map(() => false),
    injected: days.map(() => false),
  }));
}

async function readDemo(dataDir: string, now: Date): Promise<Product[]> {
  const handle = await openDatabase({ dataDir, log: silentLogger });
  const facts = await readFacts({ handle, clock: { now: () => now } });
  await handle.close();
  return facts.series.map(({ key, productId, marketId, history }) => ({
    id: key,
    stall: `${facts.products.get(productId)!.farmId} ${marketId}`,
    season: 52,
    entered: history.sold.map((value) => value ?? NaN),
    soldOut: history.soldOut,
    injected: history.days.map(() => false),
  }));
}

const isRegular = ({ entered }: Product): boolean => {
  const known = entered.filter((value) => !Number.isNaN(value));
  return known.length >= leastDays && known.filter((value) => value > 0).length >= 0.75 * known.length;
};

function inject(products: readonly Product[], seed: number): void {
  const rng = seededRng(seed);
  for (const { entered, injected } of products)
    for (let t = spared; t < entered.length; t++) {
      if (rng.next() >= injectedShare) continue;
      const factor = [10, 2, 0.5, 0][Math.floor(4 * rng.next())]!;
      if (!(entered[t]! > 0)) continue;
      injected[t] = true;
      entered[t] = Math.round(factor * entered[t]!);
    }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Robust deviations of the root from those of the latest 26 days, whatever was forecast. */
function ofHistory(sold: number, past: readonly number[]): number {
  const roots = past
    .filter((value) => !Number.isNaN(value))
    .slice(-26)
    .map(Math.sqrt);
  const middle = median(roots);
  const spread = 1.4826 * median(roots.map((value) => Math.abs(value - middle)));
  return (Math.sqrt(sold) - middle) / Math.max(0.05 * middle + 1e-9, spread);
}

/** Robust deviations of the root from the forecast's, by the product's own errors before. */
function ofErrors(sold: number, { p10, p50, p90 }: ForecastBounds, errors: readonly number[]): number {
  const forecasts = (Math.sqrt(Math.max(0, p90)) - Math.sqrt(Math.max(0, p10))) / 2.563;
  const own = errors.length < 8 ? forecasts : 1.4826 * median(errors.map(Math.abs));
  return (
    (Math.sqrt(sold) - Math.sqrt(Math.max(0, p50))) / Math.max(0.05 * Math.sqrt(Math.max(0, p50)) + 1e-9, own)
  );
}

const rules = ["bounds", "errors", "history"] as const;
type Rule = (typeof rules)[number];
type Scores = Record<Rule, number>;
const kinds = { "ten times": 10, "three times": 3, double: 2, half: 0.5, nothing: 0 } as const;
type Kind = keyof typeof kinds;

const clean: Scores[] = [];
const wrong = new Map<Kind, Scores[]>(Object.keys(kinds).map((kind) => [kind as Kind, []]));
/** What `salesAnomalies` and `AnomalyDetector` tell: they give alarms, and no score to set a limit on. */
const told = { history: { alarms: 0, hits: 0 }, stream: { alarms: 0, hits: 0 }, days: 0, injected: 0 };
let closures = 0;
let closuresTold = 0;

const all = args.demo === undefined ? readFile(args.data!) : await readDemo(args.demo, new Date(args.now));
const products = all.filter(isRegular);
inject(products, Number(args.seed));
const length = Math.max(...products.map(({ entered }) => entered.length));
const from = length - Number(args.days);
const errors = products.map((): number[] => []);
const bounds = products.map((): (ForecastBounds | undefined)[] => []);
const started = process.cpuUsage();
for (let t = from; t < length; t++) {
  const known = products.filter(({ entered }) => t < entered.length && !Number.isNaN(entered[t]!));
  const forecasts = forecastPanel(
    known.map(({ id, entered, season }) => ({ id, values: entered.slice(0, t), season, horizon: 1 })),
  );
  const days = known.map((product, n): { product: Product; bounds: ForecastBounds } => {
    const [p10, p50, p90] = forecasts[n]!.quantiles.map(({ values }) => values[0]!);
    return { product, bounds: { p10: p10!, p50: p50!, p90: p90! } };
  });
  for (const own of Map.groupBy(days, ({ product }) => product.stall).values()) judgeClosure(own);
  for (const { product, bounds: expected } of days) {
    const at = products.indexOf(product);
    const sold = product.entered[t]!;
    bounds[at]![t] = expected;
    const score = (value: number): Scores => ({
      bounds: surpriseOf(value, expected),
      errors: ofErrors(value, expected, errors[at]!),
      history: ofHistory(value, product.entered.slice(0, t)),
    });
    const isHidden = product.soldOut[t]! && sold < expected.p50;
    if (!product.injected[t] && !isHidden) {
      clean.push(score(sold));
      if (sold > 0 && !product.soldOut[t])
        for (const [kind, factor] of Object.entries(kinds))
          wrong.get(kind as Kind)!.push(score(factor * sold));
    }
    errors[at]!.push(Math.sqrt(sold) - Math.sqrt(Math.max(0, expected.p50)));
  }
}
const { user, system } = process.cpuUsage(started);
for (const product of products) tellOthers(product);

/** A stall that stood closed: all products of a farm sold nothing. Told by the rule of whole stalls. */
function judgeClosure(own: readonly { readonly bounds: ForecastBounds }[]): void {
  const day = own.map(({ bounds: expected }, n): DayOfProduct => ({
    ...expected,
    farmId: idFromName("bench/farm", "one"),
    productId: idFromName("bench/product", String(n)),
    soldBase: 0,
    largestBase: 0,
    priceCents: null,
    isAway: false,
  }));
  closures += 1;
  if (surprisingDays(day).length > 0) closuresTold += 1;
}

function tellOthers({ entered, injected, season }: Product): void {
  const step = season === 52 ? 7 * 86_400 : 86_400;
  const detector = new AnomalyDetector(step);
  for (let t = 0; t < entered.length; t++) {
    const sold = entered[t]!;
    if (Number.isNaN(sold)) continue;
    const inStream = detector.next(t * step, Math.sqrt(sold)) >= 0.5;
    if (t < from) continue;
    const inHistory = salesAnomalies(entered.slice(0, t + 1), { season: season === 52 ? 4 : 7 }).some(
      ({ at }) => at === t,
    );
    told.days += 1;
    if (injected[t]) told.injected += 1;
    for (const [name, isTold] of [
      ["history", inHistory],
      ["stream", inStream],
    ] as const) {
      if (!isTold) continue;
      if (injected[t]) told[name].hits += 1;
      else told[name].alarms += 1;
    }
  }
}

const share = (found: number, of: number): string =>
  of === 0 ? "-" : `${((100 * found) / of).toFixed(0)} %`;
const beyond = (scores: readonly Scores[], rule: Rule, sign: number, limit: number): number =>
  scores.filter((one) => sign * one[rule] >= limit).length;

console.log(`${products.length} of ${all.length} products sell regularly; ${clean.length} days as they are`);
console.log(`| rule | side | limit | false alarms, one in | ${Object.keys(kinds).join(" | ")} |`);
console.log(`| --- | --- | --- | --- |${" --- |".repeat(Object.keys(kinds).length)}`);
for (const [side, sign, limit] of [
  ["more", 1, unusualFrom.more],
  ["less", -1, unusualFrom.less],
] as const) {
  const alarms = beyond(clean, "bounds", sign, limit);
  for (const rule of rules) {
    // The same number of false alarms for all.
    const sorted = clean.map((one) => sign * one[rule]).sort((a, b) => b - a);
    const own = rule === "bounds" ? limit : sorted[Math.max(0, alarms - 1)]!;
    const cells = [...wrong.values()].map((scores) => share(beyond(scores, rule, sign, own), scores.length));
    const often = alarms === 0 ? `none in ${clean.length}` : (clean.length / alarms).toFixed(0);
    console.log(`| ${rule} | ${side} | ${own.toFixed(2)} | ${often} | ${cells.join(" | ")} |`);
  }
}
for (const name of ["history", "stream"] as const) {
  const { alarms, hits } = told[name];
  console.log(
    `${name === "history" ? "salesAnomalies" : "AnomalyDetector"}: one false alarm in ${alarms === 0 ? told.days : ((told.days - told.injected) / alarms).toFixed(0)} days, ${hits} of ${told.injected} injected found`,
  );
}
const byBounds = products.map(({ entered, injected }, at) => {
  const isTold = (t: number): boolean => {
    const expected = bounds[at]![t];
    if (!expected) return false;
    const surprise = surpriseOf(entered[t]!, expected);
    return surprise >= unusualFrom.more || surprise <= -unusualFrom.less;
  };
  return injected.filter((is, t) => is && isTold(t)).length;
});
console.log(
  `bounds: ${byBounds.reduce((a, b) => a + b, 0)} of ${told.injected} injected found; a closed stall: told on ${share(closuresTold, closures)} of ${closures} days of a stall`,
);
console.log(
  `forecasts ${((user + system) / 1e6).toFixed(1)} s CPU; ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.version}`,
);
