import { and, asc, count, eq, isNull } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { calendarFeeds } from "@almanac/db/schema";
import type { FarmId, Id } from "@almanac/kernel";

export type FeedId = Id<"calendar-feed">;
export type StoredFeed = typeof calendarFeeds.$inferSelect;

/** Addresses that are not revoked, the oldest first. */
export async function listFeeds(db: Queryable, farmId: FarmId): Promise<StoredFeed[]> {
  return db
    .select()
    .from(calendarFeeds)
    .where(and(eq(calendarFeeds.farmId, farmId), isNull(calendarFeeds.revokedAt)))
    .orderBy(asc(calendarFeeds.createdAt), asc(calendarFeeds.id))
    .limit(100);
}

export async function countFeeds(db: Queryable, farmId: FarmId): Promise<number> {
  const [row] = await db
    .select({ feeds: count() })
    .from(calendarFeeds)
    .where(and(eq(calendarFeeds.farmId, farmId), isNull(calendarFeeds.revokedAt)));
  return row?.feeds ?? 0;
}

export async function insertFeed(tx: Queryable, feed: typeof calendarFeeds.$inferInsert): Promise<void> {
  await tx.insert(calendarFeeds).values(feed);
}

/** @returns whether there was one */
export async function revokeFeed(tx: Queryable, farmId: FarmId, id: FeedId, at: Date): Promise<boolean> {
  const rows = await tx
    .update(calendarFeeds)
    .set({ revokedAt: at })
    .where(and(eq(calendarFeeds.id, id), eq(calendarFeeds.farmId, farmId), isNull(calendarFeeds.revokedAt)))
    .returning({ id: calendarFeeds.id });
  return rows.length > 0;
}

export async function findFeed(db: Queryable, tokenHash: string): Promise<StoredFeed | undefined> {
  const [row] = await db
    .select()
    .from(calendarFeeds)
    .where(and(eq(calendarFeeds.tokenHash, tokenHash), isNull(calendarFeeds.revokedAt)));
  return row;
}

export async function touchFeed(db: Queryable, id: FeedId, at: Date): Promise<void> {
  await db.update(calendarFeeds).set({ lastReadAt: at }).where(eq(calendarFeeds.id, id));
}
