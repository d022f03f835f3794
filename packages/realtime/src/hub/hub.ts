import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { seconds, systemClock, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Caller, Logger } from "@almanac/trpc";
import { sessionsChannel, type Channel } from "../core/topics.ts";
import { SharedFrames } from "../sockets/frames.ts";
import type { LiveMessage } from "../messages.ts";
import { createLivePresence, type LivePresence } from "./presence.ts";
import { liveChannel } from "./publish.ts";
import { createSessionWatch } from "../doors/session-watch.ts";
import { lastLiveSeq, listLiveMessages, replayWindowMs, toLiveMessage, type LiveRecord } from "../store.ts";

/** A message on its way to this process's subscribers: made into text once, however many there are. */
export interface LiveDelivery {
  readonly seq: number;
  readonly record: LiveRecord;
  /** Absent for internal messages. */
  readonly message: LiveMessage | undefined;
  /** The bytes of it, shared by all who receive it. */
  readonly frames: SharedFrames;
}

export type LiveListener = (delivery: LiveDelivery) => void;

export interface LiveHubOptions {
  handle: DatabaseHandle;
  bus: Bus;
  /** By which API keys run out. */
  clock: Clock;
  /** By which sessions run out; the market's clock may be set to another year. */
  wallClock?: Clock;
  log: Logger;
  /** How often to look unasked: what bridges a bus that is away. */
  pollMs?: Milliseconds;
}

/** Brings what any process published to the subscribers of this one. */
export interface LiveHub {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Calls the listener for each later message on these channels, in order. @returns ends it */
  subscribe(channels: readonly Channel[], listener: LiveListener): () => void;
  /**
   * Calls back once when the session or the API key that the caller came with ends: it was revoked or ran out, also before
   * this was called. For a visitor, when the browser signs in.
   *
   * @returns stops watching
   */
  watchSession(caller: Caller, onEnded: () => void): () => void;
  /** The newest message that was delivered here. */
  lastSeq(): number;
  /**
   * What was delivered here after a place, oldest first: a short memory, so that those who come back after a moment, all at
   * once, do not ask the database.
   *
   * @returns `undefined` when the place is further back than the memory, or ahead of it
   */
  recent(afterSeq: number): readonly LiveDelivery[] | undefined;
  /** Who follows, here or by another process. */
  readonly presence: LivePresence;
  /** How many subscriptions are open; internal ones included. */
  subscriberCount(): number;
  /** Reads and delivers what is new. Tests call it; in service the bus and the poll do. */
  catchUp(): Promise<void>;
}

const pageSize = 500;

/** The memory of `recent`: at most so many messages, and so many bytes of them. */
const recentMessages = 2_000;
const recentBytes = 4_194_304;

/** When a message was announced whose transaction is still open, look again after so many milliseconds. */
const lookAgainMs = [5, 10, 20, 40, 80, 160, 320] as const;

/**
 * One reader per process: it goes through the kept messages in order, woken by the bus, so a lost or late wake-up delays a
 * message but never loses or repeats it. Architecture, section 4.
 */
