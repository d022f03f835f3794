import { entityTypes, trackActions, userActionTypes, wakeRelay } from "@almanac/events";
import { AppError, isUuid, newId, type EventId } from "@almanac/kernel";
import { inputIssues, isSound, type Caller } from "@almanac/trpc";
import { z } from "zod";
import { closeCodes } from "../doors/admission.ts";
import { connectionAck } from "../doors/connection-ack.ts";
import type { OpenConnection } from "../doors/connections.ts";
import { channelsOf, systemChannel } from "../core/topics.ts";
import { slidingCount, tokenBucket } from "../core/token-bucket.ts";
import { openLane, readPlace } from "../hub/lane.ts";
import type { LiveSocket, SocketDeps } from "./live-socket.ts";
import {
  clientMessageSchema,
  livePayloads,
  maxTopics,
  type ClientMessage,
  type ClientMessageOf,
  type ConnectionMessageType,
} from "../messages.ts";
import { createOutlet, maxBufferedBytes } from "../hub/outlet.ts";
import { writeSharedFrame } from "./socket-write.ts";

export interface SocketSession {
  /** Sends a heartbeat when one is due; ends the connection when the client has fallen silent. */
  tick(): void;
  end(code: number, reason: string): void;
  /** Settles when the socket is closed and everything of it is gone. */
  readonly closed: Promise<void>;
}

const openState = 1;
const heartbeatJitter = 0.2;

