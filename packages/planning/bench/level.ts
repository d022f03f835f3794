/**
 * Are forecasts too high or too low on the whole, and when?
 *
 *   node packages/planning/bench/level.ts --data <a folder> [--until 2025-11-26T13:00:00Z] [--origins 9] [--apart 3]
 *
 * Makes the demo world in the folder, where there is none yet, and forecasts its market days again from earlier Mondays,
 * `--apart` weeks apart, the last before `--until`: every farm, every product that has a forecast, what the product itself
 * would have kept. Sales are generated, and what was asked for is what the generator knows, also of those who came too late:
 * this proves the plumbing and not the model. Quantities are in ordinary sales of each product, so that pieces and kilograms add up.
 *
 * A forecast says what would be asked for of a product that can be had, so that only days on which it could be had are scored.
 * Of the others it is told how often a farm is shown a forecast all the same, and how it stands beside what was last sold.
 *
 * Scored on the same product days are two other ways: without the year before (the season left out, which shows it to no
 * model of a history of less than two years), and with days that had nothing to sell learned as days on which nobody wanted any.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { trueDemand, withDatabase, findLoadedWorld, loadWorld, type TrueDemand } from "@almanac/demo";
import { forecastInThreads, type Forecast } from "@almanac/forecasting";
import { days, type CalendarDay, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import { marketDaysOfYear } from "../src/core/days-of-year.ts";
import { meanDemand, type DemandQuantiles } from "../src/core/mean-demand.ts";
import { expectedDemand } from "../src/expected-demand.ts";
import { forecastSeries } from "../src/forecasting.ts";
import { quantileOf } from "../src/judging.ts";
import { readFacts, type Series } from "../src/read-facts.ts";
import { readSales } from "../src/store/demand.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    until: { type: "string", default: "2025-11-26T13:00:00Z" },
    origins: { type: "string", default: "9" },
    apart: { type: "string", default: "3" },
  },
});
const until = new Date(args.until);
const world = { size: "demo", now: until } as const;
/** Days before the market day from which orders so far are reckoned with; a week before, the next but one day is forecast. */
const leads = [6, 4, 2, 1];
const levels = [0.5, 2 / 3, 0.8, 0.9];

/** Sums over product days, in ordinary sales. */
interface Sums {
  count: number;
  asked: number;
  p50: number;
  mean: number;
  off: number;
  pinball: number;
  inside: number;
  /** Of each of `levels`: days on which no more was asked for than its quantile. */
  readonly met: number[];
}
const tables = new Map<string, Map<string, Sums>>();

function add(way: string, group: string, told: DemandQuantiles, asked: number): void {
  let table = tables.get(way);
  if (!table) tables.set(way, (table = new Map()));
  let sums = table.get(group);
  if (!sums) {
    sums = { count: 0, asked: 0, p50: 0, mean: 0, off: 0, pinball: 0, inside: 0, met: levels.map(() => 0) };
    table.set(group, sums);
  }
  sums.count++;
  sums.asked += asked;
  sums.p50 += told.p50;
  sums.mean += meanDemand(told);
  sums.off += Math.abs(asked - told.p50);
  for (const [share, at] of [
    [0.1, told.p10],
    [0.5, told.p50],
    [0.9, told.p90],
  ] as const)
    sums.pinball += (asked > at ? share * (asked - at) : (1 - share) * (at - asked)) / 3;
  if (asked >= told.p10 - hair && asked <= told.p90 + hair) sums.inside++;
  levels.forEach((level, at) => {
    if (asked <= loadAt(told, level) + hair) sums.met[at]!++;
  });
}
const hair = 1e-6;
/** Standard normal quantiles of `levels`. */
const deviations = [0, 0.4307, 0.8416, 1.2816];

/** What advice would bring to meet demand so often, before crates: see `demandQuantile` of packages/advice. */
const loadAt = ({ p50, p90 }: DemandQuantiles, level: number): number =>
  p50 + ((p90 - p50) * deviations[levels.indexOf(level)]!) / 1.2816;

