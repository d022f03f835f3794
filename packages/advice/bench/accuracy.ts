/**
 * How near does advice on what to bring come to what is asked for, beside what farmers do without a forecast?
 *
 *   node packages/advice/bench/accuracy.ts --data <a copy of a data folder> [--days 4] [--before 0] [--now 2025-08-13T13:00:00Z]
 *
 * On a copy of the data folder of a server that is not running (DATABASE_URL instead of `--data` for PostgreSQL): forecasts of the
 * judged days are written into it. For the latest market days of each farm all is forecast and advised anew as of three in the
 * morning of the day, before anybody leaves, or `--before` so many hours before that, from what was known then. Errors are
 * shares of what was sold, by price (`adviceAccuracy`). Prices and costs are those of now. Where the sales were generated, as in the demo world, this proves
 * the plumbing and not the model.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openDatabase } from "@almanac/db";
import { atMarketTime, days, hours, type FarmId } from "@almanac/kernel";
import { forecastDemand, listPlannedProducts, readPastDemand } from "@almanac/planning";
import { silentLogger } from "@almanac/trpc";
import { adviceAccuracy, type AdvisedLoad, type SoldDays } from "../src/core/advice-accuracy.ts";
import { loadOf, toCrates } from "../src/core/crates.ts";
import { bestQuantity, criticalRatio } from "../src/core/newsvendor.ts";
import { planLoads, type PlannedLoad } from "../src/core/plan-loads.ts";
import { moneyOn } from "../src/core/shelf-life.ts";
import { readFarmFacts } from "../src/workflows/advise-farm.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    days: { type: "string", default: "4" },
    before: { type: "string", default: "0" },
    now: { type: "string" },
  },
});
const now = args.now === undefined ? new Date() : new Date(args.now);
const log = silentLogger;
const url = process.env["DATABASE_URL"];
const handle = await openDatabase(url ? { url, log } : { dataDir: args.data!, log });

const ways = [
  "advice",
  "advice, with any stock",
  "the same, always in whole crates",
  "the same, not in crates",
  "what is likely (P50), in whole crates",
  "what is likely (P50)",
  "mean of the last four",
] as const;
type Way = (typeof ways)[number];
const told = new Map<Way, AdvisedLoad[]>(ways.map((way) => [way, []]));
/** Of each product day: how large it is, by which errors are told apart. */
const groups = new Map<string, string>();

/** What each way would bring; stock is that of now and not of then, so that what it limits is told apart. */
function broughtBy({ product, day, ratio, bringBase }: PlannedLoad, before: number): Record<Way, number> {
  const { crateBase } = product;
  const best = criticalRatio(moneyOn(product, day)) === 0 ? 0 : bestQuantity(day.demand, ratio);
  return {
    advice: bringBase,
    "advice, with any stock": loadOf(best, crateBase, day.orderedBase),
    "the same, always in whole crates": toCrates(best, crateBase, day.orderedBase),
    "the same, not in crates": Math.max(best, day.orderedBase),
    "what is likely (P50), in whole crates": toCrates(day.demand.p50, crateBase, day.orderedBase),
    "what is likely (P50)": day.demand.p50,
    "mean of the last four": before,
  };
}

function groupOf({ product, day }: PlannedLoad): string {
  const crates = day.demand.p50 / product.crateBase;
  const size =
    crates < 1 ? "less than a crate" : crates < 3 ? "one to three crates" : "three crates and more";
  return `${product.isGrown ? "grown" : "made or bought"}, ${size} likely`;
}

const groupKey = ({ productId, marketId, day }: AdvisedLoad): string => `${productId} ${marketId} ${day}`;

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
  const products = await listPlannedProducts(handle.db);
  const { past: over, histories } = await readPastDemand(handle.db, { since, now, products });
  const farms = new Set<FarmId>(products.map(({ farmId }) => farmId));
  const judged = [...new Set(over.map(({ day }) => day))].sort().slice(-Number(args.days));
  for (const day of judged) {
    const at = new Date(atMarketTime(day, 3, 0, "America/New_York").getTime() - hours(Number(args.before)));
    await forecastDemand({ handle, clock: { now: () => at } });
    for (const farmId of farms) {
      for (const load of planLoads(await readFarmFacts(handle.db, farmId, at))) {
        if (load.day.day !== day) continue;
        const { productId, money, perBase } = load.product;
        const worth = money.price / perBase;
        const { marketId } = load.day;
        const history = histories.find((one) => one.productId === productId && one.marketId === marketId);
        if (!history) continue;
        const brought = broughtBy(load, meanOfFour(history, history.days.indexOf(day)));
        for (const way of ways)
          told.get(way)!.push({ productId, marketId, day, advisedBase: brought[way], worth });
        groups.set(groupKey({ productId, marketId, day, advisedBase: 0, worth }), groupOf(load));
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
    "\n| product days | how many | advice off | whole crates off | not in crates off | the time before off |\n| --- | --- | --- | --- | --- | --- |",
  );
  for (const group of [...new Set(groups.values())].sort()) {
    const of = (way: Way) =>
      adviceAccuracy(
        told.get(way)!.filter((one) => groups.get(groupKey(one)) === group),
        histories,
      );
    const { days: count, asBeforeShare, offShare } = of("advice");
    const shares = [
      offShare,
      of("the same, always in whole crates").offShare,
      of("the same, not in crates").offShare,
      asBeforeShare,
    ];
    console.log(
      `| ${group} | ${count} | ${shares.map((share) => (share === null ? "–" : percent(share))).join(" | ")} |`,
    );
  }
  console.log(
    `\n${judged.join(", ")}, ${args.before} hours before three in the morning; ${handle.driver}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`,
  );
} finally {
  await handle.close();
}
