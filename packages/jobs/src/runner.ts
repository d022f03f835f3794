import { wordsWithoutData, type DatabaseHandle, type Queryable } from "@almanac/db";
import { days, invariant, seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import { latestTick, nextTick } from "./core/cron.ts";
import type { Job, JobLog, ParsedSchedule } from "./job.ts";
import * as store from "./store.ts";

export interface JobRunnerOptions {
  handle: DatabaseHandle;
  clock: Clock;
  log: JobLog;
  jobs: readonly Job[];
  /** How many run at once in this process: 2 unless set otherwise. */
  concurrency?: number;
  pollMs?: Milliseconds;
  /** How long a dead worker's job waits for another. */
  leaseMs?: Milliseconds;
}

/** A schedule as operators read it: when it fires next, on whose clock. */
export interface ScheduleLine {
  readonly job: string;
  readonly schedule: string;
  readonly timeZone: string | undefined;
  readonly nextAt: Date | undefined;
}

export interface JobRunner {
  start(): void;
  /** Takes nothing new and waits for what runs; after `graceMs` what is left is told to stop and given back. */
  stop(graceMs?: Milliseconds): Promise<void>;
  /** Writes down ticks that are due and runs all that is due, to the end; for tests and commands. */
  drain(): Promise<void>;
  schedules(): ScheduleLine[];
  stats(): {
    readonly isRunning: boolean;
    readonly running: number;
    readonly done: number;
    readonly failures: number;
  };
}

/**
 * Puts a job on the list, in the caller's transaction: it runs if and only if that commits.
 *
 * @param options `key` makes it the same job as any other with that key; `runAt` is by the platform's clock, at once if absent
 * @returns false when a job with this key is there already
 */
export async function enqueueJob<Input extends object>(
  db: Queryable,
  job: Job<Input>,
  data: Input,
  { key, runAt = new Date(0) }: { key?: string; runAt?: Date } = {},
): Promise<boolean> {
  return store.insertJob(db, { name: job.name, data: Object.fromEntries(Object.entries(data)), key, runAt });
}

/** Runs jobs and keeps schedules. Any number of processes may; each tick and each job is one process's. */
export function createJobRunner({
  handle,
  clock,
  log,
  jobs,
  concurrency = 2,
  pollMs = seconds(1),
  leaseMs = seconds(60),
}: JobRunnerOptions): JobRunner {
  const known = new Map(jobs.map((job) => [job.name, job]));
  invariant(known.size === jobs.length, "two jobs have the same name");
  const names = [...known.keys()];
  const startedAt = clock.now();
  const lastTicks = new Map<string, Date>();
  const running = new Map<Promise<void>, AbortController>();
  const stats = { done: 0, failures: 0 };
  let isRunning = false;
  let isStopping = false;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function writeTick(job: Job, schedule: ParsedSchedule): Promise<void> {
    const label = `${job.name} ${schedule.label}`;
    let after = lastTicks.get(label);
    if (!after) {
      const isCatchingUp = schedule.when.kind === "cron" && schedule.when.catchUp;
      after = (isCatchingUp ? await store.findLastTick(handle.db, label) : undefined) ?? startedAt;
      lastTicks.set(label, after);
    }
    const tick = latestTickOf(schedule, after, clock.now());
    if (!tick) return;
    const key = `${label}|${tick.toISOString()}`;
    await store.insertJob(handle.db, { name: job.name, data: schedule.data, key, runAt: tick });
    lastTicks.set(label, tick);
  }

  async function writeTicks(): Promise<void> {
    for (const job of jobs) for (const schedule of job.schedules) await writeTick(job, schedule);
  }

  async function run(held: store.HeldJob, abort: AbortController): Promise<void> {
    const job = known.get(held.name);
    invariant(job, "only known jobs are taken");
    const facts = { job: job.name, seq: held.seq, attempt: held.attempts };
    const timeout = setTimeout(() => abort.abort(new Error("the job took too long")), job.timeoutMs);
    const renewal = setInterval(() => {
      store.renewLease(handle.db, held.seq, leaseMs).catch((err: unknown) => {
        log.warn({ ...facts, err }, "a job's lease could not be renewed");
      });
    }, leaseMs / 3);
    const startedAtMs = performance.now();
    try {
      const context = { handle, clock, log, signal: abort.signal, attempt: held.attempts };
      await unlessAborted(job.execute(held.data, context), abort.signal);
      await store.finishJob(handle.db, held.seq, clock.now());
      stats.done += 1;
      const tookMs = Math.round(performance.now() - startedAtMs);
      if (tookMs > 1_000) log.info({ ...facts, tookMs }, "a job took its time");
    } catch (error) {
      await giveBack(job, held, error);
    } finally {
      clearTimeout(timeout);
      clearInterval(renewal);
    }
  }

  async function giveBack(job: Job, { seq, attempts }: store.HeldJob, error: unknown): Promise<void> {
    const facts = { job: job.name, seq, attempt: attempts, err: error };
    const lastError = wordsWithoutData(error);
    if (isStopping && error instanceof StoppedError) {
      await store.releaseJob(handle.db, seq, { runAt: clock.now(), lastError, isUncounted: true });
      return;
    }
    stats.failures += 1;
    if (attempts >= job.maxAttempts) {
      log.error(facts, "a job failed for good");
      await store.failJob(handle.db, seq, clock.now(), lastError);
      return;
    }
    const delayMs = job.retryDelayMs * 2 ** (attempts - 1);
    log.warn({ ...facts, delayMs }, "a job failed and will be tried again");
    await store.releaseJob(handle.db, seq, { runAt: new Date(clock.now().getTime() + delayMs), lastError });
  }

  /** @returns whether a job was taken */
  async function takeOne(): Promise<boolean> {
    const held = await store.takeJob(handle.db, { names, now: clock.now(), leaseMs });
    if (!held) return false;
    const abort = new AbortController();
    const work: Promise<void> = run(held, abort)
      .catch((err: unknown) =>
        log.error({ job: held.name, seq: held.seq, err }, "a job's end could not be written down"),
      )
      .finally(() => {
        running.delete(work);
        look();
      });
    running.set(work, abort);
    return true;
  }

  function look(): void {
    if (!isRunning || looking) return;
    looking = (async () => {
      await writeTicks();
      while (isRunning && running.size < concurrency && (await takeOne()));
    })()
      .catch((err: unknown) => log.error({ err }, "jobs could not be looked for; trying again soon"))
      .finally(() => {
        looking = undefined;
      });
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      timer = setInterval(look, pollMs);
      look();
    },
    async stop(graceMs = seconds(4)) {
      isRunning = false;
      clearInterval(timer);
      await looking;
      const ended = Promise.allSettled(running.keys());
      const deadline = Promise.withResolvers<void>();
      const grace = setTimeout(deadline.resolve, graceMs);
      await Promise.race([ended, deadline.promise]);
      clearTimeout(grace);
      isStopping = true;
      for (const abort of running.values()) abort.abort(new StoppedError("the process is ending"));
      await ended;
    },
    async drain() {
      await writeTicks();
      while (await takeOne()) await Promise.allSettled(running.keys());
    },
    schedules: () =>
      jobs.flatMap((job) =>
        job.schedules.map((schedule) => ({
          job: job.name,
          schedule: schedule.label,
          timeZone: schedule.when.kind === "cron" ? schedule.when.timeZone : undefined,
          nextAt: nextTickOf(schedule, clock.now()),
        })),
      ),
    stats: () => ({ ...stats, isRunning, running: running.size }),
  };
}

class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** How long done jobs are kept, for questions about what happened. */
export const jobRetentionMs: Milliseconds = days(2);

/** Removes jobs that were done long ago. @returns how many */
export async function removeOldJobs(
  db: Queryable,
  clock: Clock,
  keepMs: Milliseconds = jobRetentionMs,
): Promise<number> {
  return store.removeDoneJobs(db, new Date(clock.now().getTime() - keepMs));
}

function latestTickOf({ when }: ParsedSchedule, after: Date, until: Date): Date | undefined {
  if (when.kind === "cron") return latestTick(when.cron, when.timeZone, after, until);
  const tick = Math.floor(until.getTime() / when.everyMs) * when.everyMs;
  return tick > after.getTime() ? new Date(tick) : undefined;
}

function nextTickOf({ when }: ParsedSchedule, after: Date): Date | undefined {
  if (when.kind === "cron") return nextTick(when.cron, when.timeZone, after);
  return new Date((Math.floor(after.getTime() / when.everyMs) + 1) * when.everyMs);
}

/** The work's end, or the signal's reason as soon as it is aborted; what the work still does then is up to the work. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
