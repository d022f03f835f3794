import { shoppers } from "@almanac/db/schema";
import type { DatabaseHandle, Queryable } from "@almanac/db";
import { days, type Clock, type ShopperId } from "@almanac/kernel";
import { eq } from "drizzle-orm";
import { isShed, loadOf, priorityOf } from "./core/actions.ts";
import { actionCounterName } from "./action-counter.ts";
import { addCounts, counterNames, hourOf } from "./counters.ts";
import { appendActions, type ActionInput } from "./outbox.ts";
import { countOpenFacts } from "./queue.ts";

export interface TrackedAction {
  readonly id: ActionInput["id"];
  /** It is in the log, by this call or an earlier one. */
  readonly eventProcessed: boolean;
  readonly duplicate: boolean;
  /** Logged, but not reacted to, as the platform has too much to do. */
  readonly shed: boolean;
}

export interface TrackOptions {
  clock: Clock;
  /** The outbox is full with so many open facts: 10,000 unless set otherwise (EVT-05). */
  maxOpenFacts: number;
}

/** What is older is not learned from as new: an offline device may be late, not years late. */
const oldestMs = days(7);

/**
 * Logs what a shopper did, unless the shopper has asked not to be tracked: then nothing is stored. Each id is stored once.
 */
export async function trackActions(
  handle: DatabaseHandle,
  shopperId: ShopperId,
  inputs: readonly Omit<ActionInput, "shopperId" | "recordedAt">[],
  { clock, maxOpenFacts }: TrackOptions,
): Promise<TrackedAction[]> {
  if (!(await mayTrack(handle.db, shopperId))) {
    return inputs.map(({ id }) => ({ id, eventProcessed: false, duplicate: false, shed: false }));
  }
  const recordedAt = clock.now();
  const load = loadOf(await countOpenFacts(handle.db, maxOpenFacts), maxOpenFacts);
  const actions = inputs.map((input) => ({
    input: { ...input, shopperId, recordedAt, occurredAt: clampMoment(input.occurredAt, recordedAt) },
    priority: priorityOf(input.action, load),
    isReactedTo: !isShed(input.action, load),
  }));
  const appended = await handle.transaction(async (tx) => {
    const answers = await appendActions(tx, actions);
    const shed = actions.filter(({ isReactedTo }, index) => !isReactedTo && !answers[index]?.duplicate);
    // Nobody will handle these, so they are counted here.
    const hour = hourOf(recordedAt);
    const names = shed.flatMap(({ input }) => [counterNames.eventsShed, actionCounterName(input.action)]);
    await addCounts(
      tx,
      names.map((name) => ({ name, hour, by: 1 })),
    );
    return answers;
  });
  return appended.map(({ id, duplicate }, index) => {
    const shed = !duplicate && !actions[index]?.isReactedTo;
    return { id, eventProcessed: true, duplicate, shed };
  });
}

/** Whether events of this shopper may be stored: unless they said no, or were erased. */
export async function mayTrack(db: Queryable, shopperId: ShopperId): Promise<boolean> {
  const [shopper] = await db
    .select({ consent: shoppers.trackingConsent, erasedAt: shoppers.erasedAt })
    .from(shoppers)
    .where(eq(shoppers.id, shopperId));
  return shopper !== undefined && shopper.consent !== "denied" && shopper.erasedAt === null;
}

function clampMoment(at: Date, now: Date): Date {
  return new Date(Math.max(now.getTime() - oldestMs, Math.min(at.getTime(), now.getTime())));
}
