/**
 * Is there ever half a version? A process says when it is ready to write, writes one version after the other, and is killed with
 * -9 at a moment drawn uniformly (seed 1) over the time its first three writes take, again and again; then every version that is there is opened,
 * and the chain of acts is read.
 *
 *   pnpm --filter @almanac/models bench:kills --url postgres://... [--kills 1000] [--seconds 3600] [--artefacts folder]
 *
 * An empty database of a server is filled with a few dozen megabytes. Ends by itself after --seconds.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { migrate, openDatabase } from "@almanac/db";
import { modelArtefacts } from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { seededRng, systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { databaseArtefacts, folderArtefacts } from "../src/versions/artefacts.ts";
import { sha256 } from "../src/core/kinds/content-hash.ts";
import { createModelService } from "../src/serving/service.ts";
import { verifyAudit } from "../src/store/audit.ts";
import { listVersions } from "../src/store/versions.ts";

const { values: args } = parseArgs({
  options: {
    url: { type: "string" },
    kills: { type: "string", default: "1000" },
    seconds: { type: "string", default: "3600" },
    artefacts: { type: "string", default: "database" },
  },
});
if (args.url === undefined) throw new Error("--url names an empty database");
const isFolder = args.artefacts === "folder";
const place = await mkdtemp(join(tmpdir(), "almanac-kills-"));
const folder = join(place, "models");
const worker = join(place, "worker.mjs");
// One file starts five times as fast as a hundred, and a thousand starts are what this costs.
await build({
  entryPoints: [new URL("../src/versions/crash-worker.ts", import.meta.url).pathname],
  outfile: worker,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  logLevel: "error",
});
await mkdir(folder);
const handle = await openDatabase({ url: args.url });
await migrate(handle);

/** Versions that a process may write before it is killed. */
const writes = 3;

interface Killed {
  /** Versions the process told as written. */
  readonly told: number;
  /** It had begun with a version and had not told of it: the kill came between the first byte and the acknowledgement. */
  readonly isWithin: boolean;
  /** From the moment at which it was ready to write. */
  readonly livedMs: number;
}

/** Starts a process and kills it so long after it is ready to write, or, without a time, after so many writes. */
async function killOnce(afterMs?: number): Promise<Killed> {
  const child = spawn(process.execPath, [worker, isFolder ? folder : "database", args.url!], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let readyAt = 0;
  let livedMs = 0;
  let told = 0;
  let last = "";
  const kill = (): void => {
    livedMs = performance.now() - readyAt;
    child.kill("SIGKILL");
  };
  createInterface({ input: child.stdout }).on("line", (word) => {
    last = word;
    if (word === "ready") {
      readyAt = performance.now();
      if (afterMs !== undefined) setTimeout(kill, afterMs);
    }
    if (word === "written") told += 1;
    if (word === "written" && afterMs === undefined && told === writes) kill();
  });
  await ended;
  return { told, isWithin: last === "begun", livedMs };
}

const rng = seededRng(1);
const until = performance.now() + 1_000 * Number(args.seconds);
let kills = 0;
let told = 0;
let within = 0;
try {
  const first: Killed[] = [];
  for (let n = 0; n < 3; n++) first.push(await killOnce());
  told = first.reduce((sum, killed) => sum + killed.told, 0);
  within = first.filter(({ isWithin }) => isWithin).length;
  const windowMs = first.map(({ livedMs }) => livedMs).toSorted((a, b) => a - b)[1]!;
  for (; kills < Number(args.kills) && performance.now() < until; kills++) {
    const killed = await killOnce(rng.next() * windowMs);
    told += killed.told;
    if (killed.isWithin) within += 1;
    if (kills % 100 === 99) console.error(`${kills + 1} kills, ${told} versions told`);
  }
  const artefacts = isFolder ? folderArtefacts(folder) : databaseArtefacts(handle, systemClock);
  const parts = { handle, bus: createInProcessBus(), clock: systemClock, log: silentLogger };
  const models = createModelService({ ...parts, artefacts });
  const versions = await listVersions(handle.db, { name: "lifetime", limit: 1_000_000 });
  for (const version of versions) await models.open(version);
  const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
  const gaps = numbers.filter((number, at) => number !== at + 1).length;
  // The artefact comes first, then its row, then the word: what is there of each says where the kills came.
  const whole = isFolder ? undefined : await handle.db.$count(modelArtefacts);
  const named = isFolder ? (await readdir(folder)).filter((name) => name.endsWith(".model")) : [];
  let broken = 0;
  for (const name of named) if (`${sha256(await readFile(join(folder, name)))}.model` !== name) broken += 1;
  const stored = whole ?? named.length;
  console.log(
    `${kills} kills within ${windowMs.toFixed(0)} ms, in which ${writes} versions are written, and ${first.length} after as many ` +
      `writes; artefacts in the ${args.artefacts}. ${within} came between begin and acknowledgement: ` +
      `${versions.length - told} when row and artefact were there, ${stored - versions.length} when only the artefact was, ` +
      `${within - (stored - told)} before that. ${told} versions told, ${versions.length} there, all opened; ` +
      `${gaps} gaps in their numbers; ${isFolder ? `${broken} files not whole; ` : ""}` +
      `the chain of acts: ${JSON.stringify(await verifyAudit(handle.db))}`,
  );
  if (versions.length < told || gaps > 0 || broken > 0) process.exitCode = 1;
  await models.stop();
} finally {
  await handle.close();
  await rm(place, { recursive: true, force: true });
}
