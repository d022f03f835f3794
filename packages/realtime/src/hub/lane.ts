import type { Queryable } from "@almanac/db";
import { AppError } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import type { Channel } from "../core/topics.ts";
import { toDelivery, type LiveDelivery, type LiveHub } from "./hub.ts";
import { createOutlet, maxBufferedBytes, type LiveSink } from "./outlet.ts";
import { isOfAnotherLife, lastLiveSeq, listLiveMessages } from "../store.ts";

const replayPage = 200;

export interface LaneOptions {
  hub: LiveHub;
  db: Queryable;
  channels: readonly Channel[];
  /** Replay what came after this message first. */
  afterSeq?: number;
  /** Called in order, each message once. */
  onDelivery: (delivery: LiveDelivery) => void;
}

/**
 * Follows channels from a place in the past without a gap and without a repetition: it subscribes first, then reads what
 * was missed, then lets through what came meanwhile. In any other order something can fall between.
 *
 * @returns ends it
 */
export async function openLane({
  hub,
  db,
  channels,
  afterSeq,
  onDelivery,
}: LaneOptions): Promise<() => void> {
  let waiting: LiveDelivery[] | undefined = [];
  let lastSeq = afterSeq ?? 0;
  const pass = (delivery: LiveDelivery): void => {
    if (delivery.seq <= lastSeq || !delivery.message) return;
    lastSeq = delivery.seq;
    onDelivery(delivery);
  };
  const end = hub.subscribe(channels, (delivery) => {
    if (waiting) waiting.push(delivery);
    else pass(delivery);
  });
  try {
    if (afterSeq !== undefined) lastSeq = await replay();
  } catch (error) {
    end();
    throw error;
  }
  const missed = waiting;
  waiting = undefined;
  for (const delivery of missed) pass(delivery);
  return end;

  async function replay(): Promise<number> {
    const recent = hub.recent(lastSeq);
    if (recent) {
      const mine = new Set(channels);
      for (const delivery of recent) if (mine.has(delivery.record.channel)) pass(delivery);
      return lastSeq;
    }
    // All that came before this place is removed by now, or it is of another life: there is nothing to replay from it.
    if (lastSeq > hub.lastSeq() && lastSeq > (await lastLiveSeq(db))) return 0;
    let records;
    do {
      records = await listLiveMessages(db, { afterSeq: lastSeq, channels, limit: replayPage });
      for (const record of records) pass(toDelivery(record));
    } while (records.length === replayPage);
    return lastSeq;
  }
}

export interface LaneStreamOptions extends Omit<LaneOptions, "onDelivery"> {
  caller: Caller;
  signal: AbortSignal;
}

/**
 * The same as an iteration, until the signal is aborted.
 *
 * @throws AppError `sign_in_required` when the session ends, `too_many_requests` when the reader stays too far behind
 */
export async function* laneDeliveries({
  signal,
  caller,
  ...lane
}: LaneStreamOptions): AsyncGenerator<LiveDelivery> {
  let queue: LiveDelivery[] = [];
  let queuedBytes = 0;
  let failure: AppError | undefined;
  let wake = Promise.withResolvers<void>();
  const fail = (error: AppError): void => {
    failure ??= error;
    wake.resolve();
  };
  const onAbort = (): void => wake.resolve();
  signal.addEventListener("abort", onAbort);
  const unwatch = lane.hub.watchSession(caller, () =>
    fail(new AppError("sign_in_required", "The session has ended.")),
  );
  let end: (() => void) | undefined;
  try {
    end = await openLane({
      ...lane,
      onDelivery(delivery) {
        queue.push(delivery);
        queuedBytes += delivery.frames.byteLength;
        if (queuedBytes > maxBufferedBytes)
          fail(new AppError("too_many_requests", "This reader is too slow."));
        else wake.resolve();
      },
    });
    while (!signal.aborted) {
      if (failure) throw failure;
      const batch = queue;
      queue = [];
      queuedBytes = 0;
      for (const delivery of batch) yield delivery;
      if (batch.length === 0) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    unwatch();
    end?.();
  }
}

export interface DirectLaneOptions extends LaneStreamOptions {
  sink: LiveSink;
}

/**
 * Sends deliveries into a sink until the signal is aborted, the session ends, or the sink ends the connection of a reader
 * that stays behind.
 *
 * @throws AppError `sign_in_required` when the session ends
 */
export async function runDirectLane({ signal, caller, sink, ...lane }: DirectLaneOptions): Promise<void> {
  const outlet = createOutlet(sink);
  const ended = Promise.withResolvers<void>();
  const onAbort = (): void => ended.resolve();
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const unwatch = lane.hub.watchSession(caller, () =>
    ended.reject(new AppError("sign_in_required", "The session has ended.")),
  );
  let end: (() => void) | undefined;
  try {
    end = await openLane({ ...lane, onDelivery: (delivery) => outlet.offer(delivery) });
    await ended.promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
    unwatch();
    end?.();
    outlet.close();
  }
}

/** Where a reader goes on. */
export interface LanePlace {
  /** Replay what came after this message; without one there is nothing to replay. */
  readonly afterSeq: number | undefined;
  /** What the reader knows is of another life of the database: it reads everything anew, and numbers begin below its own. */
  readonly startsOver: boolean;
}

/** The place of a cursor that a client sent back. The database is asked only when the place is ahead of this process. */
export async function readPlace(
  { hub, db }: Pick<LaneOptions, "hub" | "db">,
  cursor: string | null | undefined,
): Promise<LanePlace> {
  const afterSeq = parseCursor(cursor);
  if (afterSeq === undefined || afterSeq <= hub.lastSeq() || !(await isOfAnotherLife(db, afterSeq)))
    return { afterSeq, startsOver: false };
  return { afterSeq: hub.lastSeq(), startsOver: true };
}

/** A cursor that a client sent back. @returns `undefined` when it sent none, or one that no server gave out */
export function parseCursor(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
