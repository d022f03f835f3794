import type { Logger } from "@almanac/trpc";
import { Redis, type RedisOptions } from "ioredis";
import { ListenerTable, type Bus, type BusHealth } from "./bus.ts";

export interface RedisBusOptions {
  url: string;
  log: Logger;
  /** Keeps installations that share one server apart. */
  prefix?: string;
}

/**
 * For a connection in the way of requests: what is asked while Redis is away fails at once, and a Redis that does not answer within
 * a second is away.
 */
export const redisNobodyWaitsFor = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 1_000,
  socketTimeout: 1_000,
} as const satisfies RedisOptions;

/**
 * The bus of several processes, over Redis publish/subscribe. While Redis is away messages are lost and `health` is
 * degraded; it comes back by itself, subscriptions included.
 */
export function createRedisBus({ url, log, prefix = "almanac:bus:" }: RedisBusOptions): Bus {
  const listeners = new ListenerTable(log);
  const retryStrategy = (attempt: number): number => Math.min(2_000, 50 * 2 ** Math.min(attempt, 6));
  const sender = new Redis(url, { ...redisNobodyWaitsFor, retryStrategy });
  // Subscriptions asked for while Redis is away are kept and made when it is back.
  const receiver = new Redis(url, { retryStrategy, maxRetriesPerRequest: null });
  let lastError = "connecting";
  let isClosed = false;

  for (const [name, client] of Object.entries({ sender, receiver })) {
    client.on("error", (error: Error) => {
      if (lastError !== error.message) log.warn({ name, reason: error.message }, "the bus has lost Redis");
      lastError = error.message;
    });
    client.on("ready", () => log.info({ name }, "the bus is connected to Redis"));
  }
  receiver.on("message", (channel: string, text: string) =>
    listeners.deliver(channel.slice(prefix.length), text),
  );

  const health = (): BusHealth => {
    if (sender.status === "ready" && receiver.status === "ready") return { status: "ok" };
    return { status: "degraded", reason: isClosed ? "closed" : `Redis is away: ${lastError}` };
  };

  return {
    async publish(channel, message) {
      try {
        await sender.publish(prefix + channel, JSON.stringify(message ?? null));
      } catch (err) {
        log.debug({ channel, err }, "a bus message was lost");
      }
    },
    subscribe(channel, listener) {
      const own = (message: unknown): void => listener(message);
      if (listeners.add(channel, own)) {
        receiver.subscribe(prefix + channel).catch((err: unknown) => {
          if (!isClosed) log.warn({ channel, err }, "a bus subscription failed");
        });
      }
      return () => {
        if (!listeners.remove(channel, own) || isClosed) return;
        // ioredis rejects this when the connection ends in the meantime; the subscription is gone either way.
        receiver.unsubscribe(prefix + channel).catch((err: unknown) => {
          log.debug({ channel, err }, "a bus subscription was gone already");
        });
      };
    },
    health,
    close() {
      isClosed = true;
      listeners.clear();
      sender.disconnect();
      receiver.disconnect();
      return Promise.resolve();
    },
  };
}
