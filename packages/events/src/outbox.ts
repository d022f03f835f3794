import { outbox, actionEvents } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { invariant, type EventId, type ShopperId } from "@almanac/kernel";
import { eq } from "drizzle-orm";
import { priorityOf, type EntityType, type Priority, type UserActionType } from "./core/actions.ts";
import type { Fact } from "./core/facts.ts";

export interface FactOptions {
  traceId?: string;
  /** 0 at once, 1 soon (the default), 2 when there is time. */
  priority?: Priority;
  /** Not to be acted on before this moment. */
  availableAt?: Date;
}

/** "At once" on any clock, also one that a demo has set to the past. */
const atOnce = new Date(0);

/**
 * Says that something became true, in the transaction that made it true: it is acted on if and only if that transaction
 * commits. Consumers hear of it within about a second, or at once after `wakeRelay(bus)`.
 */
export async function publishFact(tx: Queryable, fact: Fact, options: FactOptions = {}): Promise<void> {
  await publishFacts(tx, [fact], options);
}

/** The same for many facts in one statement, in this order. */
export async function publishFacts(
  tx: Queryable,
  facts: readonly Fact[],
  options: FactOptions = {},
): Promise<void> {
  if (facts.length === 0) return;
  const { traceId = "", priority = 1, availableAt = atOnce } = options;
  await tx
    .insert(outbox)
    .values(
      facts.map(({ topic, payload }) => ({ topic, payload: { ...payload }, traceId, priority, availableAt })),
    );
}

export interface ActionInput {
  /** Made by the sender, once per action. */
  id: EventId;
  action: UserActionType;
  shopperId?: ShopperId;
  sessionId?: string;
  entityType?: EntityType;
  entityId?: string;
  metadata?: Record<string, unknown>;
  source?: "web" | "api" | "stall" | "demo" | "import";
  traceId: string;
  occurredAt: Date;
  /** When it reached us, by the platform's clock; the same as `occurredAt` unless given. */
  recordedAt?: Date;
}

export interface ActionOptions {
  /** Instead of the action's own. */
  priority?: Priority;
  /** False: logged, but nobody is told, because the outbox is full. */
  isReactedTo?: boolean;
}

/**
 * Writes an action to the append-only log and its fact "action.tracked" to the outbox. Whether the shopper agreed to be
 * tracked is for the caller to know; `events.track` does.
 *
 * @returns the event's place in the log; `duplicate` when an event with this id was there already, then nothing is written
 */
export async function appendAction(
  tx: Queryable,
  input: ActionInput,
  { priority = priorityOf(input.action), isReactedTo = true }: ActionOptions = {},
): Promise<{ seq: number; duplicate: boolean }> {
  const { recordedAt = input.occurredAt, metadata = {}, source = "web" } = input;
  const [written] = await tx
    .insert(actionEvents)
    .values({ ...input, recordedAt, metadata, source })
    .onConflictDoNothing({ target: actionEvents.id })
    .returning({ seq: actionEvents.seq });
  if (!written) {
    const [earlier] = await tx
      .select({ seq: actionEvents.seq })
      .from(actionEvents)
      .where(eq(actionEvents.id, input.id));
    invariant(earlier, "an event that conflicts is in the log");
    return { seq: earlier.seq, duplicate: true };
  }
  if (isReactedTo) {
    const payload = {
      seq: written.seq,
      id: input.id,
      action: input.action,
      shopperId: input.shopperId ?? null,
      sessionId: input.sessionId ?? null,
      entityType: input.entityType ?? null,
      entityId: input.entityId ?? null,
      metadata,
      source,
      occurredAt: input.occurredAt.toISOString(),
      recordedAt: recordedAt.toISOString(),
    };
    await publishFact(tx, { topic: "action.tracked", payload }, { traceId: input.traceId, priority });
  }
  return { seq: written.seq, duplicate: false };
}
