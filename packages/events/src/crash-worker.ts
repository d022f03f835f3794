/** Run by crash.test.ts in a process of its own, which the test kills: a relay that logs what it applies. */
import { openDatabase } from "@almanac/db";
import { settings } from "@almanac/db/schema";
import { systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { createInProcessBus } from "./bus-in-process.ts";
import { createOutboxRelay } from "./relay.ts";
import { consumerOf } from "./testing.ts";

const [place] = process.argv.slice(2);
if (!place) throw new Error("crash-worker needs a database URL or a folder");
const handle = await openDatabase(place.startsWith("postgres:") ? { url: place } : { dataDir: place });

const consumer = consumerOf("log", ["action.tracked"], async (fact, { tx, afterCommit }) => {
  if (fact.topic !== "action.tracked") return;
  // A second application would break the primary key, and so show.
  await tx.insert(settings).values({ key: `applied-${fact.payload.seq}`, value: {} });
  afterCommit(() => void process.stdout.write(`${fact.payload.seq}\n`));
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
