import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { actionEvents, liveTickets, notifications, outbox, searchLog, shoppers } from "@almanac/db/schema";
import type { Transaction } from "@almanac/db";
import { factsOfShoppers, forgetEvents, holdWhoseEvents, publishFact, unpackEventsOf } from "@almanac/events";
import type { Clock, ShopperId } from "@almanac/kernel";
import { mayTrack, mergeConsent, type TrackingConsent } from "./core/consent.ts";

export interface MergeContext {
  /** The consent that holds after the merge. With "denied", a visitor's tracks are dropped, not moved. */
  readonly tracking: TrackingConsent;
  readonly clock: Clock;
}

/** How one package moves what it keeps about a visitor to the account that the visitor turned out to be. */
export interface MergeStep {
  readonly name: string;
  merge(tx: Transaction, fromId: ShopperId, intoId: ShopperId, context: MergeContext): Promise<void>;
}

export interface MergeOptions {
  readonly clock: Clock;
  readonly steps: readonly MergeStep[];
  readonly traceId?: string;
}

/**
 * Joins a visitor to an account: baskets, tastes, events, all in the caller's transaction. Signing in twice with the same
 * visitor cookie, even at the same moment, moves everything once: both rows are locked, in the order of their ids, and a
 * visitor that was merged, erased or belongs to an account is left alone. What is being logged for either is waited for, and what
 * comes meanwhile is logged afterwards, as the account's.
 *
 * @returns whether there was something to merge
 */
export async function mergeVisitor(
  tx: Transaction,
  fromId: ShopperId,
  intoId: ShopperId,
  { clock, steps, traceId }: MergeOptions,
): Promise<boolean> {
  if (fromId === intoId) return false;
  await holdWhoseEvents(tx, [fromId, intoId]);
  const rows = await tx
    .select()
    .from(shoppers)
    .where(inArray(shoppers.id, [fromId, intoId]))
    .orderBy(shoppers.id)
    .for("no key update"); // lets others write rows that refer to the two
  const from = rows.find((row) => row.id === fromId);
  const into = rows.find((row) => row.id === intoId);
  if (
    !from ||
    !into ||
    from.userId ||
    from.mergedIntoId ||
    from.erasedAt ||
    into.mergedIntoId ||
    into.erasedAt
  ) {
    return false;
  }
  const tracking = mergeConsent(into.trackingConsent, from.trackingConsent);
  await tx
    .update(shoppers)
    .set({
      trackingConsent: tracking,
      marketId: into.marketId ?? from.marketId,
      latitude: into.latitude ?? from.latitude,
      longitude: into.longitude ?? from.longitude,
      visitorsMerged: into.visitorsMerged + 1,
      lastSeenAt: clock.now(),
    })
    .where(eq(shoppers.id, intoId));
  for (const step of steps) await step.merge(tx, fromId, intoId, { tracking, clock });
  await tx
    .update(shoppers)
    .set({ mergedIntoId: intoId, latitude: null, longitude: null, lastSeenAt: clock.now() })
    .where(eq(shoppers.id, fromId));
  await publishFact(tx, { topic: "shopper.merged", payload: { fromId, intoId } }, { traceId });
  return true;
}

/**
 * Moves the log of what a visitor did and searched for, with the facts that nobody has acted on yet, so that a view from a
 * second ago still counts for the account. Drops it all when the account refuses tracking.
 */
export const historyMergeStep: MergeStep = {
  name: "history",
  async merge(tx, fromId, intoId, { tracking }) {
    await tx.delete(liveTickets).where(eq(liveTickets.shopperId, fromId));
    if (!mayTrack(tracking)) return forgetHistory(tx, fromId);
    await unpackEventsOf(tx, [fromId]);
    await tx
      .update(outbox)
      .set({ payload: sql`jsonb_set(${outbox.payload}, '{shopperId}', to_jsonb(${intoId}::text))` })
      .where(and(factsOfShoppers([fromId]), isNull(outbox.doneAt)));
    await tx.update(actionEvents).set({ shopperId: intoId }).where(eq(actionEvents.shopperId, fromId));
    await tx.update(searchLog).set({ shopperId: intoId }).where(eq(searchLog.shopperId, fromId));
  },
};

/** Deletes the log of what a shopper did and what they were told because of it, and takes their searches off them. */
export async function forgetHistory(tx: Transaction, shopperId: ShopperId): Promise<void> {
  await forgetEvents(tx, shopperId);
  await tx
    .delete(notifications)
    .where(and(eq(notifications.shopperId, shopperId), sql`${notifications.payload}->>'because' = 'view'`));
  await tx.update(searchLog).set({ shopperId: null }).where(eq(searchLog.shopperId, shopperId));
}
