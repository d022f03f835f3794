/**
 * How near does advice on what to bring come to what is asked for, beside what farmers do without a forecast?
 *
 *   node packages/advice/bench/accuracy.ts --data <a copy of a data folder> [--days 4] [--now 2025-08-13T13:00:00Z]
 *
 * On a copy of the data folder of a server that is not running (DATABASE_URL instead of `--data` for PostgreSQL): forecasts of the
 * judged days are written into it. For the latest market days of each farm all is forecast and advised anew as of three in the
 * morning of the day, an hour before anybody leaves, from what was known then. Errors are shares of what was sold, by price
 * (`adviceAccuracy`). Prices and costs are those of now. Where the sales were generated, as in the demo world, this proves
 * the plumbing and not the model.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openDatabase } from "@almanac/db";
import { atMarketTime, days, type FarmId } from "@almanac/kernel";
import {
  demandHistories,
  forecastDemand,
  listMarketDays,
  listPlannedProducts,
  readSales,
} from "@almanac/planning";
import { silentLogger } from "@almanac/trpc";
import { adviceAccuracy, type AdvisedLoad, type SoldDays } from "../src/core/advice-accuracy.ts";
import { planLoads } from "../src/core/plan-loads.ts";
import { readFarmFacts } from "../src/workflows/advise-farm.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    days: { type: "string", default: "4" },
    now: { type: "string" },
  },
});
const now = args.now === undefined ? new Date() : new Date(args.now);
const log = silentLogger;
const url = process.env["DATABASE_URL"];
const handle = await openDatabase(url ? { url, log } : { dataDir: args.data!, log });

const ways = ["advice", "what is likely (P50)", "mean of the last four"] as const;
const told = new Map<(typeof ways)[number], AdvisedLoad[]>(ways.map((way) => [way, []]));

/** What a farmer who remembers a month would bring. */
function meanOfFour({ sold }: SoldDays, at: number): number {
  const before = sold
    .slice(0, at)
    .filter((value) => value !== null)
    .slice(-4);
  return before.reduce((sum, value) => sum + value, 0) / Math.max(1, before.length);
}

try {
  const since = new Date(now.getTime() - days(7 * (Number(args.days) + 20)));
  const [products, { past }, sales] = await Promise.all([
    listPlannedProducts(handle.db),
    listMarketDays(handle.db, { since, now }),
    readSales(handle.db, { since, now }),
  ]);
  const today = now.toISOString().slice(0, 10);
  const over = past.filter(({ day }) => day < today);
  const histories = demandHistories(products, over, sales);
  const farms = new Set<FarmId>(products.map(({ farmId }) => farmId));
  const judged = [...new Set(over.map(({ day }) => day))].sort().slice(-Number(args.days));
  for (const day of judged) {
    const at = atMarketTime(day, 3, 0, "America/New_York");
    await forecastDemand({ handle, clock: { now: () => at } });
    for (const farmId of farms) {
      for (const load of planLoads(await readFarmFacts(handle.db, farmId, at))) {
        if (load.day.day !== day) continue;
        const { productId, money, perBase } = load.product;
        const worth = money.price / perBase;
        const { marketId, demand } = load.day;
        const history = histories.find((one) => one.productId === productId && one.marketId === marketId);
        if (!history) continue;
        const of = (advisedBase: number): AdvisedLoad => ({ productId, marketId, day, advisedBase, worth });
        told.get("advice")!.push(of(load.bringBase));
        told.get("what is likely (P50)")!.push(of(demand.p50));
        told.get("mean of the last four")!.push(of(meanOfFour(history, history.days.indexOf(day))));
      }
    }
  }
  console.log(
    "| brought is | product days | off, of what was sold | beside bringing what was sold the time before |\n| --- | --- | --- | --- |",
  );
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  for (const [way, loads] of told) {
    const { days: count, offShare, lessError } = adviceAccuracy(loads, histories);
    console.log(
      `| ${way} | ${count} | ${offShare === null ? "–" : percent(offShare)} | ${lessError === null ? "–" : `${percent(lessError)} less error`} |`,
    );
  }
  const { asBeforeShare } = adviceAccuracy(told.get("advice")!, histories);
  console.log(
    `| what was sold the time before | | ${asBeforeShare === null ? "–" : percent(asBeforeShare)} | |`,
  );
  console.log(
    `\n${judged.join(", ")}; ${handle.driver}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`,
  );
} finally {
  await handle.close();
}
