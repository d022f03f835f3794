/**
 * Run by crash.test.ts in a process of its own, which it kills: learns from the event log in small pages, and says how far it
 * is after each has been committed.
 */
import { openDatabase } from "@almanac/db";
import { systemClock } from "@almanac/kernel";
import { followLog } from "./follow.ts";

const [place] = process.argv.slice(2);
if (!place) throw new Error("crash-worker needs a database URL or a folder");
const handle = await openDatabase(place.startsWith("postgres:") ? { url: place } : { dataDir: place });
await followLog({
  handle,
  clock: systemClock,
  models: { mathematics: () => import("@almanac/ml") },
  pageSize: 20,
  // Pipes are written to synchronously: what was said has been said, whenever the kill comes.
  onPage: (position) => void process.stdout.write(`${position}\n`),
});
await handle.close();
process.stdout.write("caught up\n");
