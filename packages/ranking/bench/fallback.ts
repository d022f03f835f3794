// How fast does PostgreSQL's full text answer where the index in memory cannot?
//
//   DATABASE_URL=postgres://... node packages/ranking/bench/fallback.ts [--rounds 5]
//
// The database is one that apps/server/bench/serving.ts has filled.
import { openDatabase, rows } from "@almanac/db";
import { sql } from "drizzle-orm";
import { parseArgs } from "node:util";
import { postgresEngine } from "../src/engines/postgres.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const url = process.env["DATABASE_URL"];
if (url === undefined) throw new Error("DATABASE_URL names no database");
const handle = await openDatabase({ url });
const [size] = await rows<{ count: number }>(handle.db, sql`select count(*)::int as count from products`);
const engine = postgresEngine(handle);
const kinds = {
  "one word": ["tomato", "cheddar", "strawberry", "leek"],
  "two words": ["heirloom tomato", "golden apple", "winter kale", "sweet corn"],
  begun: ["toma", "ched", "straw", "spin"],
  misspelt: ["tomatto", "chedder", "strawbery", "spinnach"],
};
console.log(`${size?.count} products, Node ${process.version}`);
console.log("| query | p50 ms | p95 ms | finds |\n| --- | --- | --- | --- |");
for (const [kind, queries] of Object.entries(kinds)) {
  const times: number[] = [];
  let found = 0;
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const query of queries) {
      const startedAt = performance.now();
      const { hits } = await engine.find(query, { fuzzy: true });
      if (round >= 0) times.push(performance.now() - startedAt);
      if (round === 0 && hits.length > 0) found++;
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(share * times.length)]!.toFixed(1);
  console.log(`| ${kind} | ${at(0.5)} | ${at(0.95)} | ${found} of ${queries.length} |`);
}
await handle.close();
