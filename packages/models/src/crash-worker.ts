/** Run by crash.test.ts in a process of its own, which the test kills: registers one version after the other. */
import { openDatabase } from "@almanac/db";
import { createInProcessBus } from "@almanac/events";
import { systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { databaseArtefacts, folderArtefacts } from "./artefacts.ts";
import { sha256 } from "./core/content-hash.ts";
import type { TrainedModel } from "./core/family.ts";
import { registerVersion } from "./registry.ts";
import { createModelService } from "./service.ts";

const [folder, url] = process.argv.slice(2);
if (!folder) throw new Error("crash-worker needs a folder, and may have a database's URL");

/** A lifetime model with a long note, so that writing it takes a while; no two are the same. */
const bytesOf = (note: string): Buffer => {
  const purchase = { r: 1, alpha: 10, a: 1, b: 3 };
  const spend = { p: 2, q: 3, v: 1_000 };
  const padding = note.repeat(40_000);
  return Buffer.from(
    JSON.stringify({
      format: "almanac-lifetime-1",
      servedBy: "buy till you leave",
      purchase,
      spend,
      padding,
    }),
  );
};
const files = folderArtefacts(folder);
process.stdout.write("ready\n");
if (url === undefined) {
  for (let n = 0; ; n++) {
    const bytes = bytesOf(`${process.pid}/${n} `);
    await files.put(sha256(bytes), bytes);
    process.stdout.write("written\n");
  }
}
const handle = await openDatabase({ url });
const bus = createInProcessBus();
const artefacts = folder === "database" ? databaseArtefacts(handle, systemClock) : files;
const models = createModelService({ handle, bus, clock: systemClock, log: silentLogger, artefacts });
for (let n = 0; ; n++) {
  const trained: TrainedModel = {
    kind: "trained",
    artefact: bytesOf(`${process.pid}/${n} `),
    golden: [],
    metrics: {
      servedBy: "buy till you leave",
      verdict: "",
      rowsLearned: 0,
      rowsTested: 0,
      measures: [],
      weights: [],
    },
    reference: {},
    settings: {},
    dataHash: "",
    windowFrom: 0,
  };
  const lineage = { codeCommit: "test", seed: 1, windowTo: systemClock.now() };
  await registerVersion({ handle, bus, clock: systemClock, models }, "lifetime", trained, lineage);
  process.stdout.write("written\n");
}