/** One connection, from its CONNECTION_ACK to its end. */
export function createSocketSession(
  socket: LiveSocket,
  connection: OpenConnection,
  { caller, resumeFrom }: { caller: Caller; resumeFrom?: string },
  deps: SocketDeps,
): SocketSession {
  const { hub, handle, clock, log, settings, monotonic } = deps;
  const lanes = new Map<string, () => void>();
  const bucket = tokenBucket(settings.messagesPerSecond, monotonic());
  const bad = slidingCount(settings.badWindowMs);
  const dropped = slidingCount(settings.badWindowMs);
  const closed = Promise.withResolvers<void>();
  const sessionId = newId();
  let isOpen = true;
  let lastSeenAt = monotonic();
  let heartbeatAt = lastSeenAt + nextHeartbeatMs();
  /** Messages are answered in the order they came, after the greeting. */
  let answering = Promise.resolve();

  function nextHeartbeatMs(): number {
    return settings.heartbeatMs * (1 - heartbeatJitter + 2 * heartbeatJitter * deps.rng.next());
  }

  const outlet = createOutlet(
    {
      bufferedBytes: () => socket.bufferedAmount,
      write({ frames }) {
        if (isOpen && socket.readyState === openState) writeSharedFrame(socket, frames.plainSocket());
      },
      drop: dropSlow,
    },
    { monotonic },
  );

  function dropSlow(): void {
    log.info(
      { sessionId, bufferedAmount: socket.bufferedAmount },
      "a live reader was too slow and was dropped",
    );
    cleanUp();
    socket.terminate();
  }

  /** What is said on this connection alone. */
  function sendFrame(frame: string): void {
    if (!isOpen || socket.readyState !== openState) return;
    if (socket.bufferedAmount + frame.length > maxBufferedBytes) return dropSlow();
    socket.send(frame);
  }

  function say<Type extends ConnectionMessageType>(
    type: Type,
    payload: z.infer<(typeof livePayloads)[Type]>,
  ): void {
    const ts = clock.now().toISOString();
    sendFrame(JSON.stringify({ v: 1, id: "", type, topic: "connection", ts, payload }));
  }

  function refuse(reqId: string | null, error: { code: string; message: string }): void {
    say("ERROR", { reqId, ...error });
  }

  function cleanUp(): void {
    if (!isOpen) return;
    isOpen = false;
    outlet.close();
    unwatch();
    endSystem();
    for (const end of lanes.values()) end();
    lanes.clear();
    connection.close();
    closed.resolve();
  }

  function end(code: number, reason: string): void {
    if (!isOpen) return;
    cleanUp();
    socket.close(code, reason);
  }

  async function greet(): Promise<void> {
    const place = await readPlace({ hub, db: handle.db }, resumeFrom);
    const { afterSeq = hub.lastSeq(), startsOver } = place;
    const now = clock.now();
    const { payload } = connectionAck({ now, sessionId, cursor: afterSeq, startsOver });
    say("CONNECTION_ACK", payload);
  }

  async function subscribe({
    topics,
    resumeFrom: from,
  }: ClientMessageOf<"SUBSCRIBE">["payload"]): Promise<object> {
    const wanted = [...new Set(topics)].map((topic) => ({ topic, channels: channelsOf(topic, caller) }));
    const added = wanted.filter(({ topic }) => !lanes.has(topic));
    if (lanes.size + added.length > maxTopics) {
      throw new AppError("too_many_requests", `At most ${maxTopics} topics on one connection.`);
    }
    const { afterSeq, startsOver } = await readPlace({ hub, db: handle.db }, from ?? resumeFrom);
    if (!isOpen) return {};
    // One lane for all of them, so that what is replayed keeps its order across topics. It ends with the last of them.
    let following = added.length;
    let endLane: (() => void) | undefined;
    for (const { topic } of added) {
      lanes.set(topic, () => {
        following -= 1;
        if (following === 0) endLane?.();
      });
    }
    const isFollowed = (channel: string): boolean =>
      added.some(({ topic, channels }) => lanes.has(topic) && channels.includes(channel));
    try {
      endLane = await openLane({
        hub,
        db: handle.db,
        channels: added.flatMap(({ channels }) => channels),
        afterSeq,
        onDelivery: (delivery) => {
          if (isFollowed(delivery.record.channel)) outlet.offer(delivery);
        },
      });
    } catch (error) {
      for (const { topic } of added) lanes.delete(topic);
      throw error;
    }
    // Nobody may be left: the connection can have ended meanwhile.
    if (following === 0) endLane();
    if (isOpen) connection.addTopics(added.map(({ topic }) => topic));
    return { topics: [...lanes.keys()], ...(startsOver && { startsOver }) };
  }

  function unsubscribe({ topics }: ClientMessageOf<"UNSUBSCRIBE">["payload"]): object {
    for (const topic of topics) {
      lanes.get(topic)?.();
      lanes.delete(topic);
    }
    connection.removeTopics(topics);
    return { topics: [...lanes.keys()] };
  }

  async function track({
    type,
    timestamp,
    ...event
  }: ClientMessageOf<"USER_ACTION">["payload"]): Promise<object> {
    if (!caller.shopperId) throw new AppError("shopper_not_found", "This connection belongs to no shopper.");
    const now = clock.now();
    const input = {
      id: event.id !== undefined && isUuid(event.id) ? (event.id as EventId) : newId<EventId>(now.getTime()),
      action: z.enum(userActionTypes).parse(type),
      entityType: event.entityType === undefined ? undefined : z.enum(entityTypes).parse(event.entityType),
      entityId: event.entityId,
      traceId: sessionId,
      occurredAt: timestamp === undefined ? now : new Date(timestamp),
    };
    const [tracked] = await trackActions(handle, caller.shopperId, [input], { clock, maxOpenFacts: 10_000 });
    if (tracked?.eventProcessed) await wakeRelay(deps.bus);
    return { ...tracked };
  }

  async function recommend(
    request: ClientMessageOf<"REQUEST_RECOMMENDATIONS">["payload"],
    reqId: string | null,
  ) {
    const payload = { ...(await deps.recommend(caller, request)), reqId };
    const ts = clock.now().toISOString();
    const message = { v: 1, id: "", type: "RECOMMENDATION_UPDATE", topic: "personalized", ts, payload };
    sendFrame(JSON.stringify(message));
    return {};
  }

  async function answer(message: ClientMessage, reqId: string | null): Promise<object> {
    switch (message.type) {
      case "SUBSCRIBE":
        return subscribe(message.payload);
      case "UNSUBSCRIBE":
        return unsubscribe(message.payload);
      case "USER_ACTION":
        return track(message.payload);
      case "REQUEST_RECOMMENDATIONS":
        return recommend(message.payload, reqId);
    }
  }

  function refuseBad(reqId: string | null, message: string): void {
    refuse(reqId, { code: "input_invalid", message });
    if (bad.add(monotonic()) >= settings.maxBad) end(closeCodes.misbehaved, "too many bad messages");
  }

  async function handleMessage(text: string): Promise<void> {
    const { reqId, message, problem } = readClientMessage(text);
    if (!message) return refuseBad(reqId, `This is not a message of this protocol: ${problem}.`);
    try {
      const facts = await answer(message, reqId);
      say("ACK", { reqId, request: message.type, ...facts });
    } catch (error) {
      if (error instanceof z.ZodError) return refuseBad(reqId, "This action is not known.");
      const refusal = refusalOf(error);
      if (refusal.code === "invariant_failed") log.error({ err: error, sessionId }, "a live message failed");
      if (refusal.code === "input_invalid") return refuseBad(reqId, refusal.message);
      refuse(reqId, refusal);
    }
  }

  function receive(data: unknown, isBinary: boolean): void {
    lastSeenAt = monotonic();
    if (!isOpen) return;
    const text = isBinary ? "" : String(data);
    if (Buffer.byteLength(text) > settings.maxFrameBytes) return end(closeCodes.tooBig, "frame too big");
    if (!bucket.take(lastSeenAt)) {
      refuse(readClientMessage(text).reqId, {
        code: "RATE_LIMITED",
        message: "Too many messages; slow down.",
      });
      // A burst is forgiven, a flood is not.
      if (dropped.add(lastSeenAt) >= settings.maxBad * settings.messagesPerSecond) {
        end(closeCodes.misbehaved, "too many messages");
      }
      return;
    }
    answering = answering.then(() => (isOpen ? handleMessage(text) : undefined));
  }

  const unwatch = hub.watchSession(caller, () => end(closeCodes.unauthenticated, "session_ended"));
  const endSystem = hub.subscribe([systemChannel], (delivery) => {
    if (delivery.message) outlet.offer(delivery);
  });
  socket.on("message", receive);
  socket.on("pong", () => {
    lastSeenAt = monotonic();
  });
  socket.on("close", cleanUp);
  socket.on("error", (err) => log.debug({ err, sessionId }, "a live socket failed"));
  answering = greet().catch((err: unknown) => {
    log.error({ err, sessionId }, "a live socket could not be greeted");
    end(closeCodes.tryAgainLater, "failed");
  });

  return {
    closed: closed.promise,
    end,
    tick() {
      const now = monotonic();
      if (now - lastSeenAt >= settings.inactivityMs) {
        end(closeCodes.misbehaved, "inactive");
        // A peer that is gone answers no close either.
        socket.terminate();
        return;
      }
      if (now < heartbeatAt) return;
      heartbeatAt = now + nextHeartbeatMs();
      socket.ping();
      say("HEARTBEAT", { serverTime: clock.now().toISOString() });
    },
  };
}

