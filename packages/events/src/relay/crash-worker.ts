/**
 * Run by crash.test.ts in a process of its own, which the test kills: a relay that logs what it applies. It applies no more
 * than so many facts, if told how many, and then waits for its end in the midst of a batch.
 */
import { openDatabase } from "@almanac/db";
import { settings } from "@almanac/db/schema";
import { minutes, systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { createInProcessBus } from "../bus/bus-in-process.ts";
import { createOutboxRelay } from "./relay.ts";
import { consumerOf } from "../testing.ts";

const [place, most = Infinity] = process.argv.slice(2);
if (!place) throw new Error("crash-worker needs a database URL or a folder");
/** Stands still where it is; not for good, should nobody come to kill it. */
function waitForTheEnd(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, minutes(5));
  process.exit(1);
}

const handle = await openDatabase(place.startsWith("postgres:") ? { url: place } : { dataDir: place });

let applied = 0;
const consumer = consumerOf("log", ["action.tracked"], async (fact, { tx, afterCommit }) => {
  if (fact.topic !== "action.tracked") return;
  if (applied >= Number(most)) waitForTheEnd();
  // A second application would break the primary key, and so show.
  await tx.insert(settings).values({ key: `applied-${fact.payload.seq}`, value: {} });
  afterCommit(() => {
    applied += 1;
    process.stdout.write(`${fact.payload.seq}\n`);
  });
});

const relay = createOutboxRelay({
  handle,
  bus: createInProcessBus(),
  clock: systemClock,
  log: silentLogger,
  consumers: [consumer],
  settings: { maxBatch: 25 },
});
await relay.drain();
await handle.close();
process.stdout.write("drained\n");
