import { outbox } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { invariant, type EventId, type ShopperId } from "@almanac/kernel";
import { sql } from "drizzle-orm";
import { priorityOf, type EntityType, type Priority, type UserActionType } from "../core/actions.ts";
import type { Fact } from "../core/facts.ts";

export interface FactOptions {
  traceId?: string;
  /** 0 at once, 1 soon (the default), 2 when there is time. */
  priority?: Priority;
  /** Not to be acted on before this moment. */
  availableAt?: Date;
}

/** "At once" on any clock, also one that a demo has set to the past. */
export const atOnce = new Date(0);

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
  /** An event with this id was in the log already; nothing was written. */
  readonly duplicate: boolean;
}

/**
 * Writes an action to the append-only log, and to the events that are to be reacted to (`open-events.ts`). Whether the shopper agreed to be
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

/** At most so many events that were logged together are one row of those that are open. */
const maxTogether = 100;

type GivenAction = { readonly input: ActionInput } & ActionOptions;

/**
 * The same for many, in one statement: an array for each column, as thousands of parameters cost more than the insert, and
 * PostgreSQL reads arrays faster than JSON. What the actions of a call have in common is given once.
 *
 * @returns one answer for each, in order
 */
export async function appendActions(
  tx: Queryable,
  actions: readonly GivenAction[],
): Promise<AppendedAction[]> {
  if (actions.length === 0) return [];
  const firsts = firstsOf(actions);
  const { events, calls, isAnyTold } = columnsOf(firsts);
  // Where nobody is told, the log's rows need not be kept for a second insert.
  const told = isAnyTold
    ? sql`,
      told as (
        insert into open_events (priority, event_seqs)
        select f.priority, array_agg(w.seq order by w.seq)
        from written w join given f on f.id = w.id
        where f.priority is not null group by f.priority, (f.n - 1) / ${maxTogether} order by min(w.seq))`
    : sql``;
  const [written] = await rows<{ ids: EventId[] | null }>(
    tx,
    sql`
      with given as (
        select e.id, e.action, c.shopper_id, e.session_id, e.entity_type, e.entity_id, e.metadata, c.source, c.trace_id,
          e.occurred_at, c.recorded_at, e.priority, e.n
        from unnest(${arrays(events)}) with ordinality
            as e(id, action, session_id, entity_type, entity_id, metadata, occurred_at, priority, call, n)
          join unnest(${arrays(calls)}) with ordinality as c(shopper_id, source, trace_id, recorded_at, call)
            on c.call = e.call),
      written as (
        insert into action_events (id, action, shopper_id, session_id, entity_type, entity_id, metadata, source,
          trace_id, occurred_at, recorded_at)
        select id, action, shopper_id, session_id, entity_type, entity_id, metadata, source,
          trace_id, occurred_at::timestamptz, recorded_at::timestamptz
        from given order by n
        on conflict (id) do nothing
        returning id, seq)${told}
      select case when count(*) < ${firsts.length} then coalesce(array_agg(id::text), '{}') end as ids from written`,
  );
  // The second of two with the same id in one batch is a duplicate of the first.
  const isNew = new Set<EventId>(written?.ids ?? firsts.map(({ input: { id } }) => id));
  return actions.map(({ input: { id } }) => ({ id, duplicate: !isNew.delete(id) }));
}

/** Without those whose id came before in the same batch: a statement cannot see its own conflicts with itself. */
function firstsOf(actions: readonly GivenAction[]): readonly GivenAction[] {
  const seen = new Set<EventId>();
  return actions.filter(({ input: { id } }) => !seen.has(id) && seen.add(id));
}

interface Column {
  readonly type: string;
  readonly values: unknown[];
}

/** The columns of the statement; those of calls hold what one or more actions in a row have in common, which name it by place. */
function columnsOf(actions: readonly GivenAction[]) {
  const column = (type: string): Column => ({ type, values: [] });
  const id = column("uuid");
  const action = column("text");
  const sessionId = column("text");
  const entityType = column("text");
  const entityId = column("text");
  const metadata = column("jsonb");
  const occurredAt = column("text");
  const priority = column("int");
  const call = column("int");
  const shopperId = column("uuid");
  const source = column("text");
  const traceId = column("text");
  const recordedAt = column("text");
  let last: ActionInput | undefined;
  let occurred = { at: new Date(0), text: "" };
  let isAnyTold = false;
  for (const { input, isReactedTo = true, ...options } of actions) {
    if (!last || !isOfOneCall(input, last)) {
      shopperId.values.push(input.shopperId ?? null);
      source.values.push(input.source ?? "web");
      traceId.values.push(input.traceId);
      recordedAt.values.push(momentOfRecord(input).toISOString());
    }
    last = input;
    isAnyTold ||= isReactedTo;
    id.values.push(input.id);
    action.values.push(input.action);
    sessionId.values.push(input.sessionId ?? null);
    entityType.values.push(input.entityType ?? null);
    entityId.values.push(input.entityId ?? null);
    metadata.values.push(input.metadata ? JSON.stringify(input.metadata) : "{}");
    // Most of a call happened at one moment, which is written once.
    if (occurred.at !== input.occurredAt)
      occurred = { at: input.occurredAt, text: input.occurredAt.toISOString() };
    occurredAt.values.push(occurred.text);
    priority.values.push(isReactedTo ? (options.priority ?? priorityOf(input.action)) : null);
    call.values.push(shopperId.values.length);
  }
  return {
    events: [id, action, sessionId, entityType, entityId, metadata, occurredAt, priority, call],
    calls: [shopperId, source, traceId, recordedAt],
    isAnyTold,
  };
}

const momentOfRecord = ({ recordedAt, occurredAt }: ActionInput): Date => recordedAt ?? occurredAt;

const isOfOneCall = (a: ActionInput, b: ActionInput): boolean =>
  a.traceId === b.traceId &&
  a.shopperId === b.shopperId &&
  a.source === b.source &&
  momentOfRecord(a).getTime() === momentOfRecord(b).getTime();

const arrays = (columns: readonly Column[]) =>
  sql.join(
    columns.map(({ type, values }) => sql`${sql.param(values)}::${sql.raw(type)}[]`),
    sql`, `,
  );
