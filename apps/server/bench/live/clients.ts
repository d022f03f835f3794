/** Clients of the live benches in a process of their own: sockets by hand, as thousands of `WebSocket` objects cost too much. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ServerKind } from "./server.ts";

export interface ClientOptions {
  readonly port: number;
  readonly count: number;
  readonly first: number;
  /** A bare server sends without being asked. */
  readonly speaks: ServerKind;
  /** How many of them stop reading once they follow. */
  readonly deaf: number;
  /** Connects again when it loses its server, and goes on from its last message. */
  readonly comesBack?: boolean;
}

export interface Seen {
  /** How many follow now. */
  readonly ready: number;
  /** Messages, of all. */
  readonly received: number;
  readonly closed: number;
  /** Connections that were tried again. */
  readonly attempts: number;
  /** From publication to receipt, milliseconds; empty unless asked for. */
  readonly waits: readonly number[];
}

const options = JSON.parse(process.argv[2] ?? "{}") as ClientOptions;
const waits: number[] = [];
let ready = 0;
let received = 0;
let closed = 0;
let attempts = 0;

/** A masked text frame, as clients send it; the mask is zero, which is a mask too. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

function subscription(lastEventId: string | undefined): Buffer {
  const input = { topics: ["trending"], lastEventId };
  return maskedFrame(
    JSON.stringify({ id: 1, method: "subscription", params: { path: "realtime.live", input } }),
  );
}

/** Reads frames; a message carries the moment at which it was published. */
function read(state: { rest: Buffer }, chunk: Buffer, onText: (text: string) => void): void {
  let at = 0;
  const data = state.rest.length === 0 ? chunk : Buffer.concat([state.rest, chunk]);
  while (at + 2 <= data.length) {
    const short = (data[at + 1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (at + head > data.length) break;
    const length =
      short === 126
        ? data.readUInt16BE(at + 2)
        : short === 127
          ? Number(data.readBigUInt64BE(at + 2))
          : short;
    if (at + head + length > data.length) break;
    if (((data[at] ?? 0) & 0x0f) === 1) onText(data.toString("latin1", at + head, at + head + length));
    at += head + length;
  }
  state.rest = Buffer.from(data.subarray(at));
}

const path = options.speaks === "socket.io" ? "/socket.io/?EIO=4&transport=websocket" : "/trpc?x=1";

/** One client; it comes back when it should, with full jitter as the client package has it. */
class Client {
  readonly #index: number;
  #lastEventId: string | undefined;
  #isReady = false;
  #attempt = 0;
  #lostAtMs: number | undefined;

  constructor(index: number) {
    this.#index = index;
  }

  async open(): Promise<void> {
    const socket = connect(options.port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#lost());
    try {
      await once(socket, "connect");
      socket.write(
        `GET ${path}&shopper=${options.first + this.#index} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n` +
          `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n` +
          `Sec-WebSocket-Version: 13\r\n\r\n`,
      );
      const [answer] = (await once(socket, "data")) as [Buffer];
      const state = { rest: Buffer.alloc(0) };
      const onText = (text: string): void => this.#hear(text, socket);
      socket.on("data", (chunk: Buffer) => read(state, chunk, onText));
      read(state, answer.subarray(answer.indexOf("\r\n\r\n") + 4), onText);
      if (options.speaks === "socket.io") socket.write(maskedFrame("40"));
      else if (options.speaks === "bare") this.#follow(socket);
      else socket.write(subscription(this.#lastEventId));
    } catch {
      socket.destroy();
    }
  }

  #hear(text: string, socket: Socket): void {
    const sentAt = /@([\d.]+)@/.exec(text)?.[1];
    this.#lastEventId = /"id":"(\d+)"/.exec(text)?.[1] ?? this.#lastEventId;
    if (sentAt !== undefined) {
      received += 1;
      waits.push(performance.timeOrigin + performance.now() - Number(sentAt));
    } else if (text.includes("CONNECTION_ACK")) this.#follow(socket);
    // A ping of Socket.IO, or of tRPC.
    else if (text === "2") socket.write(maskedFrame("3"));
    else if (text === "PING") socket.write(maskedFrame("PONG"));
  }

  #follow(socket: Socket): void {
    if (!this.#isReady) ready += 1;
    this.#isReady = true;
    this.#attempt = 0;
    this.#lostAtMs = undefined;
    if (this.#index < options.deaf) socket.pause();
  }

  #lost(): void {
    closed += 1;
    if (this.#isReady) ready -= 1;
    this.#isReady = false;
    if (!options.comesBack) return;
    this.#lostAtMs ??= performance.now();
    const troubledMs = Math.max(1_000, 2 * (performance.now() - this.#lostAtMs));
    const delayMs = Math.random() * Math.min(30_000, 1_000 * 2 ** this.#attempt++, troubledMs);
    setTimeout(() => {
      attempts += 1;
      void this.open();
    }, delayMs);
  }
}

// Forty at a time, as nobody opens thousands at once but after a restart.
for (let at = 0; at < options.count; at += 40) {
  await Promise.all(
    Array.from({ length: Math.min(40, options.count - at) }, (_, i) => new Client(at + i).open()),
  );
}
process.on("message", (what: string) => {
  if (what === "reset") {
    waits.length = 0;
    received = 0;
    process.send?.({});
  } else {
    const seen: Seen = { ready, received, closed, attempts, waits: what === "waits" ? waits : [] };
    process.send?.(seen);
  }
});
process.on("disconnect", () => process.exit(0));
process.send?.({});
