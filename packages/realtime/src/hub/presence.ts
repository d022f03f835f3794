import type { DatabaseHandle, Queryable } from "@almanac/db";
import { rows } from "@almanac/db";
import { minutes, type Milliseconds, type ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { shopperOf, type Channel } from "../core/topics.ts";
import { replayWindowMs } from "../store.ts";

/**
 * Who follows the live lane, here or by another process, so that nothing is made for pages that nobody has open. Whoever was
 * there within the last five minutes counts as there: a connection that comes back replays so much.
 */
export interface LivePresence {
  /** Somebody begins to follow channels, of which those of shoppers count. @returns takes it back */
  follow(channels: readonly Channel[]): () => void;
  /** Of these shoppers those who may read what is published to them. One statement, and none where this process knows all. */
  among(db: Queryable, shopperIds: Iterable<ShopperId>): Promise<ReadonlySet<ShopperId>>;
  /** Writes down who is there. Tests call it; in service who comes is written at once, and who stays now and then. */
  save(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export interface LivePresenceOptions {
  readonly handle: DatabaseHandle;
  readonly log: Logger;
  /** Milliseconds on a clock that never jumps. */
  readonly monotonic?: () => Milliseconds;
}

/** How often it is written that somebody is still there; who reloads a page within half of it is written once. */
const againMs = minutes(1);
/** Written last so long ago: a connection of which the last word is a minute old and that may come back in five. */
const thereMs = replayWindowMs + againMs;

export function createLivePresence({
  handle,
  log,
  monotonic = () => performance.now(),
}: LivePresenceOptions): LivePresence {
  const following = new Map<ShopperId, number>();
  const writtenAt = new Map<ShopperId, Milliseconds>();
  let coming = new Set<ShopperId>();
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    while (coming.size > 0) {
      const some = [...coming];
      coming = new Set();
      try {
        await noteThere(handle.db, some);
        const at = monotonic();
        for (const shopperId of some) writtenAt.set(shopperId, at);
      } catch (err) {
        log.warn({ err }, "who is there could not be written");
      }
    }
  }

  const isFresh = (shopperId: ShopperId): boolean =>
    monotonic() - (writtenAt.get(shopperId) ?? Number.NEGATIVE_INFINITY) < againMs / 2;

  function writeAgain(): void {
    for (const shopperId of writtenAt.keys()) {
      if (!following.has(shopperId) && !isFresh(shopperId)) writtenAt.delete(shopperId);
    }
    for (const shopperId of following.keys()) coming.add(shopperId);
    void save();
  }

  function save(): Promise<void> {
    writing ??= write().finally(() => (writing = undefined));
    return writing;
  }

  return {
    follow(channels) {
      const mine = new Set(channels.flatMap((channel) => shopperOf(channel) ?? []));
      for (const shopperId of mine) {
        following.set(shopperId, (following.get(shopperId) ?? 0) + 1);
        if (!isFresh(shopperId)) coming.add(shopperId);
      }
      void save();
      return () => {
        for (const shopperId of mine) {
          const left = (following.get(shopperId) ?? 0) - 1;
          if (left > 0) following.set(shopperId, left);
          else following.delete(shopperId);
        }
        mine.clear();
      };
    },
    async among(db, shopperIds) {
      const asked = new Set(shopperIds);
      const here = [...asked].filter((shopperId) => following.has(shopperId));
      const elsewhere = [...asked].filter((shopperId) => !following.has(shopperId));
      return new Set([...here, ...(elsewhere.length > 0 ? await listThere(db, elsewhere) : [])]);
    },
    save,
    start() {
      timer ??= setInterval(writeAgain, againMs);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await writing;
    },
  };
}

/** By the database's clock, as the messages are that they would replay. */
async function noteThere(db: Queryable, shopperIds: readonly ShopperId[]): Promise<void> {
  await db.execute(sql`
    insert into live_presence (shopper_id, seen_at)
    select id, now() from unnest(${sql.param([...shopperIds])}::uuid[]) as there(id) order by id
    on conflict (shopper_id) do update set seen_at = excluded.seen_at`);
}

async function listThere(db: Queryable, shopperIds: readonly ShopperId[]): Promise<ShopperId[]> {
  const found = await rows<{ shopperId: ShopperId }>(
    db,
    sql`
      select shopper_id as "shopperId" from live_presence
      where shopper_id = any(${sql.param([...shopperIds])}::uuid[])
        and seen_at > now() - make_interval(secs => ${thereMs / 1_000})`,
  );
  return found.map(({ shopperId }) => shopperId);
}
