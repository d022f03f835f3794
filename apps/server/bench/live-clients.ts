/** Clients of live-lane.ts in a process of their own: sockets by hand, as thousands of `WebSocket` objects cost too much. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface ClientOptions {
  readonly port: number;
  readonly count: number;
  readonly first: number;
  /** Asks for the lane; a bare server sends without being asked. */
  readonly subscribes: boolean;
  /** How many of them stop reading once they follow. */
  readonly deaf: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as ClientOptions;
const waits: number[] = [];
let ready = 0;
let received = 0;
let closed = 0;

/** A masked text frame, as clients send it; the mask is zero, which is a mask too. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

const subscribe = maskedFrame(
  JSON.stringify({
    id: 1,
    method: "subscription",
    params: { path: "realtime.live", input: { topics: ["trending"] } },
  }),
);

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

async function open(index: number): Promise<Socket> {
  const socket = connect(options.port, "127.0.0.1");
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.on("close", () => (closed += 1));
  await once(socket, "connect");
  socket.write(
    `GET /trpc?shopper=${options.first + index} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  const headEnd = answer.indexOf("\r\n\r\n");
  const state = { rest: Buffer.alloc(0) };
  const follow = (): void => {
    ready += 1;
    if (index < options.deaf) socket.pause();
  };
  const onText = (text: string): void => {
    const sentAt = /@([\d.]+)@/.exec(text)?.[1];
    if (sentAt === undefined) {
      if (text.includes("CONNECTION_ACK")) follow();
      return;
    }
    received += 1;
    waits.push(performance.timeOrigin + performance.now() - Number(sentAt));
  };
  socket.on("data", (chunk: Buffer) => read(state, chunk, onText));
  read(state, answer.subarray(headEnd + 4), onText);
  if (options.subscribes) socket.write(subscribe);
  else follow();
  return socket;
}

// Forty at a time, as nobody opens thousands at once but after a restart.
for (let at = 0; at < options.count; at += 40) {
  await Promise.all(Array.from({ length: Math.min(40, options.count - at) }, (_, i) => open(at + i)));
}
process.on("message", (what: string) => {
  if (what === "reset") {
    waits.length = 0;
    received = 0;
    process.send?.({});
  } else process.send?.({ ready, received, closed, waits: what === "waits" ? waits : [] });
});
process.on("disconnect", () => process.exit(0));
process.send?.({});