interface ReadMessage {
  readonly reqId: string | null;
  readonly message?: ClientMessage;
  /** Why there is no message. */
  readonly problem?: string;
}

/** Fields may stand in `payload` or, for short, beside `type`. */
function readClientMessage(text: string): ReadMessage {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { reqId: null, problem: "it is no JSON" };
  }
  if (typeof data !== "object" || data === null) return { reqId: null, problem: "it is no JSON object" };
  const { type, reqId, payload, ...rest } = data as Record<string, unknown>;
  const known = typeof reqId === "string" || typeof reqId === "number" ? String(reqId).slice(0, 100) : null;
  if (!isSound(data))
    return { reqId: known, problem: "it has a NUL or half a character in it, or is nested too deep" };
  const read = clientMessageSchema.safeParse({ type, payload: payload ?? rest });
  if (read.success) return { reqId: known, message: read.data };
  const [issue] = inputIssues(read.error);
  return { reqId: known, problem: issue ? `${issue.path}: ${issue.message}` : "it is of no known form" };
}

/** The words of a refusal for a client; those of a bug say nothing. */
function refusalOf(error: unknown): { code: string; message: string } {
  if (error instanceof AppError && error.category !== "internal")
    return { code: error.code, message: error.message };
  return { code: "invariant_failed", message: "Something went wrong on our side." };
}
