import { and, desc, eq, isNull, lt, sql, type SQL } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { notifications, type NewsId } from "@almanac/db/schema";
import { newId, type ShopperId } from "@almanac/kernel";

export interface NewsRow {
  readonly id: NewsId;
  readonly shopperId: ShopperId;
  /** Of the live message. */
  readonly type: string;
  readonly payload: Record<string, unknown>;
  /** What it is about, the same however often it is told: "price-drop-12". */
  readonly key: string;
}

/** Keeps news in one statement. @returns those that were not kept before */
export async function insertNews(
  tx: Transaction,
  news: readonly NewsRow[],
  createdAt: Date,
): Promise<Set<NewsId>> {
  const given = news.map(({ id, shopperId, type, payload, key }) => ({ id, shopperId, type, payload, key }));
  const inserted = await rows<{ id: NewsId }>(
    tx,
    sql`
      insert into notifications (id, shopper_id, type, payload, dedupe_key, created_at)
      select (n->>'id')::uuid, (n->>'shopperId')::uuid, n->>'type', n->'payload',
        concat(n->>'shopperId', ':', n->>'key'), ${createdAt}::timestamptz
      from jsonb_array_elements(${JSON.stringify(given)}::jsonb) n
      on conflict (dedupe_key) do nothing
      returning id`,
  );
  return new Set(inserted.map(({ id }) => id));
}

export interface KeptNews {
  readonly id: NewsId;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly createdAt: Date;
  readonly readAt: Date | null;
}

/** A place in a shopper's news. */
export interface NewsPlace {
  readonly createdAt: Date;
  readonly id: NewsId;
}

/** A shopper's news, the newest first; of the same millisecond, the largest id first. */
export async function listNews(
  db: Queryable,
  {
    shopperId,
    limit,
    before,
    unreadOnly,
  }: { shopperId: ShopperId; limit: number; before?: NewsPlace; unreadOnly?: boolean },
): Promise<KeptNews[]> {
  const { id, type, payload, createdAt, readAt } = notifications;
  return db
    .select({ id, type, payload, createdAt, readAt })
    .from(notifications)
    .where(
      and(
        eq(notifications.shopperId, shopperId),
        before &&
          sql`(${createdAt}, ${id}) < (${before.createdAt.toISOString()}::timestamptz, ${before.id}::uuid)`,
        unreadOnly ? isNull(readAt) : undefined,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

/** All that is kept of a shopper's news, the newest first, for "download my data". */
export async function exportNews(
  db: Queryable,
  shopperId: ShopperId,
): Promise<Pick<KeptNews, "type" | "payload" | "createdAt" | "readAt">[]> {
  const { type, payload, createdAt, readAt } = notifications;
  return db
    .select({ type, payload, createdAt, readAt })
    .from(notifications)
    .where(eq(notifications.shopperId, shopperId))
    .orderBy(desc(createdAt), desc(notifications.id));
}

/** How many a shopper has not read; counted up to `most`. */
export async function countUnread(db: Queryable, shopperId: ShopperId, most: number): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    sql`
      select count(*)::int as count
      from (select from notifications where shopper_id = ${shopperId} and read_at is null limit ${most}) unread`,
  );
  return found?.count ?? 0;
}

/** Marks a shopper's own as read at a moment, or as unread. @returns those that changed */
export async function setRead(
  tx: Queryable,
  shopperId: ShopperId,
  ids: readonly NewsId[],
  readAt: Date | null,
): Promise<NewsId[]> {
  const changed = await changeRead(
    tx,
    sql`shopper_id = ${shopperId} and id = any(${sql.param([...ids])}::uuid[])
      and read_at is ${readAt ? sql`null` : sql`not null`}`,
    readAt,
  );
  return changed.map(({ id }) => id);
}

/** Marks all of a shopper's news as read. @returns of those that changed, the `most` newest, newest first */
export async function setAllRead(
  tx: Queryable,
  shopperId: ShopperId,
  readAt: Date,
  most: number,
): Promise<NewsId[]> {
  const changed = await changeRead(tx, sql`shopper_id = ${shopperId} and read_at is null`, readAt);
  // Ids are in the order of time.
  return changed
    .map(({ id }) => id)
    .slice(-most)
    .toReversed();
}

/** By id. Locked in that order first, so that two devices that mark the same ones never wait for each other. */
function changeRead(tx: Queryable, which: SQL, readAt: Date | null): Promise<{ id: NewsId }[]> {
  return rows<{ id: NewsId }>(
    tx,
    sql`
      with mine as materialized (select id from notifications where ${which} order by id for update),
        changed as (
          update notifications n set read_at = ${readAt}::timestamptz from mine where n.id = mine.id
          returning n.id)
      select id from changed order by id`,
  );
}

/** A key begins with whose news it is, a UUID. */
const uuidLength = 36;

/** Moves news of one shopper to another; what both were told is kept once, and is read if either read it. */
export async function moveNews(tx: Transaction, fromId: ShopperId, intoId: ShopperId): Promise<boolean> {
  await tx.execute(sql`
    with doubled as (
      delete from notifications f using notifications i
      where f.shopper_id = ${fromId} and i.dedupe_key = ${intoId}::text || substr(f.dedupe_key, ${uuidLength + 1}::int)
      returning i.id, f.read_at)
    update notifications n set read_at = coalesce(n.read_at, d.read_at) from doubled d where n.id = d.id`);
  const moved = await rows(
    tx,
    sql`
      update notifications
      set shopper_id = ${intoId}, dedupe_key = ${intoId}::text || substr(dedupe_key, ${uuidLength + 1}::int)
      where shopper_id = ${fromId} returning id`,
  );
  return moved.length > 0;
}

/** Deletes a shopper's news, and those of visitors who turned out to be them. */
export async function deleteNews(tx: Transaction, shopperId: ShopperId): Promise<void> {
  await tx.execute(sql`
    delete from notifications
    where shopper_id = ${shopperId} or shopper_id in (select id from shoppers where merged_into_id = ${shopperId})`);
}

/** News of longer ago is no news. */
export const newsKeptDays = 90;

/** Rows that one statement removes: more would hold up those who are being told. */
const removedAtOnce = 5_000;

/** The least id of a moment: see `notifications.id`. */
const firstIdOf = (at: Date): NewsId => newId<NewsId>(at.getTime(), new Uint8Array(10));

/** Removes news from before a moment, read or not. @returns how many */
export async function removeOldNews(db: Queryable, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await db
      .delete(notifications)
      .where(
        sql`${notifications.id} in (
          select id from ${notifications} where ${lt(notifications.id, firstIdOf(before))} limit ${removedAtOnce})`,
      )
      .returning({ id: notifications.id });
    removed += found.length;
    if (found.length < removedAtOnce) return removed;
  }
}
