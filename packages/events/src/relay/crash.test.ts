import { openDatabase, type DatabaseHandle } from "@almanac/db";
import { actionEvents, openEvents, outbox, settings } from "@almanac/db/schema";
import {
  openTestDatabase,
  openTestFolder,
  runAndKill,
  testDatabaseUrl,
  withFolder,
} from "@almanac/db/testing";
import { newId, type EventId } from "@almanac/kernel";
import { like } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { readCounts } from "../stats/counters.ts";
import { appendActions } from "../outbox/outbox.ts";
import { anAction } from "../testing.ts";

const worker = new URL("./crash-worker.ts", import.meta.url).pathname;
const total = 1_000;

/**
 * Runs the worker; kills it with -9 once it has reported `killAfter` facts. However late that is seen, it applies about twice
 * as many at the most.
 *
 * @returns whether it had drained the outbox before
 */
async function runWorker(place: string, killAfter = Infinity): Promise<boolean> {
  const args = [worker, place, String(2 * killAfter)];
  const { lines } = await runAndKill(args, { when: (said) => said.length >= killAfter });
  return lines.includes("drained");
}

async function writeEvents(handle: DatabaseHandle): Promise<void> {
  const actions = Array.from({ length: total }, () => ({ input: anAction({ id: newId<EventId>() }) }));
  for (let at = 0; at < total; at += 250) await appendActions(handle.db, actions.slice(at, at + 250));
}

async function expectAllAppliedOnce(handle: DatabaseHandle): Promise<void> {
  const { db } = handle;
  expect(await db.$count(actionEvents)).toBe(total);
  expect([await db.$count(openEvents), await db.$count(outbox)]).toEqual([0, 0]);
  expect(await db.$count(settings, like(settings.key, "applied-%"))).toBe(total);
  const counts = await readCounts(db, ["events.VIEW_PRODUCT"]);
  expect(counts.get("events.VIEW_PRODUCT")?.count).toBe(total);
}

describe("a worker killed with -9 amid 1,000 events", () => {
  it("has applied each once after it is started again (PGlite)", { timeout: 300_000 }, async () => {
    await withFolder(async (dataDir) => {
      const before = await openTestFolder(dataDir);
      await writeEvents(before);
      await before.close();
      expect(await runWorker(dataDir, 150)).toBe(false);
      expect(await runWorker(dataDir)).toBe(true);
      const after = await openDatabase({ dataDir });
      await expectAllAppliedOnce(after);
      await after.close();
    });
  });

  if (!testDatabaseUrl()) it.skip("PostgreSQL: not configured");
  else {
    it("has applied each once, though two ran at once (PostgreSQL)", { timeout: 300_000 }, async () => {
      const test = await openTestDatabase("postgres");
      try {
        await writeEvents(test.handle);
        const url = test.url ?? "";
        const both = await Promise.all([runWorker(url, 150), runWorker(url, 200)]);
        expect(both).toEqual([false, false]);
        await Promise.all([runWorker(url), runWorker(url)]);
        // Rows that one had in hand when the other looked are taken in a second look.
        await runWorker(url);
        await expectAllAppliedOnce(test.handle);
      } finally {
        await test.close();
      }
    });
  }
});
