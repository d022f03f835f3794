import { outbox } from "@almanac/db/schema";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { and, asc, eq, inArray, isNull, lte, sql } from "drizzle-orm";
import type { Fact } from "./core/facts.ts";

/** A fact that waits in the outbox. */
export interface OutboxFact {
  readonly seq: number;
  readonly fact: Fact;
  readonly traceId: string;
  /** How many tries failed so far. */
  readonly attempts: number;
}

const isOpen = and(isNull(outbox.doneAt), isNull(outbox.parkedAt), isNull(outbox.archiveId));

/**
 * The next facts, most urgent first and then in the order written, locked until the transaction ends. Facts that another
 * relay has locked are passed over, which is what lets several processes drain one table. Index: outbox_open.
 */
export async function claimFacts(tx: Transaction, now: Date, limit: number): Promise<OutboxFact[]> {
  const found = await tx
    .select()
    .from(outbox)
    .where(and(isOpen, lte(outbox.availableAt, now)))
    .orderBy(asc(outbox.priority), asc(outbox.seq))
    .limit(limit)
    .for("update", { skipLocked: true });
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
  return found.map(toOutboxFact);
}

function toOutboxFact({ seq, topic, payload, traceId, attempts }: typeof outbox.$inferSelect): OutboxFact {
  const fact: unknown = { topic, payload };
  // Only `publishFact` writes these columns, and it takes a Fact.
  return { seq, fact: fact as Fact, traceId, attempts };
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

/** Notes that consumers apply facts in this transaction. @returns those that had not applied them before */
export async function noteConsumed(
  tx: Transaction,
  consumptions: readonly Consumption[],
  now: Date,
): Promise<Consumption[]> {
  if (consumptions.length === 0) return [];
  // One text, as a batch has a thousand of them.
  const given = JSON.stringify(consumptions.map(({ consumer, outboxSeq: seq }) => ({ consumer, seq })));
  const noted = await rows<{ consumer: string; seq: number }>(
    tx,
    sql`
      insert into outbox_consumed (consumer, outbox_seq, consumed_at)
      select consumer, seq, ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${given}::jsonb) as x(consumer text, seq bigint)
      on conflict do nothing
      returning consumer, outbox_seq as seq`,
  );
  return noted.map(({ consumer, seq }) => ({ consumer, outboxSeq: Number(seq) }));
}

export async function markDone(tx: Queryable, seqs: readonly number[], now: Date): Promise<void> {
  if (seqs.length === 0) return;
  await tx
    .update(outbox)
    .set({ doneAt: now })
    .where(and(inArray(outbox.seq, [...seqs]), isNull(outbox.doneAt)));
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
