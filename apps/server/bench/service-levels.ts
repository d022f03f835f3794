/**
 * What Almanac promises of speed, measured: one table, each promise beside what this machine did (EVT-08, SEA-04, RT-10).
 *
 *   pnpm bench [--seconds 60] [--only search,throughput,events,analytics,sockets] [--out figures.json]
 *              [--against earlier.json]
 *
 * A generated market of 10,000 products, 5,000 shoppers and 100,000 orders; the whole server in a process of its own, clients
 * over TCP on loopback. BENCH_DATABASE_URL names an empty PostgreSQL database, or one that an earlier run filled; without it,
 * the embedded one. `--against` says what is more than a fifth worse than in an earlier run of the same machine, and then
 * ends with 1. Ends by itself, after about five minutes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { eventLevels, socketLevels } from "./levels/live.ts";
import { analyticsLevels, searchLevels, throughputLevels } from "./levels/shop.ts";
import { changesSince, levelTable, type Figure } from "./levels/table.ts";
import { openServing, type ServingClient } from "./serving-client.ts";

const parts = ["search", "throughput", "events", "analytics", "sockets"] as const;
type Part = (typeof parts)[number];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    only: { type: "string" },
    out: { type: "string" },
    against: { type: "string" },
  },
});
const seconds = Number(values.seconds);
if (!(seconds >= 4 && seconds <= 600)) throw new Error("--seconds is between 4 and 600");
const only = values.only?.split(",");
if (only?.some((name) => !(parts as readonly string[]).includes(name)))
  throw new Error(`--only is of ${parts.join(", ")}`);
const isWanted = (part: Part): boolean => only?.includes(part) ?? true;
const earlier = values.against ? (JSON.parse(await readFile(values.against, "utf8")) as Figure[]) : [];

const ofShop: readonly [Part, (shop: ServingClient) => Promise<Figure[]>][] = [
  ["search", (shop) => searchLevels(shop, seconds)],
  ["analytics", (shop) => analyticsLevels(shop, seconds / 6)],
  ["events", (shop) => eventLevels(shop, seconds / 3)],
  ["throughput", (shop) => throughputLevels(shop, seconds / 6)],
];

const figures: Figure[] = [];
const load = loadavg().map((value) => value.toFixed(1));
if (ofShop.some(([part]) => isWanted(part))) {
  const shop = await openServing({ products: 10_000, shoppers: 5_000, orders: 100_000 }, 16);
  console.log(
    `${shop.ready.driver}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${load.join(" ")}`,
  );
  for (const [part, measure] of ofShop) if (isWanted(part)) figures.push(...(await measure(shop)));
  shop.stop();
}
if (isWanted("sockets")) figures.push(...(await socketLevels(seconds / 3)));

console.log(`\n${levelTable(figures)}`);
if (values.out) await writeFile(values.out, `${JSON.stringify(figures, undefined, 2)}\n`);
const worse = changesSince(earlier, figures).filter(({ worseBy }) => worseBy > 0.2);
for (const { what, before, now, worseBy } of worse)
  console.log(
    `\n${what}: ${before.toFixed(1)} before, ${now.toFixed(1)} now, ${Math.round(worseBy * 100)} % worse`,
  );
process.exit(worse.length > 0 ? 1 : 0);