/** Syntetos, Boylan & Croston (2005): how often something is asked for, and how even it is then. */
function kindOf({ demand }: Series): string {
  const known = demand.filter((value) => !Number.isNaN(value));
  const some = known.filter((value) => value > 0);
  const mean = some.reduce((sum, value) => sum + value, 0) / some.length;
  const uneven = some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / some.length > 0.49 * mean ** 2;
  if (known.length < 1.32 * some.length) return uneven ? "erratic" : "smooth";
  return uneven ? "lumpy" : "intermittent";
}

interface Told extends DemandQuantiles {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
  readonly farmId: FarmId;
}

const scaled = ({ p10, p50, p90 }: DemandQuantiles, unit: number): DemandQuantiles => ({
  p10: p10 / unit,
  p50: p50 / unit,
  p90: p90 / unit,
});

const asTold = (forecast: Forecast, step: number): DemandQuantiles => ({
  p10: quantileOf(forecast, 0.1, step),
  p50: quantileOf(forecast, 0.5, step),
  p90: quantileOf(forecast, 0.9, step),
});

/** What it would be learned from if a day with nothing to sell had been one on which nobody wanted any. */
const emptyAsZero = ({ demand }: Series, isListed: (at: number) => boolean): number[] =>
  Array.from(demand, (value, at) => (Number.isNaN(value) && isListed(at) ? 0 : value));

/** Product days on which it could not be had, by phase of the season. */
const unoffered = new Map<string, { count: number; shown: number; p50: number; p90: number; last: number }>();
/** Product days on which it could be had, though it was taken to be long gone: nothing was forecast. */
const silent = { count: 0, asked: 0 };
/** Latest market days with a known demand that what is shown of a product that is gone stands beside. */
const lastDays = 4;

function addUnoffered(
  phase: string,
  told: DemandQuantiles | undefined,
  { demand }: Series,
  unit: number,
): void {
  let sums = unoffered.get(phase);
  if (!sums) unoffered.set(phase, (sums = { count: 0, shown: 0, p50: 0, p90: 0, last: 0 }));
  sums.count++;
  if (!told) return;
  const last = demand.filter((value) => !Number.isNaN(value)).slice(-lastDays);
  sums.shown++;
  sums.p50 += told.p50 / unit;
  sums.p90 += told.p90 / unit;
  sums.last += last.reduce((sum, value) => sum + value, 0) / last.length / unit;
}

