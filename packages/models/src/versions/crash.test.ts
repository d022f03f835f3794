import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openTestDatabase, runAndKill, testDatabaseUrl, withFolder } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { seededRng, systemClock } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { databaseArtefacts, folderArtefacts } from "./artefacts.ts";
import { sha256 } from "../core/kinds/content-hash.ts";
import { createModelService } from "../serving/service.ts";
import { listVersions } from "../store/versions.ts";

const worker = new URL("./crash-worker.ts", import.meta.url).pathname;

/** Kills a writing process with -9 so many milliseconds after its first version was written. @returns how many it wrote */
async function killWhileWriting(place: readonly string[], moreMs: number): Promise<number> {
  const when = (lines: readonly string[]): boolean => lines.at(-1) === "written";
  const { lines } = await runAndKill([worker, ...place], { when, moreMs });
  return lines.filter((line) => line === "written").length;
}

describe("a process that is killed with -9 while it writes versions", () => {
  it("leaves whole files alone under their names", { timeout: 120_000 }, async () => {
    const rng = seededRng(1);
    await withFolder(async (folder) => {
      let told = 0;
      for (let round = 0; round < 6; round++) told += await killWhileWriting([folder], rng.int(12));
      const named = (await readdir(folder)).filter((name) => name.endsWith(".model"));
      expect(named.length).toBeGreaterThanOrEqual(told);
      for (const name of named) expect(`${sha256(await readFile(join(folder, name)))}.model`).toBe(name);
    });
  });

  const stores = [["in a folder"], ["in the database"]] as const;
  if (!testDatabaseUrl()) it.skip("PostgreSQL: not configured");
  else {
    it.each(stores)(
      "has only versions that can be opened, numbered without gaps, %s",
      { timeout: 120_000 },
      async (place) => {
        const test = await openTestDatabase("postgres");
        const isFolder = place === "in a folder";
        const rng = seededRng(2);
        const work = async (folder: string): Promise<void> => {
          let told = 0;
          for (let round = 0; round < 3; round++)
            told += await killWhileWriting([isFolder ? folder : "database", test.url ?? ""], rng.int(25));
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
        };
        await withFolder(work).finally(() => test.close());
      },
    );
  }
});
