import type { AppRouter } from "@almanac/api-router";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";

/** A page that follows `trending` by tRPC's own link, whose connection can be cut under it. */
export class Reader {
  readonly received: number[] = [];
  /** Resolves when it follows. */
  readonly ready: Promise<void>;
  readonly #client: ReturnType<typeof createWSClient>;
  #socket: WebSocket | undefined;

  constructor(port: number) {
    const keep = (socket: WebSocket): void => void (this.#socket = socket);
    class Kept extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        keep(this);
      }
    }
    this.#client = createWSClient({
      url: `ws://127.0.0.1:${port}/trpc`,
      WebSocket: Kept as unknown as typeof globalThis.WebSocket,
      retryDelayMs: () => 50,
    });
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: this.#client })] });
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    client.realtime.live.subscribe(
      { topics: ["trending"] },
      {
        onData: ({ data }) => {
          if (data.type === "CONNECTION_ACK") ready.resolve();
          if (data.type === "AI_INSIGHT") this.received.push(Number(data.payload.text));
        },
      },
    );
  }

  get last(): number {
    return this.received.at(-1) ?? 0;
  }

  /** @returns whether there was a connection to cut */
  cut(): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.terminate();
    return true;
  }

  stop(): void {
    void this.#client.close();
  }
}
