import { constants, existsSync } from "node:fs";
import { access, readdir, statfs } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { isAppError } from "@almanac/kernel";
import { inspectDatabase } from "@almanac/demo";
import { placeOf, readArguments, wrongUse, type Command, type CommandIo } from "../command.ts";

const help = `almanac doctor [--data <folder>]

Looks at what this machine offers: Node, the database and who holds it, Redis, the data folder, and what the tests can
use (PostgreSQL, Redis and Chromium), whether models can be served, and which backend neural networks run on. Changes
nothing. Exits with 1 when something would keep the server from starting.

  --data   folder of the embedded database (default: DATABASE_URL if set, else ALMANAC_DATA or .data)
`;

/** "missing" is only a loss for tests; "broken" keeps a server from starting. */
interface Finding {
  readonly part: string;
  readonly state: "ok" | "missing" | "broken";
  readonly detail: string;
}

export const doctorCommand: Command = {
  name: "doctor",
  summary: "look at what this machine offers",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { data: { type: "string" } });
    if (positionals.length > 0) throw wrongUse("doctor takes no words, only --data");
    const findings = [
      nodeFinding(),
      await folderFinding(values.data, io.env),
      await databaseFinding(values.data, io.env),
      await redisFinding(io.env),
      await programFinding("PostgreSQL", "postgres", await postgresFolders(), io.env),
      await programFinding("Redis for tests", "redis-server", [], io.env),
      await chromiumFinding(io.env),
      await mathematicsFinding(),
      await neuralFinding(),
    ];
    for (const { part, state, detail } of findings)
      io.say(`${state.padEnd(8)} ${part.padEnd(16)} ${detail}\n`);
    const isFit = findings.every(({ state }) => state !== "broken");
    io.out(`${JSON.stringify({ command: "doctor", isFit, findings })}\n`);
    return isFit ? 0 : 1;
  },
};

function nodeFinding(): Finding {
  const isNewEnough = Number(process.versions.node.split(".")[0]) >= 24;
  return {
    part: "Node",
    state: isNewEnough ? "ok" : "broken",
    detail: isNewEnough ? process.version : `${process.version}; 24 or newer is needed`,
  };
}

async function folderFinding(data: string | undefined, env: CommandIo["env"]): Promise<Finding> {
  const part = "data folder";
  const place = placeOf(data, env);
  if ("url" in place) return { part, state: "ok", detail: "not used: DATABASE_URL is set" };
  let folder = place.dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    await access(folder, constants.W_OK);
  } catch {
    return { part, state: "broken", detail: `${folder} cannot be written to` };
  }
  const disk = await statfs(folder);
  const freeMb = Math.floor((disk.bavail * disk.bsize) / 2 ** 20);
  return {
    part,
    state: freeMb < 200 ? "broken" : "ok",
    detail: `${place.dataDir}${folder === place.dataDir ? "" : " (will be made)"}, ${freeMb} MB free`,
  };
}

async function databaseFinding(data: string | undefined, env: CommandIo["env"]): Promise<Finding> {
  const part = "database";
  try {
    const found = await inspectDatabase(placeOf(data, env));
    if (found.kind === "absent") return { part, state: "ok", detail: "none yet: the first start makes it" };
    const schema = found.isCurrent
      ? "its schema is of this build"
      : "the next start brings its schema up to date";
    return { part, state: "ok", detail: `${found.driver}, ${schema}` };
  } catch (error) {
    if (isAppError(error, "data_folder_in_use")) return { part, state: "ok", detail: error.message };
    return { part, state: "broken", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks for a sign of life in Redis' own words; without a user name or password that is all that can be asked. */
async function redisFinding(env: CommandIo["env"]): Promise<Finding> {
  const part = "Redis";
  const address = env["REDIS_URL"];
  if (!address) return { part, state: "ok", detail: "not used: REDIS_URL is not set" };
  if (!URL.canParse(address)) return { part, state: "broken", detail: "REDIS_URL is not an address" };
  const { hostname, port } = new URL(address);
  const isThere = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 2_000 });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", settle(true)).once("error", settle(false)).once("timeout", settle(false));
  });
  return isThere
    ? { part, state: "ok", detail: `${hostname}:${port || 6379} takes connections` }
    : { part, state: "broken", detail: `nothing takes connections at ${hostname}:${port || 6379}` };
}

async function programFinding(
  part: string,
  program: string,
  further: readonly string[],
  env: CommandIo["env"],
): Promise<Finding> {
  const folders = [...(env["PATH"] ?? "").split(delimiter), ...further].filter((folder) => folder !== "");
  const path = folders.map((folder) => join(folder, program)).find((candidate) => existsSync(candidate));
  return path === undefined
    ? { part, state: "missing", detail: `${program} is not here: tests that need it are skipped` }
    : { part, state: "ok", detail: path };
}

/** Where Debian keeps the programs of each version. */
async function postgresFolders(): Promise<string[]> {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? await readdir(base) : [];
  return versions.map((version) => join(base, version, "bin"));
}

/** Loaded here and not above, as a server does: one without it sells all the same. */
async function mathematicsFinding(): Promise<Finding> {
  const part = "models";
  try {
    await import("@almanac/ml");
    return { part, state: "ok", detail: "their mathematics is here" };
  } catch (error) {
    const detail = `models are neither trained nor served here, all else works: ${firstLine(error)}`;
    return { part, state: "missing", detail };
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!;

/** Loaded here and not above: a machine without TensorFlow.js is asked like any other. */
async function neuralFinding(): Promise<Finding> {
  const part = "TensorFlow.js";
  try {
    const { describeBackend } = await import("@almanac/neural");
    const { name, refused } = await describeBackend();
    const faster = Object.entries(refused).map(([other, why]) => `${other} does not run: ${why}`);
    return { part, state: "ok", detail: [`backend ${name}`, ...faster].join("; ") };
  } catch (error) {
    const detail = `networks cannot be trained here, all else works: ${firstLine(error)}`;
    return { part, state: "missing", detail };
  }
}

async function chromiumFinding(env: CommandIo["env"]): Promise<Finding> {
  const given = env["CHROMIUM_PATH"];
  if (given && existsSync(given)) return { part: "Chromium", state: "ok", detail: given };
  const names = ["chromium", "chromium-browser", "google-chrome"];
  for (const name of names) {
    const found = await programFinding("Chromium", name, [], env);
    if (found.state === "ok") return found;
  }
  return { part: "Chromium", state: "missing", detail: "not here: tests in a browser are skipped" };
}
