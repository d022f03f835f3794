import { jobs } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import type { Milliseconds } from "@almanac/kernel";
import { and, eq, isNull, sql } from "drizzle-orm";

/** A job that a worker holds. */
export interface HeldJob {
  readonly seq: number;
  readonly name: string;
  readonly data: Record<string, unknown>;
  /** This try included. */
  readonly attempts: number;
}

export interface NewJob {
  readonly name: string;
  readonly data: Record<string, unknown>;
  readonly runAt: Date;
  readonly key?: string;
}

/** @returns false when a job with this key is there already */
export async function insertJob(db: Queryable, job: NewJob): Promise<boolean> {
  const inserted = await db
    .insert(jobs)
    .values(job)
    .onConflictDoNothing({ target: jobs.key })
    .returning({ seq: jobs.seq });
  return inserted.length > 0;
}

/**
 * Takes the next job that is due and whose worker, if it had one, has died. Two workers never take the same one. Leases run
 * by the database's clock, which no demo moves. Index: jobs_open.
 */
export async function takeJob(
  db: Queryable,
  { names, now, leaseMs }: { names: readonly string[]; now: Date; leaseMs: Milliseconds },
): Promise<HeldJob | undefined> {
  const [taken] = await rows<HeldJob>(
    db,
    sql`
      update jobs set attempts = attempts + 1, leased_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})
      where seq = (
        select seq from jobs
        where done_at is null and failed_at is null and run_at <= ${now.toISOString()}::timestamptz
          and (leased_until is null or leased_until < clock_timestamp()) and name = any(${sql.param([...names])}::text[])
        order by run_at, seq limit 1 for update skip locked)
      returning seq, name, data, attempts`,
  );
  return taken && { ...taken, seq: Number(taken.seq) };
}

/** Keeps a running job from being taken for abandoned. */
export async function renewLease(db: Queryable, seq: number, leaseMs: Milliseconds): Promise<void> {
  const leasedUntil = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})`;
  await db.update(jobs).set({ leasedUntil }).where(isOpen(seq));
}

export async function finishJob(db: Queryable, seq: number, doneAt: Date): Promise<void> {
  await db.update(jobs).set({ doneAt, leasedUntil: null, lastError: null }).where(isOpen(seq));
}

/** Gives a job back, for another try at `runAt`. */
export async function releaseJob(
  db: Queryable,
  seq: number,
  { runAt, lastError, isUncounted = false }: { runAt: Date; lastError: string; isUncounted?: boolean },
): Promise<void> {
  const attempts = isUncounted ? sql`${jobs.attempts} - 1` : undefined;
  await db.update(jobs).set({ runAt, lastError, leasedUntil: null, attempts }).where(isOpen(seq));
}

export async function failJob(db: Queryable, seq: number, failedAt: Date, lastError: string): Promise<void> {
  await db.update(jobs).set({ failedAt, lastError, leasedUntil: null }).where(isOpen(seq));
}

const isOpen = (seq: number) => and(eq(jobs.seq, seq), isNull(jobs.doneAt), isNull(jobs.failedAt));

/** The newest tick of a schedule that was written down; keys are `schedule|ISO moment`. */
export async function findLastTick(db: Queryable, schedule: string): Promise<Date | undefined> {
  const [found] = await rows<{ key: string }>(
    db,
    sql`select key from jobs where starts_with(key, ${`${schedule}|`}) order by key desc limit 1`,
  );
  return found && new Date(found.key.slice(schedule.length + 1));
}

export interface JobCounts {
  readonly name: string;
  readonly waiting: number;
  readonly failed: number;
  readonly lastDoneAt: Date | undefined;
}

/** What waits and what failed, by name, for operators. */
export async function countJobs(db: Queryable): Promise<JobCounts[]> {
  const found = await rows<{ name: string; waiting: number; failed: number; last: string | null }>(
    db,
    sql`
      select name, (count(*) filter (where done_at is null and failed_at is null))::int as waiting,
        (count(*) filter (where failed_at is not null))::int as failed, max(done_at) as last
      from jobs group by name order by name`,
  );
  return found.map(({ last, ...row }) => ({
    ...row,
    lastDoneAt: last === null ? undefined : new Date(last),
  }));
}

/** Removes jobs that were done before a moment, but for the newest tick of each schedule. @returns how many */
export async function removeDoneJobs(db: Queryable, before: Date): Promise<number> {
  const [removed] = await rows<{ count: number }>(
    db,
    sql`
      with gone as (
        delete from jobs where done_at < ${before.toISOString()}::timestamptz
          and seq not in (select max(seq) from jobs group by name, split_part(key, '|', 1)) returning seq)
      select count(*)::int as count from gone`,
  );
  return removed?.count ?? 0;
}
