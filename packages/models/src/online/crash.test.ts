import { buildFarm, buildMarket, buildProduct } from "@almanac/catalog/testing";
import { insertMany, openDatabase, type DatabaseHandle } from "@almanac/db";
import { actionEvents } from "@almanac/db/schema";
import {
  openTestDatabase,
  openTestFolder,
  runAndKill,
  testDatabaseUrl,
  withFolder,
} from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { minutes, systemClock } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { findLearner } from "../store/online.ts";
import { rebuildTastesFromLog } from "./rebuild.ts";
import { likingLog, shopOfTastes } from "./testing.ts";

const worker = new URL("./crash-worker.ts", import.meta.url).pathname;
const lines = 900;

const depsOf = (handle: DatabaseHandle) => ({
  handle,
  clock: systemClock,
  bus: createInProcessBus(),
  models: { mathematics: () => import("@almanac/ml") },
});

/** Learns from the first lines; the others wait in the log. */
async function prepare(handle: DatabaseHandle): Promise<void> {
  await shopOfTastes(handle.db, { buildMarket, buildFarm, buildProduct });
  const log = likingLog({ from: 0, lines, until: new Date(Date.now() - minutes(2)) });
  await insertMany(handle.db, actionEvents, log.slice(0, 100));
  await rebuildTastesFromLog(depsOf(handle));
  await insertMany(handle.db, actionEvents, log.slice(100));
}

/**
 * Runs the learning process; kills it with -9 once it has reported `killAfter` pages. However late that is seen, it learns
 * twice as many at the most.
 *
 * @returns whether it caught up before
 */
async function runWorker(place: string, killAfter = Infinity): Promise<boolean> {
  const args = [worker, place, String(2 * killAfter)];
  const { lines: said } = await runAndKill(args, { when: (told) => told.length >= killAfter });
  return said.includes("caught up");
}

async function expectEachLineOnce(handle: DatabaseHandle): Promise<void> {
  expect((await findLearner(handle.db))!.state.seen).toBe(lines);
  await rebuildTastesFromLog(depsOf(handle));
  expect((await findLearner(handle.db))!.check).toMatchObject({ kind: "agrees", lines, difference: 0 });
}

describe("a learning process that is killed with -9 amid 800 lines", () => {
  it("goes on where it was, and has learned from each line once (PGlite)", { timeout: 300_000 }, async () => {
    await withFolder(async (dataDir) => {
      const before = await openTestFolder(dataDir);
      await prepare(before);
      await before.close();
      expect(await runWorker(dataDir, 7)).toBe(false);
      expect(await runWorker(dataDir)).toBe(true);
      const after = await openDatabase({ dataDir });
      await expectEachLineOnce(after);
      await after.close();
    });
  });

  if (!testDatabaseUrl()) it.skip("PostgreSQL: not configured");
  else {
    it(
      "the same where two learned at once and both were killed (PostgreSQL)",
      { timeout: 300_000 },
      async () => {
        const test = await openTestDatabase("postgres");
        try {
          await prepare(test.handle);
          const url = test.url ?? "";
          const both = await Promise.all([runWorker(url, 4), runWorker(url, 6)]);
          expect(both).toEqual([false, false]);
          const again = await Promise.all([runWorker(url), runWorker(url)]);
          expect(again).toEqual([true, true]);
          await expectEachLineOnce(test.handle);
        } finally {
          await test.close();
        }
      },
    );
  }
});
