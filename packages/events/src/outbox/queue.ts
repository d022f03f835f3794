import { outbox } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { AppError, days, type Clock, type Milliseconds } from "@almanac/kernel";
import { and, asc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";

export interface QueueOverview {
  readonly open: number;
  readonly parked: number;
  readonly retrying: number;
  /** Age of the oldest open fact that is due, by the database's clock; 0 when none is. */
  readonly oldestAgeMs: Milliseconds;
  readonly byTopic: readonly { readonly topic: string; readonly open: number; readonly parked: number }[];
}

/** What waits, in the outbox and of open events, for operators. */
export async function readQueue(db: Queryable): Promise<QueueOverview> {
  const byTopic = await rows<{
    topic: string;
    open: number;
    parked: number;
    retrying: number;
    oldest: number | null;
  }>(
    db,
    sql`
      select topic,
        coalesce(sum(facts) filter (where parked_at is null), 0)::int as open,
        (count(*) filter (where parked_at is not null))::int as parked,
        (count(*) filter (where parked_at is null and attempts > 0))::int as retrying,
        (extract(epoch from now() - min(created_at) filter (where parked_at is null)) * 1000)::float8 as oldest
      from (
        select topic, 1 as facts, parked_at, attempts, created_at from outbox where done_at is null and archive_id is null
        union all
        select 'action.tracked', cardinality(event_seqs), null, 0, created_at from open_events) as waiting
      group by topic order by topic`,
  );
  const sum = (pick: (row: (typeof byTopic)[number]) => number): number =>
    byTopic.reduce((a, row) => a + pick(row), 0);
  return {
    open: sum(({ open }) => open),
    parked: sum(({ parked }) => parked),
    retrying: sum(({ retrying }) => retrying),
    oldestAgeMs: Math.max(0, ...byTopic.map(({ oldest }) => Math.round(Number(oldest ?? 0)))),
    byTopic: byTopic.map(({ topic, open, parked }) => ({ topic, open, parked })),
  };
}

export interface ParkedFact {
  readonly seq: number;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly traceId: string;
  readonly attempts: number;
  readonly lastError: string;
  readonly parkedAt: Date;
}

/** Facts that were tried too often, oldest first. Index: outbox_parked. */
export async function listParkedFacts(
  db: Queryable,
  { limit, after }: { limit: number; after?: number },
): Promise<ParkedFact[]> {
  const found = await db
    .select()
    .from(outbox)
    .where(
      and(
        isNotNull(outbox.parkedAt),
        isNull(outbox.doneAt),
        isNull(outbox.archiveId),
        after === undefined ? undefined : gt(outbox.seq, after),
      ),
    )
    .orderBy(asc(outbox.seq))
    .limit(limit);
  return found.map(({ seq, topic, payload, traceId, attempts, lastError, parkedAt }) => ({
    seq,
    topic,
    payload,
    traceId,
    attempts,
    lastError: lastError ?? "",
    parkedAt: parkedAt ?? new Date(0),
  }));
}

/**
 * Tries a parked fact again. Consumers that applied it already are passed over.
 *
 * @throws AppError `not_found` when no such fact is parked
 */
export async function retryParkedFact(db: Queryable, seq: number): Promise<{ topic: string }> {
  // One failed try, so that it gets a transaction of its own; the rest of its tries are new.
  const set = { parkedAt: null, attempts: 1, availableAt: new Date(0) };
  return theParked(await db.update(outbox).set(set).where(isParked(seq)).returning({ topic: outbox.topic }));
}

const isParked = (seq: number) =>
  and(eq(outbox.seq, seq), isNotNull(outbox.parkedAt), isNull(outbox.doneAt), isNull(outbox.archiveId));

function theParked([row]: { topic: string }[]): { topic: string } {
  if (!row) throw new AppError("not_found", "No such fact is parked.");
  return row;
}

/** How many facts and events are open, those of the outbox counted no further than the limit. Index: outbox_open. */
export async function countOpenFacts(db: Queryable, limit: number): Promise<number> {
  const [found] = await rows<{ open: number }>(
    db,
    sql`
      select (
        select count(*) from (
          select from outbox where done_at is null and parked_at is null and archive_id is null limit ${limit}) as waiting
      )::int + (select coalesce(sum(cardinality(event_seqs)), 0) from open_events)::int as open`,
  );
  return found?.open ?? 0;
}

/** How long done facts are kept, for questions about what happened. */
export const factRetentionMs: Milliseconds = days(7);

/**
 * Removes facts that were done long ago, with the notes of who applied them. The event log itself is kept.
 *
 * @returns how many facts were removed
 */
export async function removeOldFacts(
  db: Queryable,
  clock: Clock,
  keepMs: Milliseconds = factRetentionMs,
): Promise<number> {
  const before = new Date(clock.now().getTime() - keepMs).toISOString();
  const [removed] = await rows<{ count: number }>(
    db,
    sql`
      with gone as (delete from outbox where done_at < ${before}::timestamptz returning seq),
      notes as (delete from outbox_consumed where outbox_seq in (select seq from gone))
      select count(*)::int as count from gone`,
  );
  return removed?.count ?? 0;
}
