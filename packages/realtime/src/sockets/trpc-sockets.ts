import type { IncomingMessage } from "node:http";
import { seconds, type Milliseconds } from "@almanac/kernel";
import type { RequestContext } from "@almanac/trpc";
import type { AnyRouter } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { closeCodes } from "../doors/admission.ts";
import { createSocketCalls } from "../core/socket-calls.ts";
import { tokenBucket } from "../core/token-bucket.ts";
import { giveDirectLine } from "../hub/direct-line.ts";
import { endFloods } from "./flood-guard.ts";
import type { LiveSocket } from "./live-socket.ts";
import { maxBufferedBytes, type LiveSink } from "../hub/outlet.ts";
import { socketServerOptions } from "./sockets.ts";
import { writeSharedFrame } from "./socket-write.ts";

const openState = 1;

export interface TrpcSocketSettings {
  /** On average; a page that opens may send three seconds' worth at once. */
  readonly messagesPerSecond: number;
  /** So many calls in one message. */
  readonly maxBatch: number;
  readonly maxSubscriptions: number;
  /** Calls without an answer, subscriptions included. */
  readonly maxCalls: number;
  /** When the address promises connection parameters: how long to wait for them. */
  readonly connectionParamsMs: Milliseconds;
  readonly pingMs: Milliseconds;
  readonly pongWaitMs: Milliseconds;
}

export const defaultTrpcSocketSettings: TrpcSocketSettings = {
  messagesPerSecond: 20,
  maxBatch: 30,
  maxSubscriptions: 20,
  maxCalls: 200,
  connectionParamsMs: seconds(10),
  pingMs: seconds(25),
  pongWaitMs: seconds(10),
};

/** What `new WebSocketServer` should be given for tRPC; a batch of tracked events is larger than a plain frame may be. */
export const trpcSocketServerOptions = { ...socketServerOptions, maxPayload: 65_536 } as const;

type HandlerOptions<Router extends AnyRouter> = Parameters<typeof getWSConnectionHandler<Router>>[0];

export interface TrpcSocketsOptions<Router extends AnyRouter> {
  router: Router;
  createContext: (incoming: IncomingMessage) => Promise<RequestContext>;
  onError?: HandlerOptions<Router>["onError"];
  settings?: Partial<TrpcSocketSettings>;
  monotonic?: () => Milliseconds;
}

export interface TrpcSockets {
  /** Takes over an open socket. */
  accept(socket: LiveSocket, incoming: IncomingMessage): void;
  /** Asks every client to come back, on a connection of its own time. */
  announceReconnect(): void;
  count(): number;
}

/**
 * tRPC's own handler, which decides and answers, with what it leaves open: limits of what one socket may ask, a bound on
 * what waits for a reader, and live messages written as shared frames (architecture, section 4).
 */
export function createTrpcSockets<Router extends AnyRouter>({
  router,
  createContext,
  onError,
  settings: given,
  monotonic = () => performance.now(),
}: TrpcSocketsOptions<Router>): TrpcSockets {
  const settings = { ...defaultTrpcSocketSettings, ...given };
  const { pingMs, pongWaitMs } = settings;
  const sockets = new Set<LiveSocket>();

  function accept(socket: LiveSocket, incoming: IncomingMessage): void {
    sockets.add(socket);
    endFloods(socket, monotonic);
    socket.on("close", () => sockets.delete(socket));
    awaitConnectionParams(socket, incoming, settings.connectionParamsMs);
    // Each socket has an encoder of its own, as the handler does not say for whom it encodes.
    const handler = getWSConnectionHandler({
      router,
      keepAlive: { enabled: true, pingMs, pongWaitMs },
      createContext: ({ req }: { req: IncomingMessage }) => createContext(req),
      onError,
      experimental_encoder: socketEncoder(socket, { settings, monotonic }),
      // The handler's options ask for a context creator in the router's own types; it is the one above.
    } as unknown as HandlerOptions<Router>);
    // It takes a `ws` socket, of which LiveSocket is the part that is used.
    handler(socket as never, incoming);
  }

  return {
    accept,
    announceReconnect() {
      const text = JSON.stringify({ id: null, method: "reconnect" });
      for (const socket of sockets) if (socket.readyState === openState) socket.send(text);
    },
    count: () => sockets.size,
  };
}

