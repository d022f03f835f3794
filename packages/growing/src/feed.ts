import { createHash, randomBytes } from "node:crypto";
import { findFarm } from "@almanac/catalog";
import type { DatabaseHandle, Transaction } from "@almanac/db";
import {
  AppError,
  addCalendarDays,
  days,
  marketDay,
  newId,
  type Clock,
  type FarmId,
  type UserId,
} from "@almanac/kernel";
import { farmCalendar } from "./calendar.ts";
import { toEvent } from "./core/calendar.ts";
import { writeCalendar } from "./core/ical.ts";
import { countFeeds, findFeed, insertFeed, touchFeed, type FeedId } from "./store/feeds.ts";
import { readTimeZone } from "./store/places.ts";

/** A person has a telephone, a tablet and a desk; more addresses are forgotten ones. */
export const maxFeeds = 20;
const pastDays = 60;
const comingDays = 400;

/**
 * A new address for a farm's calendar. Its secret part is told this once; only its hash is kept.
 *
 * @throws AppError `input_invalid` with twenty that are not revoked
 */
export async function createFeed(
  tx: Transaction,
  farmId: FarmId,
  { label, now, userId }: { label: string; now: Date; userId?: UserId },
): Promise<{ feedId: FeedId; token: string }> {
  if ((await countFeeds(tx, farmId)) >= maxFeeds)
    throw new AppError(
      "input_invalid",
      `A farm has at most ${maxFeeds} calendar addresses. Revoke one first.`,
    );
  const token = randomBytes(32).toString("base64url");
  const feedId = newId<FeedId>(now.getTime());
  await insertFeed(tx, {
    id: feedId,
    farmId,
    tokenHash: hashOf(token),
    label,
    createdBy: userId,
    createdAt: now,
  });
  return { feedId, token };
}

export interface FeedText {
  readonly body: string;
  /** Of the body: the same calendar has the same. */
  readonly etag: string;
}

/**
 * The calendar behind an address, from two months ago to thirteen months ahead.
 *
 * @throws AppError `calendar_feed_not_found` for an address that was never given out or was revoked
 */
export async function readFeed(
  { handle, clock }: { handle: DatabaseHandle; clock: Clock },
  token: string,
): Promise<FeedText> {
  const { db } = handle;
  const feed = /^[A-Za-z0-9_-]{43}$/.test(token) ? await findFeed(db, hashOf(token)) : undefined;
  const farm = feed && (await findFarm(db, { id: feed.farmId }));
  if (!feed || !farm) throw new AppError("calendar_feed_not_found", "There is no such calendar.");
  const now = clock.now();
  const timeZone = await readTimeZone(db, farm.id);
  const today = marketDay(now, timeZone);
  const { entries } = await farmCalendar(db, farm.id, {
    from: addCalendarDays(today, -pastDays),
    to: addCalendarDays(today, comingDays),
    now,
  });
  const body = writeCalendar({ name: farm.name, timeZone }, entries.map(toEvent));
  // Once an hour is often enough to see whether somebody still reads it.
  if (!feed.lastReadAt || now.getTime() - feed.lastReadAt.getTime() > days(1) / 24)
    await touchFeed(db, feed.id, now);
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
