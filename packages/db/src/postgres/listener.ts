import postgres from "postgres";
import type { Sql } from "postgres";
import { AppError } from "@almanac/kernel";
import type { DatabaseLog } from "../log.ts";
import { translated } from "./errors.ts";
import type { FullPoolSettings } from "./settings.ts";

const firstRetryMs = 250;
const longestRetryMs = 15_000;

/**
 * Notifications over one connection of their own. `postgres` has a `listen`, but it gives up for good when the server
 * is still away at its first attempt to come back; this one goes on trying until it is closed.
 */
export class NotificationListener {
  readonly #url: string;
  readonly #settings: FullPoolSettings;
  readonly #log: DatabaseLog | undefined;
  readonly #callbacks = new Map<string, Set<(payload: string) => void>>();
  #sql: Sql | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #closed = false;

  constructor(url: string, settings: FullPoolSettings, log: DatabaseLog | undefined) {
    this.#url = url;
    this.#settings = settings;
    this.#log = log;
  }

  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    if (this.#closed) throw new AppError("database_unavailable", "The connection to the database is closed");
    const callbacks = this.#callbacks.get(channel) ?? new Set();
    const isNew = callbacks.size === 0;
    callbacks.add(callback);
    this.#callbacks.set(channel, callbacks);
    this.#sql ??= this.#open();
    if (isNew) await this.#run(this.#sql, `listen ${quoted(channel)}`);
    return () => this.#unlisten(channel, callback);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#callbacks.clear();
    await this.#sql?.end({ timeout: 0 });
  }

  async #unlisten(channel: string, callback: (payload: string) => void): Promise<void> {
    const callbacks = this.#callbacks.get(channel);
    callbacks?.delete(callback);
    if (this.#closed || !callbacks || callbacks.size > 0) return;
    this.#callbacks.delete(channel);
    if (this.#sql && this.#retry === undefined) await this.#run(this.#sql, `unlisten ${quoted(channel)}`);
  }

  async #run(sql: Sql, text: string): Promise<void> {
    try {
      await sql.unsafe(text);
    } catch (error) {
      throw translated(error);
    }
  }

  #open(): Sql {
    const options = {
      max: 1,
      idle_timeout: 0,
      max_lifetime: 0,
      fetch_types: false,
      connect_timeout: this.#settings.connectTimeoutMs / 1000,
      connection: { application_name: `${this.#settings.applicationName} listener` },
      onnotice: () => undefined,
      // Missing from the package's types.
      onnotify: (channel: string, payload: string) => {
        for (const callback of this.#callbacks.get(channel) ?? []) callback(payload);
      },
      onclose: () => {
        if (sql === this.#sql) this.#scheduleReopen();
      },
    };
    const sql: Sql = postgres(this.#url, options);
    return sql;
  }

  #scheduleReopen(): void {
    if (this.#closed || this.#retry !== undefined) return;
    this.#log?.warn({ retryMs: this.#retryMs }, "the connection for notifications was lost");
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#reopen().catch((error: unknown) => {
        this.#log?.warn({ error }, "the connection for notifications is still away");
        this.#scheduleReopen();
      });
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  async #reopen(): Promise<void> {
    const old = this.#sql;
    const sql = this.#open();
    this.#sql = sql;
    await old?.end({ timeout: 0 });
    for (const channel of this.#callbacks.keys()) await this.#run(sql, `listen ${quoted(channel)}`);
    this.#retryMs = firstRetryMs;
  }
}

function quoted(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
