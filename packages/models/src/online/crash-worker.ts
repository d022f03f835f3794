/**
 * Run by crash.test.ts in a process of its own, which it kills: learns from the event log in small pages, and says how far it
 * is after each has been committed. It learns no more than so many pages, if told how many, and then waits for its end.
 */
import { openDatabase } from "@almanac/db";
import { minutes, systemClock } from "@almanac/kernel";
import { followLog } from "./follow.ts";

const [place, most = Infinity] = process.argv.slice(2);
if (!place) throw new Error("crash-worker needs a database URL or a folder");
/** Stands still where it is; not for good, should nobody come to kill it. */
function waitForTheEnd(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, minutes(5));
  process.exit(1);
}

const handle = await openDatabase(place.startsWith("postgres:") ? { url: place } : { dataDir: place });
let pages = 0;
await followLog({
  handle,
  clock: systemClock,
  models: { mathematics: () => import("@almanac/ml") },
  pageSize: 20,
  // Pipes are written to synchronously: what was said has been said, whenever the kill comes.
  onPage(position) {
    process.stdout.write(`${position}\n`);
    pages += 1;
    if (pages >= Number(most)) waitForTheEnd();
  },
});
await handle.close();
process.stdout.write("caught up\n");
