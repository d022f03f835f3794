import { rows, type Transaction } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { sql, type SQL } from "drizzle-orm";
import type { FactPayloads } from "../core/facts.ts";
import { atOnce } from "./outbox.ts";
import { toOutboxFact, type FactRow, type OutboxFact, type TakenFact } from "./outbox-fact.ts";

const isoText = (column: string) =>
  sql`to_char(${sql.raw(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The payload of the fact "action.tracked" (`core/facts.ts`), field by field, of a row `e` of the log. */
const payloadOfEvent = sql`
  e.seq, e.id, e.action, e.shopper_id as "shopperId", e.session_id as "sessionId", e.entity_type as "entityType",
  e.entity_id as "entityId", e.metadata, e.source,
  ${isoText("e.occurred_at")} as "occurredAt", ${isoText("e.recorded_at")} as "recordedAt"`;

/**
 * The next rows, locked, most urgent first: as many as hold so many events, but one at least. Those that somebody else has locked
 * are passed over.
 */
const nextRows = (limit: number) => sql`
  select seq from open_events order by priority, seq
  limit greatest(1, (
    select count(*) from (
      select sum(cardinality(event_seqs)) over (order by priority, seq) as events
      from (select priority, seq, event_seqs from open_events order by priority, seq limit ${limit}) as first_rows
    ) as counted where events <= ${limit}))
  for update skip locked`;

/**
 * Takes the next open events, most urgent first and then in the order logged, in the caller's transaction, which applies them: with
 * its commit they are open no more. What another relay has locked is passed over. Index: open_events by priority.
 *
 * @param limit at most so many, unless the first of those that were logged together are more
 */
export async function takeOpenEvents(tx: Transaction, limit: number): Promise<TakenFact[]> {
  const found = await rows<{ priority: number; traceId: string } & FactPayloads["action.tracked"]>(
    tx,
    sql`
      with taken as (
        delete from open_events where seq = any(array(${nextRows(limit)})) returning priority, event_seqs)
      select t.priority, e.trace_id as "traceId", ${payloadOfEvent}
      from taken t join action_events e on e.seq = any(t.event_seqs) order by t.priority, e.seq`,
  );
  return found.map(({ priority, traceId, ...payload }) => ({
    seq: undefined,
    fact: { topic: "action.tracked", payload },
    traceId,
    priority,
    attempts: 0,
  }));
}

/** Makes facts of the outbox of the next open events, for a look at them one by one. */
export function unpackNextEvents(tx: Transaction, limit: number): Promise<OutboxFact[]> {
  return unpackEvents(tx, sql`seq = any(array(${nextRows(limit)}))`);
}

/** The same of all rows that hold something of these shoppers. What a relay has in hand is waited for, and done then. */
export async function unpackEventsOf(tx: Transaction, shopperIds: readonly ShopperId[]): Promise<void> {
  await unpackEvents(
    tx,
    sql`exists (
      select from action_events e
      where e.seq = any(event_seqs) and e.shopper_id = any(${sql.param([...shopperIds])}::uuid[]))`,
  );
}

/** The same of all that are open. */
export async function unpackAllEvents(tx: Transaction): Promise<void> {
  await unpackEvents(tx, sql`true`);
}

async function unpackEvents(tx: Transaction, which: SQL): Promise<OutboxFact[]> {
  const found = await rows<FactRow>(
    tx,
    sql`
      with unpacked as (delete from open_events where ${which} returning priority, event_seqs, created_at)
      insert into outbox (topic, payload, trace_id, priority, available_at, created_at)
      select 'action.tracked', to_jsonb(p), e.trace_id, u.priority, ${atOnce.toISOString()}::timestamptz, u.created_at
      from unpacked u join action_events e on e.seq = any(u.event_seqs), lateral (select ${payloadOfEvent}) as p
      order by u.priority, e.seq
      returning seq, topic, payload, trace_id, priority, attempts`,
  );
  return found.map(toOutboxFact);
}
