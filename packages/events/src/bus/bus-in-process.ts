import { AsyncLocalStorage } from "node:async_hooks";
import { silentLogger, type Logger } from "@almanac/trpc";
import { ListenerTable, type Bus } from "./bus.ts";

/**
 * The bus of a single process. Messages pass through JSON and arrive in a later microtask, as they would through Redis,
 * so that nothing works here that fails there.
 */
export function createInProcessBus({ log = silentLogger }: { log?: Logger } = {}): Bus {
  const listeners = new ListenerTable(log);
  // Listeners are no part of what the publisher is doing, such as a transaction that is still open.
  const outside = AsyncLocalStorage.snapshot();
  let isClosed = false;
  return {
    publish(channel, message) {
      const text = JSON.stringify(message ?? null);
      queueMicrotask(() => {
        if (!isClosed) outside(() => listeners.deliver(channel, text));
      });
      return Promise.resolve();
    },
    subscribe(channel, listener) {
      // Wrapped, so that one function may listen twice and each is ended by itself.
      const own = (message: unknown): void => listener(message);
      listeners.add(channel, own);
      return () => {
        listeners.remove(channel, own);
      };
    },
    health: () => ({ status: "ok" }),
    close() {
      isClosed = true;
      listeners.clear();
      return Promise.resolve();
    },
  };
}
