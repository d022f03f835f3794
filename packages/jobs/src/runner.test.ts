import { jobs as jobTable } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import type { Clock } from "@almanac/kernel";
import { eq, isNull, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { defineJob, type Job } from "./job.ts";
import { createJobRunner, enqueueJob, removeOldJobs, type JobRunner } from "./runner.ts";
import { countJobs, takeJob } from "./store.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const minute = 60_000;
const hour = 60 * minute;

describeOnEveryDatabase("jobs", (test) => {
  let nowMs = 0;
  const clock: Clock = { now: () => new Date(nowMs) };
  const advance = (ms: number): void => void (nowMs += ms);
  let runners: JobRunner[] = [];
  beforeEach(() => {
    nowMs = Date.parse("2025-08-14T12:00:00Z");
  });
  afterEach(async () => {
    for (const runner of runners) await runner.stop();
    runners = [];
  });

  function runnerOf(jobs: Job[], options: { pollMs?: number; leaseMs?: number } = {}): JobRunner {
    const runner = createJobRunner({ handle: test.handle, clock, log, jobs, pollMs: 3_600_000, ...options });
    runners.push(runner);
    return runner;
  }

  it("run once, with checked data, when what asked for them is committed", async () => {
    const greeted: string[] = [];
    const greet = defineJob({
      name: "example.greet",
      data: z.object({ name: z.string(), times: z.number().default(1) }),
      run: async ({ name, times }) => void greeted.push(`${name} ${times}`),
    });
    const asking = test.handle.transaction(async (tx) => {
      await enqueueJob(tx, greet, { name: "nobody" });
      throw new Error("no");
    });
    await expect(asking).rejects.toThrow("no");
    await test.handle.transaction((tx) => enqueueJob(tx, greet, { name: "maya" }));
    const runner = runnerOf([greet]);
    await runner.drain();
    await runner.drain();
    expect(greeted).toEqual(["maya 1"]);
    expect(await countJobs(test.db)).toMatchObject([
      { name: "example.greet", waiting: 0, failed: 0, lastDoneAt: clock.now() },
    ]);
  });

  it("wait for their moment, and one key is one job", async () => {
    let runs = 0;
    const job = defineJob({ name: "a", data: z.object({}), run: async () => void (runs += 1) });
    const runAt = new Date(nowMs + hour);
    expect(await enqueueJob(test.db, job, {}, { key: "k", runAt })).toBe(true);
    expect(await enqueueJob(test.db, job, {}, { key: "k" })).toBe(false);
    const runner = runnerOf([job]);
    await runner.drain();
    expect(runs).toBe(0);
    advance(hour);
    await runner.drain();
    expect(runs).toBe(1);
  });

  it("are tried again three times, each time after twice as long, and then fail for good", async () => {
    const attempts: number[] = [];
    const job = defineJob({
      name: "a",
      data: z.object({}),
      retryDelayMs: 1_000,
      run: async (_, { attempt }) => {
        attempts.push(attempt);
        throw new Error("the reason");
      },
    });
    await enqueueJob(test.db, job, {});
    const runner = runnerOf([job]);
    for (const waitMs of [0, 999, 1, 2_000, 4_000, 60_000]) {
      advance(waitMs);
      await runner.drain();
    }
    expect(attempts).toEqual([1, 2, 3, 4]);
    const [row] = await test.db.select().from(jobTable);
    // After one, two and four seconds.
    const failedAt = new Date("2025-08-14T12:00:07Z");
    expect(row).toMatchObject({ lastError: "the reason", doneAt: null, failedAt });
  });

  it("say what the database had against them, and nothing of the values they gave it", async () => {
    const job = defineJob({
      name: "a",
      data: z.object({}),
      maxAttempts: 1,
      run: async (_, { handle }) => {
        await handle.db.execute(sql`select ${"maya@example.org"}::text::uuid`);
      },
    });
    await enqueueJob(test.db, job, {});
    await runnerOf([job]).drain();
    const [row] = await test.db.select().from(jobTable);
    expect(row?.lastError).toMatch(/^Failed query: select \$1::text::uuid.*invalid input syntax.*\(22P02\)$/);
    expect(row?.lastError).not.toContain("maya");
  });

  it("fail when their data is not what they take", async () => {
    const job = defineJob({
      name: "a",
      data: z.object({ n: z.number() }),
      maxAttempts: 1,
      run: async () => undefined,
    });
    await test.db.insert(jobTable).values({ name: "a", data: { n: "one" }, runAt: clock.now() });
    await runnerOf([job]).drain();
    expect((await countJobs(test.db))[0]).toMatchObject({ failed: 1 });
  });

  it("are told to stop when they take too long", async () => {
    const reasons: unknown[] = [];
    const job = defineJob({
      name: "a",
      data: z.object({}),
      timeoutMs: 20,
      maxAttempts: 1,
      run: (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            reasons.push(signal.reason);
            resolve();
          });
        }),
    });
    await enqueueJob(test.db, job, {});
    await runnerOf([job]).drain();
    expect(reasons).toMatchObject([{ message: "the job took too long" }]);
    expect((await countJobs(test.db))[0]).toMatchObject({ failed: 1 });
  });

  it("run once per tick of a schedule, however many processes there are", async () => {
    const ticks: string[] = [];
    const job = defineJob({
      name: "nightly",
      data: z.object({}),
      schedules: [{ cron: "0 2 * * *", timeZone: "America/New_York" }],
      run: async (_, context) => void ticks.push(context.clock.now().toISOString()),
    });
    const runners = [runnerOf([job]), runnerOf([job]), runnerOf([job])];
    await Promise.all(runners.map((runner) => runner.drain()));
    expect(ticks).toEqual([]);
    advance(18 * hour);
    await Promise.all(runners.map((runner) => runner.drain()));
    await Promise.all(runners.map((runner) => runner.drain()));
    expect(ticks).toHaveLength(1);
    const [row] = await test.db.select().from(jobTable);
    expect(row?.key).toBe("nightly cron 0 2 * * * America/New_York|2025-08-15T06:00:00.000Z");
  });

  it("of missed ticks run the latest, once, when a demo's clock jumps", async () => {
    let runs = 0;
    const job = defineJob({
      name: "often",
      data: z.object({}),
      schedules: [{ everyMs: 30_000 }],
      run: async () => void (runs += 1),
    });
    const runner = runnerOf([job]);
    await runner.drain();
    advance(35 * hour);
    await runner.drain();
    await runner.drain();
    expect(runs).toBe(1);
    advance(30_000);
    await runner.drain();
    expect(runs).toBe(2);
  });

  it("make up for a tick that was missed while nothing ran, if they are to", async () => {
    let runs = 0;
    const jobOf = (catchUp: boolean): Job =>
      defineJob({
        name: `nightly-${catchUp}`,
        data: z.object({}),
        schedules: [{ cron: "0 2 * * *", timeZone: "UTC", catchUp }],
        run: async () => void (runs += 1),
      });
    const jobs = [jobOf(true), jobOf(false)];
    const before = runnerOf(jobs);
    advance(24 * hour);
    await before.drain();
    expect(runs).toBe(2);
    advance(72 * hour);
    await runnerOf(jobs).drain();
    expect(runs).toBe(3);
  });

  it("tell operators when they run next, on whose clock", () => {
    const schedules = [{ cron: "0 2 * * *", timeZone: "America/New_York" }, { everyMs: minute }];
    const job = defineJob({ name: "a", data: z.object({}), schedules, run: async () => undefined });
    expect(runnerOf([job]).schedules()).toEqual([
      {
        job: "a",
        schedule: "cron 0 2 * * * America/New_York",
        timeZone: "America/New_York",
        nextAt: new Date("2025-08-15T06:00:00Z"),
      },
      { job: "a", schedule: "every 60 s", timeZone: undefined, nextAt: new Date("2025-08-14T12:01:00Z") },
    ]);
  });

  it("are taken over from a worker that died, not from one that lives", async () => {
    const seen: number[] = [];
    const job = defineJob({
      name: "a",
      data: z.object({}),
      run: async (_, { attempt }) => void seen.push(attempt),
    });
    await enqueueJob(test.db, job, {});
    const held = await takeJob(test.db, { names: ["a"], now: clock.now(), leaseMs: 60_000 });
    expect(held).toMatchObject({ attempts: 1 });
    const runner = runnerOf([job]);
    await runner.drain();
    expect(seen).toEqual([]);
    await test.db.update(jobTable).set({ leasedUntil: sql`now() - interval '1 second'` });
    await runner.drain();
    expect(seen).toEqual([2]);
  });

  it("finish before the process ends, however long it would wait", async () => {
    const finish = Promise.withResolvers<void>();
    const quick = defineJob({ name: "quick", data: z.object({}), run: () => finish.promise });
    await enqueueJob(test.db, quick, {});
    const runner = runnerOf([quick]);
    runner.start();
    await expect.poll(() => runner.stats().running).toBe(1);
    const stopped = runner.stop(hour);
    finish.resolve();
    await stopped;
    expect(runner.stats()).toMatchObject({ isRunning: false, running: 0, done: 1 });
    expect(await test.db.$count(jobTable, isNull(jobTable.doneAt))).toBe(0);
  });

  it("are given back uncounted where the process cannot wait for their end", async () => {
    const slow = defineJob({ name: "slow", data: z.object({}), run: () => new Promise(() => undefined) });
    await enqueueJob(test.db, slow, {});
    const runner = runnerOf([slow]);
    runner.start();
    await expect.poll(() => runner.stats().running).toBe(1);
    await runner.stop(1);
    expect(runner.stats()).toMatchObject({ isRunning: false, running: 0, done: 0 });
    const [left] = await test.db.select().from(jobTable).where(isNull(jobTable.doneAt));
    expect(left).toMatchObject({ name: "slow", attempts: 0, leasedUntil: null, failedAt: null });
  });

  it("are forgotten two days after they were done, but for a schedule's newest tick", async () => {
    const job = defineJob({
      name: "a",
      data: z.object({}),
      schedules: [{ everyMs: minute }],
      run: async () => undefined,
    });
    const runner = runnerOf([job]);
    for (let i = 0; i < 3; i++) {
      advance(minute);
      await runner.drain();
    }
    await enqueueJob(test.db, job, {});
    await runner.drain();
    advance(49 * hour);
    expect(await removeOldJobs(test.db, clock)).toBe(2);
    expect(await test.db.$count(jobTable, eq(jobTable.name, "a"))).toBe(2);
  });
});
