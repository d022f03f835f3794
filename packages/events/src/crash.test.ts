import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, openDatabase, type DatabaseHandle } from "@almanac/db";
import { actionEvents, outbox, settings } from "@almanac/db/schema";
import { openTestDatabase, testDatabaseUrl } from "@almanac/db/testing";
import { newId, type EventId } from "@almanac/kernel";
import { and, eq, isNull, like } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { readCounts } from "./counters.ts";
import { appendActions } from "./outbox.ts";
import { anAction } from "./testing.ts";

const worker = new URL("./crash-worker.ts", import.meta.url).pathname;
const total = 1_000;

/** Runs the worker; kills it with -9 once it has reported `killAfter` facts. @returns whether it ended by itself */
async function runWorker(place: string, killAfter: number): Promise<boolean> {
  const child = spawn(process.execPath, [worker, place], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split("\n").length > killAfter) child.kill("SIGKILL");
  });
  await ended;
  return output.includes("drained");
}

async function writeEvents(handle: DatabaseHandle): Promise<void> {
  const actions = Array.from({ length: total }, () => ({ input: anAction({ id: newId<EventId>() }) }));
  for (let at = 0; at < total; at += 250) await appendActions(handle.db, actions.slice(at, at + 250));
}

async function expectAllAppliedOnce(handle: DatabaseHandle): Promise<void> {
  const { db } = handle;
  expect(await db.$count(actionEvents)).toBe(total);
  expect(await db.$count(outbox, isNull(outbox.doneAt))).toBe(0);
  expect(await db.$count(outbox, and(eq(outbox.attempts, 0), isNull(outbox.lastError)))).toBe(total);
  expect(await db.$count(settings, like(settings.key, "applied-%"))).toBe(total);
  const counts = await readCounts(db, ["events.VIEW_PRODUCT"]);
  expect(counts.get("events.VIEW_PRODUCT")?.count).toBe(total);
}

describe("a worker killed with -9 amid 1,000 events", () => {
  it("has applied each once after it is started again (PGlite)", { timeout: 120_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "almanac-crash-"));
    try {
      const before = await openDatabase({ dataDir });
      await migrate(before);
      await writeEvents(before);
      await before.close();
      expect(await runWorker(dataDir, 150)).toBe(false);
      expect(await runWorker(dataDir, total + 1)).toBe(true);
      const after = await openDatabase({ dataDir });
      await expectAllAppliedOnce(after);
      await after.close();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  if (!testDatabaseUrl()) it.skip("PostgreSQL: not configured");
  else {
    it("has applied each once, though two ran at once (PostgreSQL)", { timeout: 120_000 }, async () => {
      const test = await openTestDatabase("postgres");
      try {
        await writeEvents(test.handle);
        const url = test.url ?? "";
        const both = await Promise.all([runWorker(url, 150), runWorker(url, 200)]);
        expect(both).toEqual([false, false]);
        await Promise.all([runWorker(url, total + 1), runWorker(url, total + 1)]);
        // Rows that one had in hand when the other looked are taken in a second look.
        await runWorker(url, total + 1);
        await expectAllAppliedOnce(test.handle);
      } finally {
        await test.close();
      }
    });
  }
});
