import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
  type TRPCLink,
} from "@trpc/client";
import { EventSource } from "eventsource";
import type { AppRouter } from "./app-router.ts";
import type { AlmanacClient } from "./client-type.ts";
import { retrySafeCalls } from "./retry-safe-calls.ts";

export interface AlmanacClientOptions {
  /** Where Almanac is, "https://shop.example". */
  readonly url: string;
  /** A key made in the portal or by `apiKeys.create`. Without one: the browser's own session, or a visitor. */
  readonly apiKey?: string;
  /** For calls and server-sent events; the platform's own by default. */
  readonly fetch?: typeof fetch;
  /** How subscriptions travel: over a WebSocket (default), or as server-sent events where those are blocked. */
  readonly live?: "socket" | "events";
  /** How often a query is made at most when network or server fail; 1 never repeats. Mutations are never repeated. */
  readonly attempts?: number;
  /** Before the second attempt, in milliseconds; doubles with each further one. */
  readonly retryDelayMs?: number;
}

/**
 * A client of an Almanac server, for Node 22 or newer and for browsers. Calls of one moment travel together; each takes
 * `{ signal }` to be given up. The socket opens with the first subscription and closes after the last.
 *
 * @throws TypeError for a url that is none
 */
export function createAlmanacClient(options: AlmanacClientOptions): AlmanacClient {
  const { apiKey, live = "socket", attempts = 3, retryDelayMs = 200 } = options;
  const address = trpcAddress(options.url);
  const authorization = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  const callFetch = options.fetch ?? fetch;
  const subscriptions =
    live === "socket" ? overSocket(address, authorization) : overEvents(address, authorization, callFetch);
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === "subscription",
        true: subscriptions,
        false: [
          retrySafeCalls({ attempts, firstDelayMs: retryDelayMs, random: Math.random }),
          httpBatchLink({
            url: address,
            maxItems: 20,
            headers: authorization === undefined ? {} : { authorization },
            fetch: (url, init) => callFetch(url, init as RequestInit),
          }),
        ],
      }),
    ],
  });
}

function trpcAddress(url: string): string {
  if (!URL.canParse(url)) throw new TypeError(`"${url}" is not the address of a server`);
  return `${url.replace(/\/+$/, "")}/trpc`;
}

function overSocket(address: string, authorization: string | undefined): TRPCLink<AppRouter> {
  return wsLink({
    client: createWSClient({
      url: address.replace(/^http/, "ws"),
      lazy: { enabled: true, closeMs: 0 },
      keepAlive: { enabled: true, intervalMs: 25_000, pongTimeoutMs: 5_000 },
      ...(authorization !== undefined && { WebSocket: socketWithHeaders({ authorization }) }),
    }),
  });
}

/** Node's WebSocket takes headers where a browser's takes protocols; a browser has its session and needs no key. */
function socketWithHeaders(headers: Record<string, string>): typeof WebSocket {
  const handshake: object = { headers };
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url, handshake as string[]);
    }
  };
}

function overEvents(
  address: string,
  authorization: string | undefined,
  callFetch: typeof fetch,
): TRPCLink<AppRouter> {
  return httpSubscriptionLink({
    url: address,
    EventSource,
    eventSourceOptions: {
      withCredentials: true,
      fetch: (url, init) =>
        callFetch(url, {
          ...init,
          headers: { ...init.headers, ...(authorization !== undefined && { authorization }) },
        }),
    },
  });
}
