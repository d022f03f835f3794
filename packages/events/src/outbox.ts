import { outbox, actionEvents } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { invariant, type EventId, type ShopperId } from "@almanac/kernel";
import { inArray } from "drizzle-orm";
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
  await tx.insert(outbox).values(facts.map((fact) => outboxRow(fact, options)));
}

function outboxRow(
  { topic, payload }: Fact,
  { traceId = "", priority = 1, availableAt = atOnce }: FactOptions,
) {
  return { topic, payload: { ...payload }, traceId, priority, availableAt };
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

export interface AppendedAction {
  readonly id: EventId;
  /** The event's place in the log. */
  readonly seq: number;
  /** An event with this id was in the log already; nothing was written. */
  readonly duplicate: boolean;
}

/**
 * Writes an action to the append-only log and its fact "action.tracked" to the outbox. Whether the shopper agreed to be
 * tracked is for the caller to know; `events.track` does.
 */
export async function appendAction(
  tx: Queryable,
  input: ActionInput,
  options: ActionOptions = {},
): Promise<AppendedAction> {
  const [appended] = await appendActions(tx, [{ input, ...options }]);
  invariant(appended, "an action that was appended has an answer");
  return appended;
}

/** The same for many, in three statements at most. @returns one answer for each, in order */
export async function appendActions(
  tx: Queryable,
  actions: readonly ({ input: ActionInput } & ActionOptions)[],
): Promise<AppendedAction[]> {
  if (actions.length === 0) return [];
  const written = await tx
    .insert(actionEvents)
    .values(actions.map(({ input }) => ({ ...withDefaults(input) })))
    .onConflictDoNothing({ target: actionEvents.id })
    .returning({ id: actionEvents.id, seq: actionEvents.seq });
  const newSeqs = new Map(written.map(({ id, seq }) => [id, seq]));
  const earlierSeqs = await findSeqs(
    tx,
    actions.map(({ input }) => input.id).filter((id) => !newSeqs.has(id)),
  );
  const facts: { fact: Fact; traceId: string; priority: Priority }[] = [];
  const answers: AppendedAction[] = [];
  for (const { input, isReactedTo = true, priority = priorityOf(input.action) } of actions) {
    const seq = newSeqs.get(input.id);
    if (seq === undefined) {
      const earlier = earlierSeqs.get(input.id);
      invariant(earlier !== undefined, "an event that conflicts is in the log");
      answers.push({ id: input.id, seq: earlier, duplicate: true });
      continue;
    }
    // The second of two with the same id in one batch is a duplicate of the first.
    newSeqs.delete(input.id);
    earlierSeqs.set(input.id, seq);
    answers.push({ id: input.id, seq, duplicate: false });
    if (isReactedTo) facts.push({ fact: factOf(input, seq), traceId: input.traceId, priority });
  }
  if (facts.length > 0) {
    await tx.insert(outbox).values(facts.map(({ fact, ...options }) => outboxRow(fact, options)));
  }
  return answers;
}

function withDefaults(input: ActionInput) {
  const { recordedAt = input.occurredAt, metadata = {}, source = "web" as const } = input;
  return { ...input, recordedAt, metadata, source };
}

function factOf(input: ActionInput, seq: number): Fact {
  const { recordedAt, metadata, source } = withDefaults(input);
  return {
    topic: "action.tracked",
    payload: {
      seq,
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
    },
  };
}

async function findSeqs(tx: Queryable, ids: readonly EventId[]): Promise<Map<EventId, number>> {
  if (ids.length === 0) return new Map();
  const found = await tx
    .select({ id: actionEvents.id, seq: actionEvents.seq })
    .from(actionEvents)
    .where(inArray(actionEvents.id, [...ids]));
  return new Map(found.map(({ id, seq }) => [id, seq]));
}
