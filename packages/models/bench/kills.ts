/**
 * Is there ever half a version? A process that registers one version after the other is killed with -9 at a moment by chance
 * within its writing, again and again; then every version that is there is opened, and the chain of acts is read.
 *
 *   pnpm --filter @almanac/models bench:kills --url postgres://... [--kills 1000] [--seconds 3600] [--artefacts folder]
 *
 * An empty database of a server is filled with a few dozen megabytes. Ends by itself after --seconds.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrate, openDatabase } from "@almanac/db";
import { createInProcessBus } from "@almanac/events";
import { seededRng, systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { databaseArtefacts, folderArtefacts } from "../src/artefacts.ts";
import { sha256 } from "../src/core/content-hash.ts";
import { createModelService } from "../src/service.ts";
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
const worker = new URL("../src/crash-worker.ts", import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), "almanac-kills-"));
const handle = await openDatabase({ url: args.url });
await migrate(handle);

/** How long writing a version takes here, as it was last: a kill comes within twice of it. */
let writingMs = 1_000;

/** @returns how many versions the process told as written before it was killed */
async function killOnce(share: number): Promise<number> {
  const place = isFolder ? folder : "database";
  const child = spawn(process.execPath, [worker, place, args.url!], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  let heardAt = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (heardAt === 0) setTimeout(() => child.kill("SIGKILL"), share * 2 * writingMs);
    else writingMs += 0.1 * (performance.now() - heardAt - writingMs);
    heardAt = performance.now();
  });
  await ended;
  return output.split("written").length - 1;
}

const rng = seededRng(1);
const until = performance.now() + 1_000 * Number(args.seconds);
let kills = 0;
let told = 0;
/** Processes that were killed before they had told of a version: mostly within the writing of their first. */
let early = 0;
try {
  for (; kills < Number(args.kills) && performance.now() < until; kills++) {
    const written = await killOnce(rng.next());
    told += written;
    if (written === 0) early += 1;
    if (kills % 50 === 49) console.error(`${kills + 1} kills, ${told} versions told`);
  }
  const artefacts = isFolder ? folderArtefacts(folder) : databaseArtefacts(handle, systemClock);
  const parts = { handle, bus: createInProcessBus(), clock: systemClock, log: silentLogger };
  const models = createModelService({ ...parts, artefacts });
  const versions = await listVersions(handle.db, { name: "lifetime", limit: 1_000_000 });
  for (const version of versions) await models.open(version);
  const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
  const gaps = numbers.filter((number, at) => number !== at + 1).length;
  const named = isFolder ? (await readdir(folder)).filter((name) => name.endsWith(".model")) : [];
  let broken = 0;
  for (const name of named) if (`${sha256(await readFile(join(folder, name)))}.model` !== name) broken += 1;
  console.log(
    `${kills} kills (${early} before a version was told), artefacts in the ${args.artefacts}: ${told} versions told, ` +
      `${versions.length} there, all opened; ${gaps} gaps in their numbers; ` +
      (isFolder ? `${named.length} files, ${broken} of them not whole; ` : "") +
      `the chain of acts: ${JSON.stringify(await verifyAudit(handle.db))}`,
  );
  if (versions.length < told || gaps > 0 || broken > 0) process.exitCode = 1;
  await models.stop();
} finally {
  await handle.close();
  await rm(folder, { recursive: true, force: true });
}
