/**
 * How long does the hourly run take over all products of a market?
 *
 *   node packages/planning/bench/hourly.ts [--products 10000] [--changed 0.05] [--weeks 104] [--threads 1] [--filled]
 *
 * On PGlite in memory, or on PostgreSQL where BENCH_DATABASE_URL names an empty database, or with `--filled` one that this filled. Sales are generated (a level, a
 * season, noise by a hash), one a product and week: it proves that the work fits into an hour, not how good the forecasts are. What the
 * night left is put in its place with the fingerprints of the same facts; then the share `--changed` of the products has a sale
 * more, and the run is what the job runs.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { buildFarm, buildMarket, buildProduct, farmIdOf, marketIdOf } from "@almanac/catalog/testing";
import { insertMany, migrate, openDatabase, type DatabaseHandle } from "@almanac/db";
import { demandForecasts, orderWindows } from "@almanac/db/schema";
import { days, newId, type OrderWindowId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { forecastChanged } from "../src/forecasting.ts";
import type { ForecastStage } from "../src/forecasting-deps.ts";
import { readFacts } from "../src/read-facts.ts";

const { values: args } = parseArgs({
  options: {
    products: { type: "string", default: "10000" },
    changed: { type: "string", default: "0.05" },
    weeks: { type: "string", default: "104" },
    threads: { type: "string", default: "1" },
    filled: { type: "boolean", default: false },
  },
});
const products = Number(args.products);
const weeks = Number(args.weeks);
const now = new Date("2025-08-13T13:00:00Z");
const clock = { now: () => now };
const marketId = marketIdOf("riverside");

async function fill({ db }: DatabaseHandle): Promise<void> {
  await buildMarket(db);
  await buildFarm(db);
  const first = await buildProduct(db, { slug: "bench" });
  const listed = new Date(now.getTime() - days(7 * weeks + 30)).toISOString();
  await db.execute(sql`update products set listed_at = ${listed}::timestamptz`);
  await db.execute(sql`insert into products select (jsonb_populate_record(p,
    jsonb_build_object('id', gen_random_uuid(), 'slug', 'bench-' || n))).*
    from products p, generate_series(2, ${products}) n where p.id = ${first}`);
  await db.execute(sql`insert into variants select (jsonb_populate_record(v,
    jsonb_build_object('id', gen_random_uuid(), 'product_id', p.id))).*
    from variants v join products p on p.id <> ${first}
    where v.id = (select id from variants where product_id = ${first} order by position, id limit 1)`);
  await insertMany(
    db,
    orderWindows,
    Array.from({ length: weeks + 2 }, (_, back) => {
      const closesAt = new Date(now.getTime() + days(8 - 7 * back));
      return {
        id: newId<OrderWindowId>(),
        marketId,
        marketDay: new Date(closesAt.getTime() + days(2)).toISOString().slice(0, 10),
        opensAt: new Date(closesAt.getTime() - days(6)),
        closesAt,
      };
    }),
  );
  const found = await db.select({ day: orderWindows.marketDay }).from(orderWindows);
  const past = found.map(({ day }) => day).filter((day) => day < "2025-08-13");
  // A number in [0, 1) that belongs to a text.
  const share = (text: string) => sql.raw(`(abs(hashtext(${text})::bigint) % 1000) / 1000.0`);
  for (const [week, day] of past.toSorted().entries()) {
    const year = Math.sin((2 * Math.PI * week) / 52);
    await db.execute(sql`
      insert into stall_sales (id, farm_id, market_id, market_day, product_id, variant_id, quantity_base, unit_price_cents,
        unit_price_per, total_cents, fee_cents, tender, idempotency_key, sold_at)
      select gen_random_uuid(), p.farm_id, ${marketId}, ${day}::date, p.id, v.id,
        greatest(1, ((2000 + 8000 * ${share("p.slug")}) *
          (1 + 0.3 * ${year}::float + 0.25 * (${share(`p.slug || '-${week}'`)} - 0.5)))::int),
        490, 1000, 0, 0, 'cash', p.slug || ${`-${week}`}, ${day}::date + interval '14 hours'
      from products p
      join (select distinct on (product_id) product_id, id from variants order by product_id, position, id) v
        on v.product_id = p.id`);
  }
  await db.execute(sql`analyze`);
}

/** Rows as the night leaves them, made of the facts as they are. */
async function leaveNight(handle: DatabaseHandle): Promise<void> {
  const { series } = await readFacts({ handle, clock });
  await handle.transaction((tx) =>
    insertMany(
      tx,
      demandForecasts,
      series.flatMap(({ productId, coming, fingerprint, history }) =>
        coming.map(({ day }) => ({
          farmId: farmIdOf("hollow-oak"),
          productId,
          marketId,
          marketDay: day,
          p10: 1,
          p50: 2,
          p90: 3,
          model: "night",
          demandClass: "regular" as const,
          daysLearned: history.days.length,
          pastError: 1,
          pastVolume: 10,
          pastDays: 8,
          fingerprint,
          madeAt: now,
        })),
      ),
    ),
  );
}

async function change({ db }: DatabaseHandle, share: number): Promise<void> {
  await db.execute(sql`update stall_sales s set quantity_base = quantity_base + 500
    where market_day = (select max(market_day) from stall_sales) and product_id in (
      select id from products order by id limit ${Math.round(share * products)})`);
}

function stopwatch(): (stage: string) => void {
  let cpu = process.cpuUsage();
  let startedAt = performance.now();
  return (stage) => {
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`| ${stage} | ${((user + system) / 1e6).toFixed(1)} | ${seconds.toFixed(1)} |`);
    cpu = process.cpuUsage();
    startedAt = performance.now();
  };
}

const url = process.env["BENCH_DATABASE_URL"];
const handle = await openDatabase(
  url ? { url, log: silentLogger } : { dataDir: "memory", log: silentLogger },
);
try {
  if (!args.filled) await migrate(handle);
  const prepared = stopwatch();
  console.log("| stage | CPU seconds of this process | seconds on the clock |\n| --- | --- | --- |");
  if (!args.filled) await fill(handle);
  prepared("(filling)");
  await leaveNight(handle);
  prepared("(what the night left)");
  for (const share of [0, Number(args.changed)]) {
    await change(handle, share);
    const startedAt = performance.now();
    const stage = stopwatch();
    const found = await forecastChanged({
      handle,
      clock,
      threads: Number(args.threads),
      onStage: (name: ForecastStage) => stage(name),
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`${JSON.stringify({ share, ...found })} in ${seconds.toFixed(1)} s\n`);
  }
  console.log(
    `${handle.driver}, ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${args.threads} thread beside, Node ${process.version}`,
  );
} finally {
  await handle.close();
}