await withDatabase({ dataDir: args.data! }, async (handle) => {
  const clock = { now: () => until };
  if (!(await findLoadedWorld(handle))) await loadWorld(handle, { size: world.size, clock });
  const dayKey = (productId: string, marketId: string, day: string) => `${productId} ${marketId} ${day}`;
  const truth = new Map<string, TrueDemand>(
    trueDemand(world).map((one) => [dayKey(one.productId, one.marketId, one.day), one]),
  );
  const soldOut = new Set(
    (await readSales(handle.db, { since: new Date(until.getTime() - days(400)), now: until }))
      .filter((sale) => sale.soldOut)
      .map(({ productId, marketId, day }) => dayKey(productId, marketId, day)),
  );
  const monday = new Date(until.getTime() - days((until.getUTCDay() + 6) % 7) - days(7));
  for (let back = Number(args.origins) - 1; back >= 0; back--) {
    const at = new Date(monday.getTime() - days(7 * Number(args.apart) * back));
    const facts = await readFacts({ handle, clock: { now: () => at } });
    const shown = facts.series.filter(({ isLongGone }) => !isLongGone);
    const unjudged = { fingerprint: "", pastError: 0, pastVolume: 0, pastDays: 0, pastBias: 0 };
    const known = new Map(shown.map(({ key }) => [key, unjudged]));
    const rows = await forecastSeries({ threads: 1 }, facts, shown, known);
    const told = new Map(
      rows.map((row) => [dayKey(row.productId, row.marketId, row.marketDay), row] as const),
    );
    const others = {
      "without the year before": await forecastInThreads(
        shown.map(({ key, demand }) => ({ id: key, values: [...demand], season: 1, horizon: 2 })),
        { threads: 1 },
      ),
      "nothing to sell learned as zero": await forecastInThreads(
        shown.map((series) => ({
          id: series.key,
          values: emptyAsZero(series, (n) =>
            truth.has(dayKey(series.productId, series.marketId, series.history.days[n]!)),
          ),
          season: marketDaysOfYear(series.history.days),
          horizon: 2,
        })),
        { threads: 1 },
      ),
    };
    const placeOf = new Map(shown.map(({ key }, n) => [key, n]));
    const next: Told[] = [];
    for (const series of facts.series) {
      const { productId, marketId, coming, key } = series;
      coming.forEach(({ day }, step) => {
        const marketDay = dayKey(productId, marketId, day);
        const one = truth.get(marketDay);
        const row = told.get(marketDay);
        if (!one) return;
        const { askedBase, unitBase, phase } = one;
        if (askedBase === null) {
          if (step === 0) addUnoffered(phase, row, series, unitBase);
          return;
        }
        if (!row) {
          silent.count++;
          silent.asked += askedBase / unitBase;
          return;
        }
        const ways = Object.entries(others).map(
          ([way, forecasts]) => [way, asTold(forecasts[placeOf.get(key)!]!, step)] as const,
        );
        for (const [way, quantiles] of [["as it is", row] as const, ...ways]) {
          const sale = scaled(quantiles, unitBase);
          const asked = askedBase / unitBase;
          add(way, step === 0 ? "the next market day" : "the next but one", sale, asked);
          if (step > 0) continue;
          add(way, `sells ${kindOf(series)}`, sale, asked);
          add(way, `season: ${phase}`, sale, asked);
          if (soldOut.has(marketDay)) add(way, "was sold out", sale, asked);
        }
        if (step === 0) next.push({ ...row, marketDay: day });
      });
    }
    for (const lead of leads) {
      for (const [, own] of Map.groupBy(next, ({ farmId, marketDay }) => `${farmId} ${marketDay}`)) {
        const { farmId, marketDay } = own[0]!;
        const then = new Date(Date.parse(`${marketDay}T13:00:00Z`) - days(lead));
        const expected = await expectedDemand(handle.db, farmId, own, then);
        own.forEach(({ productId, marketId }, n) => {
          const { askedBase, unitBase } = truth.get(dayKey(productId, marketId, marketDay))!;
          const of = lead === 1 ? "1 day before" : `${lead} days before`;
          add("with orders so far", of, scaled(expected[n]!, unitBase), askedBase! / unitBase);
        });
      }
    }
  }
});

const share = (part: number, whole: number): string => ((100 * part) / whole).toFixed(1);
for (const [way, table] of tables) {
  console.log(
    `\n${way}\n\n| product days | how many | asked for | P50, bias % | mean, bias % | WAPE of P50 | pinball | inside 80 | met at ${levels.map((level) => (100 * level).toFixed(0)).join(" / ")} |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |`,
  );
  for (const [group, sums] of [...table].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { count, asked, p50, mean, off, pinball, inside, met } = sums;
    console.log(
      `| ${group} | ${count} | ${asked.toFixed(0)} | ${share(p50 - asked, asked)} | ${share(mean - asked, asked)} | ${(off / asked).toFixed(3)} | ${(pinball / asked).toFixed(4)} | ${share(inside, count)} | ${met.map((one) => ((100 * one) / count).toFixed(0)).join(" / ")} |`,
    );
  }
}
console.log(
  `\n| could not be had | how many | a forecast is shown on | P50, sales | P90, sales | sold on the last ${lastDays} days, mean |\n| --- | --- | --- | --- | --- | --- |`,
);
for (const [phase, { count, shown, p50, p90, last }] of [...unoffered].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `| ${phase} | ${count} | ${shown} | ${(p50 / shown).toFixed(2)} | ${(p90 / shown).toFixed(2)} | ${(last / shown).toFixed(2)} |`,
  );
console.log(
  `\nCould be had, but nothing was forecast: ${silent.count} days, asked for ${silent.asked.toFixed(0)}`,
);
console.log(`\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
