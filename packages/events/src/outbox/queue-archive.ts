import { outbox, queueArchives, users } from "@almanac/db/schema";
import type { Queryable, Transaction } from "@almanac/db";
import { AppError, newId, type UserId } from "@almanac/kernel";
import { and, desc, eq, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm";
import { unpackAllEvents } from "./open-events.ts";
import { readQueue } from "./queue.ts";

/** Facts that were taken out of the queue in one act, and can be put back. */
export interface QueueArchive {
  readonly id: string;
  readonly reason: "clear" | "discard";
  readonly actorName: string | null;
  readonly facts: number;
  /** How many of them an archive that is not restored still holds: erasing a person removes theirs. */
  readonly left: number;
  readonly archivedAt: Date;
  readonly restoredAt: Date | null;
}

/** How much was in the queue around an act. */
export interface QueueSizes {
  readonly open: number;
  readonly parked: number;
}

export interface ArchiveAct {
  readonly actorUserId: UserId | undefined;
  readonly now: Date;
}

export interface ArchiveResult {
  /** `null` when there was nothing to take out. */
  readonly archiveId: string | null;
  readonly moved: number;
  readonly before: QueueSizes;
  readonly after: QueueSizes;
}

/**
 * Takes out of the queue what shoppers did and nobody reacted to yet, and every fact that was parked. Facts of the trade
 * that are still being tried (orders, stock, prices) stay: the shop's pages follow from them.
 *
 * A fact that a relay has in hand is waited for and then passed over, since it is done.
 */
export async function clearQueue(tx: Transaction, act: ArchiveAct): Promise<ArchiveResult> {
  await unpackAllEvents(tx);
  const waits = or(isNotNull(outbox.parkedAt), eq(outbox.topic, "action.tracked"));
  return archive(tx, waits, { ...act, reason: "clear" });
}

/**
 * Gives one parked fact up, until somebody restores it.
 *
 * @throws AppError `not_found` when no such fact is parked
 */
export async function discardParkedFact(
  tx: Transaction,
  seq: number,
  act: ArchiveAct,
): Promise<{ topic: string; archiveId: string }> {
  const [fact] = await tx.select({ topic: outbox.topic }).from(outbox).where(eq(outbox.seq, seq));
  const isParked = and(eq(outbox.seq, seq), isNotNull(outbox.parkedAt));
  const { archiveId } = await archive(tx, isParked, { ...act, reason: "discard" });
  if (!fact || archiveId === null) throw new AppError("not_found", "No such fact is parked.");
  return { topic: fact.topic, archiveId };
}

async function archive(
  tx: Transaction,
  which: SQL | undefined,
  { actorUserId, now, reason }: ArchiveAct & { reason: QueueArchive["reason"] },
): Promise<ArchiveResult> {
  const before = await sizesOf(tx);
  const id = newId(now.getTime());
  const moved = await tx
    .update(outbox)
    .set({ archiveId: id })
    .where(and(isNull(outbox.doneAt), isNull(outbox.archiveId), which))
    .returning({ seq: outbox.seq });
  if (moved.length === 0) return { archiveId: null, moved: 0, before, after: before };
  const actor = actorUserId ?? null;
  await tx
    .insert(queueArchives)
    .values({ id, reason, actorUserId: actor, facts: moved.length, archivedAt: now });
  return { archiveId: id, moved: moved.length, before, after: await sizesOf(tx) };
}

/**
 * Puts the facts of an archive back into the queue, at once due. Consumers that had applied one before it was taken out are
 * passed over, so that each has applied it once in the end.
 *
 * @throws AppError `archive_not_found`, also when it was restored already
 */
export async function restoreArchive(
  tx: Transaction,
  archiveId: string,
  { actorUserId, now }: ArchiveAct,
): Promise<ArchiveResult> {
  const before = await sizesOf(tx);
  const restored = await tx
    .update(queueArchives)
    .set({ restoredAt: now, restoredBy: actorUserId ?? null })
    .where(and(eq(queueArchives.id, archiveId), isNull(queueArchives.restoredAt)))
    .returning({ id: queueArchives.id });
  if (restored.length === 0) {
    throw new AppError("archive_not_found", "There is no such archive, or it was restored already.");
  }
  const moved = await tx
    .update(outbox)
    .set({
      archiveId: null,
      parkedAt: null,
      // One failed try, so that it gets a transaction of its own; what never failed starts afresh.
      attempts: sql`least(${outbox.attempts}, 1)`,
      availableAt: new Date(0),
    })
    .where(and(eq(outbox.archiveId, archiveId), isNull(outbox.doneAt)))
    .returning({ seq: outbox.seq });
  return { archiveId, moved: moved.length, before, after: await sizesOf(tx) };
}

/** Newest first. */
export async function listArchives(db: Queryable, { limit }: { limit: number }): Promise<QueueArchive[]> {
  const left = db.$count(outbox, and(eq(outbox.archiveId, queueArchives.id), isNull(outbox.doneAt)));
  return db
    .select({
      id: queueArchives.id,
      reason: queueArchives.reason,
      actorName: users.name,
      facts: queueArchives.facts,
      left: sql`${left}`.mapWith(Number),
      archivedAt: queueArchives.archivedAt,
      restoredAt: queueArchives.restoredAt,
    })
    .from(queueArchives)
    .leftJoin(users, eq(users.id, queueArchives.actorUserId))
    .orderBy(desc(queueArchives.archivedAt), desc(queueArchives.id))
    .limit(limit);
}

async function sizesOf(db: Queryable): Promise<QueueSizes> {
  const { open, parked } = await readQueue(db);
  return { open, parked };
}
