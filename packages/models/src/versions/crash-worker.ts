/**
 * Run by crash.test.ts and the bench of kills in a process of its own, which they kill: writes one version after the other.
 * Says "ready" when nothing but writing is left to do, "begun" before and "written" after each. Imports only what writing takes.
 */
import { openDatabase } from "@almanac/db";
import { systemClock } from "@almanac/kernel";
import { databaseArtefacts, folderArtefacts } from "./artefacts.ts";
import { sha256 } from "../core/kinds/content-hash.ts";
import type { TrainedModel } from "../core/kinds/family.ts";
import { registerVersion } from "./register-version.ts";

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

const trainedOf = (artefact: Buffer): TrainedModel => ({
  kind: "trained",
  artefact,
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
});

/** Pipes are written to synchronously: what was said has been said, whenever the kill comes. */
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const files = folderArtefacts(folder);
// Opening asks the database once, so the connection is there before the first write.
const handle = url === undefined ? undefined : await openDatabase({ url });
const artefacts = handle && folder === "database" ? databaseArtefacts(handle, systemClock) : files;
say("ready");
for (let n = 0; ; n++) {
  const bytes = bytesOf(`${process.pid}/${n} `);
  say("begun");
  if (handle) {
    const lineage = { codeCommit: "test", seed: 1, windowTo: systemClock.now() };
    await registerVersion(
      { handle, clock: systemClock, models: { artefacts } },
      "lifetime",
      trainedOf(bytes),
      lineage,
    );
  } else await files.put(sha256(bytes), bytes);
  say("written");
}
