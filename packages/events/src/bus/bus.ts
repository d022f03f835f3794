import type { Logger } from "@almanac/trpc";

export type BusHealth = { readonly status: "ok" } | { readonly status: "degraded"; readonly reason: string };

/**
 * Wakes other parts and other processes up. A message may be lost, so it only ever says "look": what there is to know is
 * in the database, and everybody who listens also looks now and then unasked.
 */
export interface Bus {
  /** Never rejects because a server is away: the message is lost then, and `health` says so. */
  publish(channel: string, message: unknown): Promise<void>;
  /** @returns ends the subscription */
  subscribe(channel: string, listener: BusListener): () => void;
  health(): BusHealth;
  close(): Promise<void>;
}

export type BusListener = (message: unknown) => void;

/** Facts wait in the outbox. */
export const outboxChannel = "outbox";

/** Tells the relays, in every process, that facts were committed. Call it after the commit, not inside the transaction. */
export async function wakeRelay(bus: Bus): Promise<void> {
  await bus.publish(outboxChannel, {});
}

/** The listeners of one process, by channel. One listener's error reaches the log, not the others. */
export class ListenerTable {
  readonly #listeners = new Map<string, Set<BusListener>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns whether it is the channel's first listener */
  add(channel: string, listener: BusListener): boolean {
    const known = this.#listeners.get(channel);
    if (known) {
      known.add(listener);
      return false;
    }
    this.#listeners.set(channel, new Set([listener]));
    return true;
  }

  /** @returns whether the channel has no listener left, and had one */
  remove(channel: string, listener: BusListener): boolean {
    const known = this.#listeners.get(channel);
    if (!known?.delete(listener) || known.size > 0) return false;
    this.#listeners.delete(channel);
    return true;
  }

  deliver(channel: string, text: string): void {
    const known = this.#listeners.get(channel);
    if (!known) return;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (err) {
      this.#log.warn({ channel, err }, "a bus message was not JSON and was ignored");
      return;
    }
    for (const listener of known) {
      try {
        listener(message);
      } catch (err) {
        this.#log.error({ channel, err }, "a bus listener failed");
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
