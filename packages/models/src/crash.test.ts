import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestDatabase, testDatabaseUrl } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { seededRng, systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { databaseArtefacts, folderArtefacts } from "./artefacts.ts";
import { sha256 } from "./core/content-hash.ts";
import { createModelService } from "./service.ts";
import { listVersions } from "./store/versions.ts";

const worker = new URL("./crash-worker.ts", import.meta.url).pathname;

/** Kills a writing process with -9 once it has written so much and so many milliseconds more have passed. @returns what it wrote */
async function killWhileWriting(place: readonly string[], after: number, moreMs: number): Promise<number> {
  const child = spawn(process.execPath, [worker, ...place], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  let isDoomed = false;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (isDoomed || output.split("written").length <= after) return;
    isDoomed = true;
    setTimeout(() => child.kill("SIGKILL"), moreMs);
  });
  await ended;
  return output.split("written").length - 1;
}

describe("a process that is killed with -9 while it writes versions", () => {
  it("leaves whole files alone under their names", { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "almanac-crash-"));
    const rng = seededRng(1);
    try {
      let told = 0;
      for (let round = 0; round < 6; round++) told += await killWhileWriting([folder], 1, rng.int(12));
      const named = (await readdir(folder)).filter((name) => name.endsWith(".model"));
      expect(named.length).toBeGreaterThanOrEqual(told);
      for (const name of named) expect(`${sha256(await readFile(join(folder, name)))}.model`).toBe(name);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  const stores = [["in a folder"], ["in the database"]] as const;
  if (!testDatabaseUrl()) it.skip("PostgreSQL: not configured");
  else {
    it.each(stores)(
      "has only versions that can be opened, numbered without gaps, %s",
      { timeout: 120_000 },
      async (place) => {
        const test = await openTestDatabase("postgres");
        const folder = await mkdtemp(join(tmpdir(), "almanac-crash-"));
        const isFolder = place === "in a folder";
        const rng = seededRng(2);
        try {
          let told = 0;
          for (let round = 0; round < 3; round++)
            told += await killWhileWriting([isFolder ? folder : "database", test.url ?? ""], 1, rng.int(25));
          const artefacts = isFolder ? folderArtefacts(folder) : databaseArtefacts(test.handle, systemClock);
          const parts = {
            handle: test.handle,
            bus: createInProcessBus(),
            clock: systemClock,
            log: silentLogger,
          };
          const models = createModelService({ ...parts, artefacts });
          const versions = await listVersions(test.db, { name: "lifetime", limit: 500 });
          expect(versions.length).toBeGreaterThanOrEqual(told);
          expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
            versions.map((_, at) => at + 1),
          );
          for (const version of versions) await models.open(version);
          await models.stop();
        } finally {
          await test.close();
          await rm(folder, { recursive: true, force: true });
        }
      },
    );
  }
});
