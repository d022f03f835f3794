import { sessions, users } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { UserId } from "@almanac/kernel";
import type { LiveSocket } from "./sockets/live-socket.ts";

/** Writes sessions of a person, who is written too; they last beyond any test. */
export async function addSessions(
  db: Queryable,
  userId: UserId,
  ...sessionIds: readonly string[]
): Promise<void> {
  await db
    .insert(users)
    .values({ id: userId, name: "Maya", email: "maya@demo.example" })
    .onConflictDoNothing();
  const expiresAt = new Date("2100-01-01T00:00:00Z");
  await db.insert(sessions).values(sessionIds.map((id) => ({ id, userId, token: id, expiresAt })));
}

/** What a test sees of a message that a server sent. */
export interface SentMessage {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
}

/** A socket without a network: what the server sent is in `sent`, what the client does is a call. */
export interface FakeSocket extends LiveSocket {
  bufferedAmount: number;
  readyState: number;
  readonly sent: SentMessage[];
  readonly closedWith: { code: number; reason: string }[];
  pings: number;
  isTerminated: boolean;
  /** The client sends a message; anything but text is sent as JSON. */
  receive(message: unknown): void;
  pong(): void;
  /** The connection breaks. */
  drop(): void;
  ofType(type: string): SentMessage[];
}

export function fakeSocket(): FakeSocket {
  const listeners = new Map<string, ((...values: unknown[]) => void)[]>();
  const emit = (event: string, ...values: unknown[]): void => {
    for (const listener of listeners.get(event) ?? []) listener(...values);
  };
  const socket: FakeSocket = {
    readyState: 1,
    bufferedAmount: 0,
    sent: [],
    closedWith: [],
    pings: 0,
    isTerminated: false,
    send: (data) => void socket.sent.push(JSON.parse(data) as SentMessage),
    ping: () => void (socket.pings += 1),
    close(code, reason) {
      socket.closedWith.push({ code, reason });
      socket.readyState = 3;
      emit("close");
    },
    terminate() {
      socket.isTerminated = true;
      socket.readyState = 3;
      emit("close");
    },
    on(event: string, listener: (...values: never[]) => void) {
      const known = listeners.get(event) ?? [];
      // The listener takes what its event gives; the overloads of LiveSocket say so.
      listeners.set(event, [...known, listener as (...values: unknown[]) => void]);
    },
    emit,
    receive: (message) =>
      emit("message", Buffer.from(typeof message === "string" ? message : JSON.stringify(message)), false),
    pong: () => emit("pong"),
    drop() {
      socket.readyState = 3;
      emit("close");
    },
    ofType: (type) => socket.sent.filter((message) => message.type === type),
  };
  return socket;
}