/** A client that promised parameters and sends none holds a connection for nothing. */
function awaitConnectionParams(
  socket: LiveSocket,
  { url = "" }: IncomingMessage,
  waitMs: Milliseconds,
): void {
  if (!/[?&]connectionParams=1(&|$)/.test(url)) return;
  const timer = setTimeout(() => socket.close(closeCodes.misbehaved, "no connection parameters"), waitMs);
  const stop = (): void => clearTimeout(timer);
  socket.on("message", stop);
  socket.on("close", stop);
}

interface Request {
  readonly id?: unknown;
  readonly jsonrpc?: unknown;
  readonly method?: unknown;
}

function socketEncoder(
  socket: LiveSocket,
  { settings, monotonic }: { settings: TrpcSocketSettings; monotonic: () => Milliseconds },
) {
  const bucket = tokenBucket(settings.messagesPerSecond, monotonic(), settings.messagesPerSecond * 3);
  const calls = createSocketCalls(settings);

  /** @returns whether it is passed on */
  function admits(request: Request): boolean {
    if (request.method === "subscription.stop") return calls.stop(request.id);
    const message = bucket.take(monotonic()) ? calls.begin(request) : "Too many messages; slow down.";
    if (message !== undefined) refuse(request, message);
    return message === undefined;
  }

  function refuse({ id = null }: Request, message: string): void {
    const data = {
      code: "TOO_MANY_REQUESTS",
      httpStatus: 429,
      category: "limited",
      reason: "too_many_requests",
    };
    socket.send(JSON.stringify({ id, error: { message, code: -32029, data } }));
  }

  return {
    encode(answer: unknown): string {
      // Who asks and does not read must not fill the memory with answers.
      if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
      // Only the handler encodes, and only answers.
      noteAnswer(answer as Answer);
      return JSON.stringify(answer);
    },
    /** An array of what may be done; the rest was refused. */
    decode(data: string | ArrayBuffer | Uint8Array): unknown {
      // Whose session has ended is asked to close, and may go on sending instead.
      if (socket.readyState !== openState) return [];
      if (typeof data !== "string") throw new TypeError("A message of this protocol is text.");
      const asked: unknown = JSON.parse(data);
      const requests: unknown[] = Array.isArray(asked) ? asked : [asked];
      if (requests.length > settings.maxBatch) throw new RangeError("Too many calls in one message.");
      // Connection parameters come alone, and are no request.
      if (!Array.isArray(asked) && !isRequest(asked)) return asked;
      return requests.filter((request) => !isRequest(request) || admits(request));
    },
  };

  function noteAnswer({ id, jsonrpc, result, error }: Answer): void {
    if (calls.answered({ id, error, ...(result && { result }) })) queueMicrotask(() => stop(id));
    if (result?.type !== "data" || result.id === undefined) return;
    giveDirectLine(result.data?.data, () => requestSink(socket, { id, jsonrpc }));
  }

  /** As if the client said it now: it did, when the handler could not know of the subscription yet. */
  function stop(id: unknown): void {
    socket.emit("message", Buffer.from(JSON.stringify({ id, method: "subscription.stop" })), false);
  }
}

interface Answer {
  readonly id?: unknown;
  readonly jsonrpc?: unknown;
  readonly error?: unknown;
  readonly result?: {
    readonly type?: string;
    readonly id?: string;
    readonly data?: { readonly data?: unknown };
  };
}

const isRequest = (value: unknown): value is Request =>
  typeof value === "object" && value !== null && "method" in value;

/** One subscription of a socket, as the end of a lane. */
function requestSink(socket: LiveSocket, { id, jsonrpc }: Pick<Request, "id" | "jsonrpc">): LiveSink {
  const version = jsonrpc === undefined ? "" : `,"jsonrpc":${JSON.stringify(jsonrpc)}`;
  const request = `"id":${JSON.stringify(id)}${version}`;
  return {
    bufferedBytes: () => socket.bufferedAmount,
    write({ frames }) {
      if (socket.readyState === openState) writeSharedFrame(socket, frames.trpcSocket(request));
    },
    drop: () => socket.terminate(),
  };
}
