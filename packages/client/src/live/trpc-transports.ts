import {
  createTRPCUntypedClient,
  createWSClient,
  httpBatchLink,
  httpSubscriptionLink,
  wsLink,
} from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import type { LiveTransport, TransportEvents } from "./lane.ts";
import { isRecord } from "./message.ts";
import type { Poll, PollAnswer } from "./poller.ts";

export interface LiveTransports {
  readonly socket: LiveTransport;
  readonly stream: LiveTransport;
  readonly poll: Poll;
}

/** Longer than anybody looks at a page: when to try again is decided by the lane, not by the link. */
const never = 2 ** 30;

/**
 * The three ways to the live lane of a server.
 *
 * @param url address of the router over HTTP, "/trpc" or absolute
 * @param socketUrl the same as a WebSocket address
 */
export function trpcTransports({
  url,
  socketUrl,
  topics,
}: {
  url: string;
  socketUrl: string;
  topics: readonly string[];
}): LiveTransports {
  const http = createTRPCUntypedClient<AnyRouter>({ links: [httpBatchLink({ url })] });
  const input = (cursor: string | undefined) => ({
    topics,
    ...(cursor !== undefined && { lastEventId: cursor }),
  });
  return {
    socket: {
      open({ cursor, ...events }) {
        const once = onlyOnce(events);
        const client = createWSClient({
          url: socketUrl,
          retryDelayMs: () => never,
          onClose: once.onClose,
          onError: once.onClose,
        });
        const subscription = subscribe(
          createTRPCUntypedClient<AnyRouter>({ links: [wsLink({ client })] }),
          input(cursor),
          once,
        );
        return {
          close() {
            once.silence();
            subscription.unsubscribe();
            void client.close();
          },
          ping() {
            const ws = client.connection?.ws;
            if (ws?.readyState !== WebSocket.OPEN) return;
            ws.addEventListener("message", () => once.onAlive(), { once: true });
            ws.send("PING");
          },
        };
      },
    },
    stream: {
      open({ cursor, ...events }) {
        const once = onlyOnce(events);
        const client = createTRPCUntypedClient<AnyRouter>({ links: [httpSubscriptionLink({ url })] });
        const subscription = subscribe(client, input(cursor), once);
        return {
          close() {
            once.silence();
            subscription.unsubscribe();
          },
        };
      },
    },
    async poll(cursor, signal) {
      const asked = { topics, ...(cursor !== undefined && { cursor }) };
      const answer = await http.query("realtime.poll", asked, { signal });
      return readPollAnswer(answer);
    },
  };
}

function subscribe(
  client: ReturnType<typeof createTRPCUntypedClient<AnyRouter>>,
  input: object,
  events: TransportEvents,
): { unsubscribe(): void } {
  return client.subscription("realtime.live", input, {
    onStarted: () => events.onOpen(),
    onData: (event) => events.onData(isRecord(event) && "data" in event ? event["data"] : event),
    onError: () => events.onClose(),
    onStopped: () => events.onClose(),
    onComplete: () => events.onClose(),
    onConnectionStateChange: (change) => {
      if (change.type === "state" && change.state === "connecting" && change.error) events.onClose();
    },
  });
}

function onlyOnce(events: TransportEvents): TransportEvents & { silence(): void } {
  let isOver = false;
  return {
    onOpen: () => {
      if (!isOver) events.onOpen();
    },
    onData: (data) => {
      if (!isOver) events.onData(data);
    },
    onAlive: () => {
      if (!isOver) events.onAlive();
    },
    onClose: () => {
      if (isOver) return;
      isOver = true;
      events.onClose();
    },
    silence: () => {
      isOver = true;
    },
  };
}

function readPollAnswer(answer: unknown): PollAnswer {
  if (!isRecord(answer) || typeof answer["cursor"] !== "string" || !Array.isArray(answer["messages"])) {
    throw new TypeError("The answer of realtime.poll has another shape.");
  }
  return {
    messages: answer["messages"],
    cursor: answer["cursor"],
    startsOver: answer["startsOver"] === true,
  };
}
