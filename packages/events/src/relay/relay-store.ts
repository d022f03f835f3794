import { outbox, outboxConsumed } from "@almanac/db/schema";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import { toOutboxFact, type FactRow, type OutboxFact } from "../outbox/outbox-fact.ts";

const isOpen = and(isNull(outbox.doneAt), isNull(outbox.parkedAt), isNull(outbox.archiveId));

/**
 * Takes the next facts, most urgent first and then in the order written, in the caller's transaction, which applies them. Fresh
 * ones are done with its commit: a fact that tells of an event leaves the outbox, as the log has all of it; others stay for a while,
 * marked. Those that failed before are only locked until the transaction ends. Facts that another relay has locked are passed
 * over, which is what lets several processes drain one table. Index: outbox_open.
 *
 * @param timeoutMs bounds each later statement of the transaction, so that one that waits for a lock cannot hold up the outbox
 */
export async function takeFacts(
  tx: Transaction,
  { now, limit, timeoutMs }: { now: Date; limit: number; timeoutMs: number },
): Promise<OutboxFact[]> {
  const moment = now.toISOString();
  const found = await rows<FactRow>(
    tx,
    sql`
      with bounded as materialized (select set_config('statement_timeout', ${String(timeoutMs)}, true)),
      due as materialized (
        select seq, topic, payload, trace_id, priority, attempts from outbox
        where done_at is null and parked_at is null and archive_id is null and available_at <= ${moment}::timestamptz
        order by priority, seq limit ${limit} for update skip locked),
      gone as (
        delete from outbox
        where seq = any(array(select seq from due where attempts = 0 and topic = 'action.tracked'))),
      done as (
        update outbox set done_at = ${moment}::timestamptz
        where seq = any(array(select seq from due where attempts = 0 and topic <> 'action.tracked')))
      select seq, topic, payload, trace_id, priority, attempts from due, bounded order by priority, seq`,
  );
  return found.map(toOutboxFact);
}

/** The same facts without a lock, for a look at them one by one. */
export async function listDueFacts(db: Queryable, now: Date, limit: number): Promise<OutboxFact[]> {
  const found = await db
    .select()
    .from(outbox)
    .where(and(isOpen, lte(outbox.availableAt, now)))
    .orderBy(asc(outbox.priority), asc(outbox.seq))
    .limit(limit);
  return found.map(({ traceId, ...row }) => toOutboxFact({ ...row, trace_id: traceId }));
}

/** @returns false when another relay has the fact, or it is done */
export async function lockFact(tx: Transaction, seq: number): Promise<boolean> {
  const found = await tx
    .select({ seq: outbox.seq })
    .from(outbox)
    .where(and(eq(outbox.seq, seq), isOpen))
    .for("update", { skipLocked: true });
  return found.length > 0;
}

export interface Consumption {
  readonly consumer: string;
  readonly outboxSeq: number;
}

/**
 * Notes that a consumer applies a fact in this transaction, which it does not finish: others have to apply it too.
 *
 * @returns false when it had applied it before
 */
export async function noteConsumed(
  tx: Transaction,
  { consumer, outboxSeq }: Consumption,
  now: Date,
): Promise<boolean> {
  const noted = await tx
    .insert(outboxConsumed)
    .values({ consumer, outboxSeq, consumedAt: now })
    .onConflictDoNothing()
    .returning({ seq: outboxConsumed.outboxSeq });
  return noted.length > 0;
}

/**
 * Takes the notes off facts that are done with this transaction. Call it after the facts are locked: who noted something before
 * has committed then. Index: the primary key.
 *
 * @returns who had applied which of them before: hardly ever anybody
 */
export async function takeNotes(tx: Transaction, seqs: readonly number[]): Promise<Consumption[]> {
  if (seqs.length === 0) return [];
  const noted = await rows<{ consumer: string; seq: number }>(
    tx,
    sql`delete from outbox_consumed where outbox_seq = any(${sql.param([...seqs])}::bigint[])
      returning consumer, outbox_seq as seq`,
  );
  return noted.map(({ consumer, seq }) => ({ consumer, outboxSeq: Number(seq) }));
}

export async function markDone(tx: Queryable, seq: number, now: Date): Promise<void> {
  await tx
    .update(outbox)
    .set({ doneAt: now })
    .where(and(eq(outbox.seq, seq), isNull(outbox.doneAt)));
}

/** Counts one failed try, unless another relay did so meanwhile. With `parkedAt` it was the last. */
export async function markFailed(
  db: Queryable,
  { seq, attempts }: OutboxFact,
  outcome: { lastError: string; availableAt: Date } | { lastError: string; parkedAt: Date },
): Promise<void> {
  await db
    .update(outbox)
    .set({ attempts: attempts + 1, ...outcome })
    .where(and(eq(outbox.seq, seq), eq(outbox.attempts, attempts), isNull(outbox.doneAt)));
}

/** Bounds each statement of the transaction, so that one that waits for a lock cannot hold up the outbox. */
export async function limitStatements(tx: Transaction, timeoutMs: number): Promise<void> {
  await tx.execute(sql`select set_config('statement_timeout', ${String(timeoutMs)}, true)`);
}