export function createLiveHub({
  handle,
  bus,
  clock,
  wallClock = systemClock,
  log,
  pollMs = seconds(1),
}: LiveHubOptions): LiveHub {
  const listeners = new Map<Channel, Set<LiveListener>>();
  const timers = new Set<NodeJS.Timeout>();
  const recent = createRecent();
  const presence = createLivePresence({ handle, log });
  const sessions = createSessionWatch({ db: handle.db, clock, wallClock, log });
  let lastSeq = 0;
  let isRunning = false;
  let isAskedAgain = false;
  let reading: Promise<void> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;

  function deliver(record: LiveRecord): void {
    const delivery = toDelivery(record);
    recent.add(delivery);
    if (record.channel === sessionsChannel) sessions.hear(record.payload);
    const subscribed = listeners.get(record.channel);
    if (!subscribed) return;
    for (const listener of subscribed) {
      try {
        listener(delivery);
      } catch (err) {
        log.error({ err, channel: record.channel }, "a live subscriber failed");
      }
    }
  }

  async function readNew(): Promise<void> {
    let isMore = true;
    while (isMore) {
      isAskedAgain = false;
      const records = await listLiveMessages(handle.db, { afterSeq: lastSeq, limit: pageSize });
      for (const record of records) {
        lastSeq = record.seq;
        deliver(record);
      }
      isMore = records.length === pageSize || isAskedAgain;
    }
  }

  function catchUp(): Promise<void> {
    isAskedAgain = true;
    reading ??= readNew().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  /** Messages that come whole are committed: delivered at once when they are the next ones, else looked for. */
  function hear(message: unknown): void {
    const announcedSeq = announcedSeqOf(message);
    for (const record of isRunning && !reading ? recordsIn(message) : []) {
      if (record.seq !== lastSeq + 1) break;
      lastSeq = record.seq;
      deliver(record);
    }
    if (announcedSeq === 0 || announcedSeq > lastSeq) void look(announcedSeq);
  }

  /** Reads what is new, and again a little later while an announced message is not there yet. */
  async function look(announcedSeq: number, attempt = 0): Promise<void> {
    if (!isRunning) return;
    try {
      await catchUp();
      if (announcedSeq <= lastSeq) return;
    } catch (err) {
      log.warn({ err }, "new live messages could not be read; trying again soon");
    }
    const waitMs = lookAgainMs[attempt];
    if (waitMs === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void look(announcedSeq, attempt + 1);
    }, waitMs);
    timers.add(timer);
  }

  function subscribe(channels: readonly Channel[], listener: LiveListener): () => void {
    // Wrapped, so that one function may subscribe twice and each is ended by itself.
    const own: LiveListener = (delivery) => listener(delivery);
    const mine = [...new Set(channels)];
    for (const channel of mine) {
      const subscribed = listeners.get(channel) ?? new Set();
      listeners.set(channel, subscribed.add(own));
    }
    const leave = presence.follow(mine);
    return () => {
      leave();
      for (const channel of mine) {
        const subscribed = listeners.get(channel);
        if (subscribed?.delete(own) && subscribed.size === 0) listeners.delete(channel);
      }
    };
  }

  return {
    async start() {
      if (isRunning) return;
      lastSeq = await lastLiveSeq(handle.db);
      recent.startAt(lastSeq);
      isRunning = true;
      presence.start();
      unsubscribe = bus.subscribe(liveChannel, (message) => hear(message));
      void look(0);
      poll = setInterval(() => {
        void look(0);
        sessions.sweep();
      }, pollMs);
    },
    async stop() {
      isRunning = false;
      clearInterval(poll);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      unsubscribe?.();
      await Promise.allSettled([reading, presence.stop(), sessions.stop()]);
    },
    subscribe,
    watchSession: (caller, onEnded) => sessions.watch(caller, onEnded),
    lastSeq: () => lastSeq,
    recent: (afterSeq) => (afterSeq > lastSeq ? undefined : recent.after(afterSeq)),
    presence,
    subscriberCount: () => [...listeners.values()].reduce((sum, { size }) => sum + size, sessions.count()),
    catchUp,
  };
}

export function toDelivery(record: LiveRecord): LiveDelivery {
  const message = toLiveMessage(record);
  const frames = new SharedFrames(record.seq, message ? JSON.stringify(message) : "");
  return { seq: record.seq, record, message, frames };
}

function createRecent() {
  let kept: { readonly delivery: LiveDelivery; readonly atMs: number }[] = [];
  let bytes = 0;
  /** Everything after this place is in `kept`. */
  let since = Number.POSITIVE_INFINITY;
  return {
    startAt(seq: number): void {
      kept = [];
      bytes = 0;
      since = seq;
    },
    add(delivery: LiveDelivery): void {
      kept.push({ delivery, atMs: performance.now() });
      bytes += delivery.frames.byteLength;
      if (kept.length <= recentMessages * 1.25 && bytes <= recentBytes * 1.25) return;
      // A quarter at a time, as taking one from the front would move all the others.
      let dropped = 0;
      while (kept.length - dropped > recentMessages || bytes > recentBytes) {
        const oldest = kept[dropped]?.delivery;
        if (!oldest) break;
        bytes -= oldest.frames.byteLength;
        since = oldest.seq;
        dropped += 1;
      }
      kept.splice(0, dropped);
    },
    after(seq: number): readonly LiveDelivery[] | undefined {
      if (seq < since) return undefined;
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((kept[middle]?.delivery.seq ?? 0) <= seq) low = middle + 1;
        else high = middle;
      }
      const oldestMs = performance.now() - replayWindowMs;
      return kept
        .slice(low)
        .filter(({ atMs }) => atMs > oldestMs)
        .map(({ delivery }) => delivery);
    },
  };
}

/** Only `publishLive` sends these, in this or another process of the same version. */
function recordsIn(message: unknown): LiveRecord[] {
  if (typeof message !== "object" || message === null || !("records" in message)) return [];
  const sent = message.records as (Omit<LiveRecord, "at"> & { readonly at: string })[];
  return sent.map((record) => ({ ...record, at: new Date(record.at) }));
}

function announcedSeqOf(message: unknown): number {
  if (typeof message !== "object" || message === null || !("seq" in message)) return 0;
  return typeof message.seq === "number" ? message.seq : 0;
}
