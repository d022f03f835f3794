import { shoppers } from "@almanac/db/schema";
import type { DatabaseHandle, Queryable } from "@almanac/db";
import { days, type Clock, type ShopperId } from "@almanac/kernel";
import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { isShed, loadOf, priorityOf } from "./core/actions.ts";
import { commitGroup, type CommitGroup } from "./core/commit-group.ts";
import { actionCounterName } from "./stats/action-counter.ts";
import { addCounts, counterNames, hourOf, type CountChange } from "./stats/counters.ts";
import { appendActions, type ActionInput } from "./outbox/outbox.ts";
import { countOpenFacts } from "./outbox/queue.ts";
import { createOpenFacts, type OpenFacts } from "./outbox/open-facts.ts";
import { shareWhoseEvents } from "./whose-events.ts";

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

type TrackedInput = Omit<ActionInput, "shopperId" | "recordedAt">;

interface TrackCall extends TrackOptions {
  readonly shopperId: ShopperId;
  readonly inputs: readonly TrackedInput[];
}

/** What is older is not learned from as new: an offline device may be late, not years late. */
const oldestMs = days(7);

/** At most so many actions share a transaction. */
const maxActionsOfCommit = 2_000;

const groups = new WeakMap<DatabaseHandle, CommitGroup<TrackCall, TrackedAction[]>>();

/**
 * Logs what a shopper did, unless the shopper has asked not to be tracked: then nothing is stored. Each id is stored once.
 * What a visitor did who was merged into an account is the account's, and the account's answer holds; a merge that is under way
 * is waited for, and waits for what is being written (`whose-events.ts`).
 *
 * Calls that come while others are being written are written together, in one statement and one commit, which is what costs;
 * each is answered after the commit that holds it.
 */
export function trackActions(
  handle: DatabaseHandle,
  shopperId: ShopperId,
  inputs: readonly TrackedInput[],
  options: TrackOptions,
): Promise<TrackedAction[]> {
  let group = groups.get(handle);
  if (!group) {
    const openFacts = createOpenFacts((limit) => countOpenFacts(handle.db, limit));
    group = commitGroup((calls) => commitTracked(handle, openFacts, calls), {
      maxWeight: maxActionsOfCommit,
      weightOf: (call) => call.inputs.length,
      // One connection is all that the embedded database has.
      maxGroups: handle.driver === "postgres" ? 2 : 1,
    });
    groups.set(handle, group);
  }
  return group.add({ shopperId, inputs, ...options });
}

async function commitTracked(
  handle: DatabaseHandle,
  openFacts: OpenFacts,
  calls: readonly TrackCall[],
): Promise<TrackedAction[][]> {
  const limit = Math.max(...calls.map(({ maxOpenFacts }) => maxOpenFacts));
  const open = await openFacts.count(limit);
  const shopperIds = [...new Set(calls.map(({ shopperId }) => shopperId))];
  const { planned, actions, answers } = await handle.transaction(async (tx) => {
    await shareWhoseEvents(tx, shopperIds);
    const owners = await findOwners(tx, shopperIds);
    const planned = calls.map((call) => {
      const shopperId = owners.get(call.shopperId);
      return shopperId ? planOf({ ...call, shopperId }, open) : [];
    });
    const actions = planned.flat();
    const answers = await appendActions(tx, actions);
    await addCounts(
      tx,
      countsOfShed(actions.filter(({ isReactedTo }, index) => !isReactedTo && !answers[index]?.duplicate)),
    );
    return { planned, actions, answers };
  });
  openFacts.added(
    actions.filter(({ isReactedTo }, index) => isReactedTo && !answers[index]?.duplicate).length,
  );
  let at = 0;
  return calls.map(({ inputs }, index) => {
    const mine = planned[index] ?? [];
    if (mine.length === 0) {
      return inputs.map(({ id }) => ({ id, eventProcessed: false, duplicate: false, shed: false }));
    }
    return mine.map(({ isReactedTo, input: { id } }) => {
      const duplicate = answers[at++]?.duplicate ?? false;
      return { id, eventProcessed: true, duplicate, shed: !duplicate && !isReactedTo };
    });
  });
}

function planOf({ shopperId, inputs, clock, maxOpenFacts }: TrackCall, openFacts: number) {
  const recordedAt = clock.now();
  const load = loadOf(Math.min(openFacts, maxOpenFacts), maxOpenFacts);
  return inputs.map((input) => ({
    input: { ...input, shopperId, recordedAt, occurredAt: clampMoment(input.occurredAt, recordedAt) },
    priority: priorityOf(input.action, load),
    isReactedTo: !isShed(input.action, load),
  }));
}

/** Nobody will handle these, so they are counted as they are logged. */
function countsOfShed(shed: readonly ReturnType<typeof planOf>[number][]): CountChange[] {
  const byMoment = Map.groupBy(shed, ({ input: { recordedAt } }) => recordedAt);
  return [...byMoment].flatMap(([recordedAt, ofMoment]) => {
    const hour = hourOf(recordedAt);
    const byAction = Map.groupBy(ofMoment, ({ input: { action } }) => action);
    return [
      { name: counterNames.eventsShed, hour, by: ofMoment.length },
      ...[...byAction].map(([action, { length }]) => ({ name: actionCounterName(action), hour, by: length })),
    ];
  });
}

/**
 * Whose the events of these shoppers are: their own, or the account's into which they were merged. Without those of whom
 * nothing may be stored, as they said no or were erased.
 */
async function findOwners(
  db: Queryable,
  shopperIds: readonly ShopperId[],
): Promise<Map<ShopperId, ShopperId>> {
  const owners = alias(shoppers, "owners");
  const found = await db
    .select({ id: shoppers.id, ownerId: owners.id })
    .from(shoppers)
    .innerJoin(owners, eq(owners.id, sql`coalesce(${shoppers.mergedIntoId}, ${shoppers.id})`))
    .where(
      and(
        inArray(shoppers.id, [...shopperIds]),
        ne(owners.trackingConsent, "denied"),
        isNull(owners.erasedAt),
      ),
    );
  return new Map(found.map(({ id, ownerId }) => [id, ownerId]));
}

function clampMoment(at: Date, now: Date): Date {
  const oldest = now.getTime() - oldestMs;
  if (at > now) return now;
  return at.getTime() < oldest ? new Date(oldest) : at;
}
