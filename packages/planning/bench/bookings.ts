/**
 * Are a day's bounds honest while its orders come in?
 *
 *   node packages/planning/bench/bookings.ts --data <a data folder> [--windows 6] [--now 2025-08-13T13:00:00Z]
 *
 * On the data folder of a server that is not running (DATABASE_URL instead of `--data` for PostgreSQL). For the latest order
 * windows of every market that have closed, what the day came to is told from what was known so many hours before closing:
 * by the forecast alone, by the forecast and at least what is ordered, and by the booking curve. Shown are how often the
 * truth lay between P10 and P90, above P90, the error of P50 over what was sold (WAPE), and the mean pinball loss of the
 * three beside the first one's. Days that were sold out, and those on which there was nothing to sell, are left out: what was
 * wanted on them is not known. Where the orders were generated, as in the demo world, this proves the plumbing and not the model.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openDatabase } from "@almanac/db";
import { orderWindows } from "@almanac/db/schema";
import { forecastPanel } from "@almanac/forecasting";
import { days, hours, type FarmId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { marketDaysOfYear } from "../src/core/days-of-year.ts";
import { dayKey } from "../src/core/demand-history.ts";
import { marketDaysOf } from "../src/core/ledger.ts";
import { expectedDemand, type ForecastDay } from "../src/expected-demand.ts";
import { readFacts, type Facts } from "../src/read-facts.ts";
import { listWindows } from "../src/store/demand.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    windows: { type: "string", default: "6" },
    now: { type: "string" },
  },
});
const now = args.now === undefined ? new Date() : new Date(args.now);
const leads = [96, 48, 24, 6, 0];
const log = silentLogger;
const url = process.env["DATABASE_URL"];
const handle = await openDatabase(url ? { url, log } : { dataDir: args.data!, log });

interface Score {
  count: number;
  inside: number;
  above: number;
  sold: number;
  off: number;
  pinball: number;
}
const ways = ["forecast alone", "and at least what is ordered", "booking curve"] as const;
const scores = new Map<string, Score>();

function add(
  way: string,
  lead: number,
  told: { p10: number; p50: number; p90: number },
  actual: number,
  usual: number,
): void {
  const key = `${lead} ${way}`;
  const score = scores.get(key) ?? { count: 0, inside: 0, above: 0, sold: 0, off: 0, pinball: 0 };
  scores.set(key, score);
  score.count++;
  // A quantity is one of steps: what is asked for to the gram is inside at the bound.
  if (actual >= told.p10 - 0.5 && actual <= told.p90 + 0.5) score.inside++;
  if (actual > told.p90 + 0.5) score.above++;
  score.sold += actual / usual;
  score.off += Math.abs(actual - told.p50) / usual;
  for (const [share, at] of [
    [0.1, told.p10],
    [0.5, told.p50],
    [0.9, told.p90],
  ] as const)
    score.pinball += (actual > at ? share * (actual - at) : (1 - share) * (at - actual)) / usual / 3;
}

/** Forecasts of the next market day of each series, by the models alone. */
function forecastNext({ series }: Facts): (ForecastDay & { usual: number; farmId: FarmId })[] {
  const able = series.filter(
    ({ coming, history, isLongGone }) =>
      coming.length > 0 && !isLongGone && history.sold.some((sold) => (sold ?? 0) > 0),
  );
  const found = forecastPanel(
    able.map(({ key, demand, history }) => ({
      id: key,
      values: [...demand],
      season: marketDaysOfYear(history.days),
      horizon: 2,
    })),
  );
  return able.map(({ productId, marketId, coming, history }, at) => {
    const quantile = (share: number): number =>
      found[at]!.quantiles.find((one) => one.share === share)!.values[0]!;
    const sold = history.sold.filter((value) => (value ?? 0) > 0) as number[];
    return {
      productId,
      marketId,
      marketDay: coming[0]!.day,
      p10: quantile(0.1),
      p50: quantile(0.5),
      p90: quantile(0.9),
      usual: sold.reduce((sum, value) => sum + value, 0) / sold.length,
      farmId: facts!.products.get(productId)!.farmId,
    };
  });
}

let facts: Facts | undefined;
try {
  const since = new Date(now.getTime() - days(7 * (Number(args.windows) + 3)));
  const { past } = marketDaysOf(await listWindows(handle.db, since), { since, now });
  // As is known today: nothing on days that were sold out or had nothing to sell.
  const truth = new Map(
    (await readFacts({ handle, clock: { now: () => now } })).series.flatMap(
      ({ productId, marketId, history: { days: over, sold, soldOut } }) =>
        over.map((day, at) => [dayKey(productId, marketId, day), soldOut[at]! ? null : sold[at]!] as const),
    ),
  );
  const closings = await handle.db.select().from(orderWindows);
  for (const [marketId, list] of Map.groupBy(past, (one) => one.marketId)) {
    for (const { day } of list.slice(-Number(args.windows))) {
      const window = closings.find((one) => one.marketId === marketId && one.marketDay === day)!;
      // Just before the first lead: what was sold before this window is known, nothing of it.
      const start = new Date(window.closesAt.getTime() - hours(leads[0]!));
      facts = await readFacts({ handle, clock: { now: () => start } });
      const forecasts = forecastNext(facts).filter(
        (one) => one.marketId === marketId && one.marketDay === day,
      );
      for (const lead of leads) {
        const at = new Date(window.closesAt.getTime() - hours(lead) - 1);
        for (const [farmId, own] of Map.groupBy(forecasts, (one) => one.farmId)) {
          const expected = await expectedDemand(handle.db, farmId, own, at);
          own.forEach((forecast, n) => {
            const actual = truth.get(dayKey(forecast.productId, marketId, day)) ?? null;
            if (actual === null || (actual === 0 && forecast.p90 < 1)) return;
            const least = (base: number): number => Math.max(base, expected[n]!.orderedBase);
            add(ways[0], lead, forecast, actual, forecast.usual);
            add(
              ways[1],
              lead,
              { p10: least(forecast.p10), p50: least(forecast.p50), p90: least(forecast.p90) },
              actual,
              forecast.usual,
            );
            add(ways[2], lead, expected[n]!, actual, forecast.usual);
          });
        }
      }
    }
  }
  console.log(
    "| hours before closing | told by | days | inside P10-P90 | above P90 | WAPE of P50 | pinball, beside the forecast's |\n| --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const lead of leads) {
    for (const way of ways) {
      const { count, inside, above, sold, off, pinball } = scores.get(`${lead} ${way}`)!;
      const percent = (part: number): string => `${((100 * part) / count).toFixed(1)} %`;
      const beside = pinball / scores.get(`${lead} ${ways[0]}`)!.pinball;
      console.log(
        `| ${lead} | ${way} | ${count} | ${percent(inside)} | ${percent(above)} | ${(off / sold).toFixed(3)} | ${beside.toFixed(3)} |`,
      );
    }
  }
  console.log(`\n${handle.driver}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
} finally {
  await handle.close();
}
