import { liveMessages } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { days, invariant, minutes, type Milliseconds } from "@almanac/kernel";
import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import { topicOf, type Channel } from "./core/topics.ts";
import { monitorTopic, parseLiveMessage, type LiveMessage } from "./messages.ts";

/** A message as it is kept: in the order of `seq`, which is the order of the commits. */
export interface LiveRecord {
  readonly seq: number;
  readonly channel: Channel;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly at: Date;
}

/** How far back a lost connection can resume (RT-01). */
export const replayWindowMs: Milliseconds = minutes(5);
/** What operators are told is kept for longer: most of it comes while none of them looks. */
const operatorAlert = "SYSTEM_ALERT";
const keepAlertsMs: Milliseconds = days(14);

/**
 * Keeps a message. The lock makes publishers take turns from the number's being given out to its commit; without it a
 * reader could see 8 before 7 and then never look for 7. It is held until the caller's transaction ends.
 */
export async function insertLiveMessage(
  db: Queryable,
  { channel, type, payload }: Pick<LiveRecord, "channel" | "type" | "payload">,
): Promise<number> {
  const [inserted] = await rows<{ seq: number }>(
    db,
    sql`
      with turn as materialized (select pg_advisory_xact_lock(hashtextextended('live_messages', 0)))
      insert into live_messages (topic, type, payload, at)
      select ${channel}, ${type}, ${JSON.stringify(payload)}::jsonb, clock_timestamp() from turn
      returning seq`,
  );
  invariant(inserted, "an insert answers its row");
  return Number(inserted.seq);
}

/**
 * Keeps several messages in one statement, in the order given.
 *
 * @returns them as they are kept: committed, so that they may be delivered, unless `db` is a transaction that is still open
 */
export async function insertLiveMessages(
  db: Queryable,
  messages: readonly Pick<LiveRecord, "channel" | "type" | "payload">[],
): Promise<LiveRecord[]> {
  const inserted = await rows<{ seq: number; at: string }>(
    db,
    sql`
      with turn as materialized (select pg_advisory_xact_lock(hashtextextended('live_messages', 0)))
      insert into live_messages (topic, type, payload, at)
      select given.value->>'channel', given.value->>'type', given.value->'payload', clock_timestamp()
      from turn, jsonb_array_elements(${JSON.stringify(messages)}::jsonb) with ordinality as given(value, place)
      order by given.place
      returning seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  const kept = inserted.map(({ seq, at }) => ({ seq: Number(seq), at: new Date(at) }));
  kept.sort((a, b) => a.seq - b.seq);
  return messages.map((message, index) => {
    const row = kept[index];
    invariant(row, "an insert answers all its rows");
    return { ...message, ...row };
  });
}

/** Messages after a place, oldest first; of these channels, or of all. */
export async function listLiveMessages(
  db: Queryable,
  { afterSeq, channels, limit }: { afterSeq: number; channels?: readonly Channel[]; limit: number },
): Promise<LiveRecord[]> {
  const found = await db
    .select()
    .from(liveMessages)
    .where(
      and(
        gt(liveMessages.seq, afterSeq),
        channels ? inArray(liveMessages.topic, [...channels]) : undefined,
        // By the database's clock, which wrote `at`: a demo's clock may stand elsewhere.
        channels
          ? sql`${liveMessages.at} > now() - make_interval(secs => ${replayWindowMs / 1_000})`
          : undefined,
      ),
    )
    .orderBy(asc(liveMessages.seq))
    .limit(limit);
  return found.map(({ topic, ...row }) => ({ ...row, channel: topic }));
}

/** The place of the newest message; 0 when there is none. */
export async function lastLiveSeq(db: Queryable): Promise<number> {
  const [found] = await rows<{ seq: number }>(
    db,
    sql`select coalesce(max(seq), 0) as seq from live_messages`,
  );
  return Number(found?.seq ?? 0);
}

/**
 * Whether a place was never given out here: it is of another life of the database, such as the days that were lost when a
 * backup was put back. Old messages are removed, so that the newest of them does not tell.
 */
export async function isOfAnotherLife(db: Queryable, seq: number): Promise<boolean> {
  const [given] = await rows<{ last: number }>(
    db,
    sql`select case when is_called then last_value else 0 end as last from live_messages_seq_seq`,
  );
  return seq > Number(given?.last ?? 0);
}

/** What operators were told, newest first: also those who were not there at that moment. */
export async function listOperatorAlerts(db: Queryable, limit: number): Promise<LiveRecord[]> {
  const found = await db
    .select()
    .from(liveMessages)
    .where(and(eq(liveMessages.topic, monitorTopic), eq(liveMessages.type, operatorAlert)))
    .orderBy(desc(liveMessages.seq))
    .limit(limit);
  return found.map(({ topic, ...row }) => ({ ...row, channel: topic }));
}

/** Removes what nobody can resume from any more, and alerts to operators after two weeks. @returns how many messages */
export async function removeOldLiveMessages(db: Queryable): Promise<number> {
  const keepSeconds = (replayWindowMs * 2) / 1_000;
  const keepAlertSeconds = keepAlertsMs / 1_000;
  const [removed] = await rows<{ count: number }>(
    db,
    sql`
      with gone as (
        delete from live_messages where at < now() - make_interval(secs => ${keepSeconds})
          and (topic <> ${monitorTopic} or type <> ${operatorAlert}
            or at < now() - make_interval(secs => ${keepAlertSeconds}))
        returning seq),
      tickets as (delete from live_tickets where expires_at < now() - interval '1 day'),
      away as (delete from live_presence where seen_at < now() - make_interval(secs => ${keepSeconds}))
      select count(*)::int as count from gone`,
  );
  return removed?.count ?? 0;
}

/** As it goes over the wire; `undefined` for internal ones, and for what an older version published. */
export function toLiveMessage({ seq, channel, type, payload, at }: LiveRecord): LiveMessage | undefined {
  const id = String(seq);
  return parseLiveMessage({ v: 1, id, type, topic: topicOf(channel), ts: at.toISOString(), payload });
}
