import { outbox, actionEvents } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { invariant, type EventId, type ShopperId } from "@almanac/kernel";
import { inArray, sql } from "drizzle-orm";
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

/**
 * The same for many, in one statement: an array for each column, as thousands of parameters cost more than the insert, and
 * PostgreSQL reads arrays faster than JSON.
 *
 * @returns one answer for each, in order
 */
export async function appendActions(
  tx: Queryable,
  actions: readonly ({ input: ActionInput } & ActionOptions)[],
): Promise<AppendedAction[]> {
  if (actions.length === 0) return [];
  const given = firstsOf(actions).map(toRow);
  const column = (name: keyof (typeof given)[number], type: string) =>
    sql`${sql.param(given.map((row) => row[name]))}::${sql.raw(type)}[]`;
  const written = await rows<{ id: EventId; seq: number }>(
    tx,
    sql`
      with given as materialized (
        select * from unnest(
          ${column("id", "uuid")}, ${column("action", "text")}, ${column("shopperId", "uuid")},
          ${column("sessionId", "text")}, ${column("entityType", "text")}, ${column("entityId", "text")},
          ${column("metadata", "jsonb")}, ${column("source", "text")}, ${column("traceId", "text")},
          ${column("occurredAt", "text")}, ${column("recordedAt", "text")}, ${column("priority", "int")},
          ${column("isReactedTo", "boolean")}
        ) with ordinality as x(id, action, shopper_id, session_id, entity_type, entity_id, metadata, source, trace_id,
          occurred_at, recorded_at, priority, is_reacted_to, n)),
      written as (
        insert into action_events (id, action, shopper_id, session_id, entity_type, entity_id, metadata, source,
          trace_id, occurred_at, recorded_at)
        select id, action, shopper_id, session_id, entity_type, entity_id, metadata, source,
          trace_id, occurred_at::timestamptz, recorded_at::timestamptz
        from given order by n
        on conflict (id) do nothing
        returning id, seq),
      told as (
        insert into outbox (topic, payload, trace_id, priority, available_at)
        select 'action.tracked', jsonb_build_object(
            'seq', w.seq, 'id', w.id, 'action', f.action, 'shopperId', f.shopper_id, 'sessionId', f.session_id,
            'entityType', f.entity_type, 'entityId', f.entity_id, 'metadata', f.metadata, 'source', f.source,
            'occurredAt', f.occurred_at, 'recordedAt', f.recorded_at),
          f.trace_id, f.priority, ${atOnce.toISOString()}::timestamptz
        from written w join given f on f.id = w.id
        where f.is_reacted_to order by f.n)
      select id, seq from written`,
  );
  const newSeqs = new Map(written.map(({ id, seq }) => [id, Number(seq)]));
  const earlierSeqs = await findSeqs(
    tx,
    actions.map(({ input: { id } }) => id).filter((id) => !newSeqs.has(id)),
  );
  return actions.map(({ input: { id } }) => {
    const seq = newSeqs.get(id);
    if (seq !== undefined) {
      // The second of two with the same id in one batch is a duplicate of the first.
      newSeqs.delete(id);
      earlierSeqs.set(id, seq);
      return { id, seq, duplicate: false };
    }
    const earlier = earlierSeqs.get(id);
    invariant(earlier !== undefined, "an event that conflicts is in the log");
    return { id, seq: earlier, duplicate: true };
  });
}

/** Without those whose id came before in the same batch: a statement cannot see its own conflicts with itself. */
function firstsOf<Given extends { input: ActionInput }>(actions: readonly Given[]): readonly Given[] {
  const seen = new Set<EventId>();
  return actions.filter(({ input: { id } }) => !seen.has(id) && seen.add(id));
}

function toRow({ input, ...options }: { input: ActionInput } & ActionOptions) {
  const { recordedAt = input.occurredAt, metadata = {}, source = "web" } = input;
  return {
    id: input.id,
    action: input.action,
    shopperId: input.shopperId ?? null,
    sessionId: input.sessionId ?? null,
    entityType: input.entityType ?? null,
    entityId: input.entityId ?? null,
    metadata: JSON.stringify(metadata),
    source,
    traceId: input.traceId,
    occurredAt: input.occurredAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
    priority: options.priority ?? priorityOf(input.action),
    isReactedTo: options.isReactedTo ?? true,
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
