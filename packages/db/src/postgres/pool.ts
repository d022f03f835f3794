import { AppError } from "@almanac/kernel";
import type { DatabaseLog } from "../log.ts";
import { GuardedConnection } from "./guarded-connection.ts";
import type { FullPoolSettings } from "./settings.ts";

interface Idle {
  connection: GuardedConnection;
  timer: NodeJS.Timeout;
}

/** Lends each connection to one piece of work at a time. A lost connection is thrown away, never lent again. */
export class ConnectionPool {
  readonly #url: string;
  readonly #settings: FullPoolSettings;
  readonly #log: DatabaseLog | undefined;
  readonly #all = new Set<GuardedConnection>();
  /** Most recently used last; that end is taken first, so that the others can age and close. */
  readonly #idle: Idle[] = [];
  readonly #waiting: PromiseWithResolvers<GuardedConnection>[] = [];
  #drained: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(url: string, settings: FullPoolSettings, log: DatabaseLog | undefined) {
    this.#url = url;
    this.#settings = settings;
    this.#log = log;
  }

  async lease<T>(work: (connection: GuardedConnection) => Promise<T>): Promise<T> {
    const connection = await this.#acquire();
    try {
      return await work(connection);
    } finally {
      this.#release(connection);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #acquire(): Promise<GuardedConnection> {
    if (this.#closing) throw new AppError("database_unavailable", "The connection to the database is closed");
    const idle = this.#idle.pop();
    if (idle) {
      clearTimeout(idle.timer);
      return idle.connection;
    }
    if (this.#all.size < this.#settings.maxConnections) return this.#open();
    const waiter = Promise.withResolvers<GuardedConnection>();
    this.#waiting.push(waiter);
    return waiter.promise;
  }

  #open(): GuardedConnection {
    const connection = new GuardedConnection(this.#url, this.#settings, this.#log, (lost) =>
      this.#forget(lost),
    );
    this.#all.add(connection);
    return connection;
  }

  #release(connection: GuardedConnection): void {
    if (connection.isLost) this.#discard(connection);
    else this.#offer(connection);
    if (this.#drained && this.#all.size === this.#idle.length) this.#drained.resolve();
  }

  #offer(connection: GuardedConnection): void {
    const waiter = this.#waiting.shift();
    if (waiter) {
      waiter.resolve(connection);
      return;
    }
    const timer = setTimeout(() => this.#retire(connection), this.#settings.idleTimeoutMs);
    // An idle connection does not keep a finished process alive by its timer.
    timer.unref();
    this.#idle.push({ connection, timer });
  }

  #retire(connection: GuardedConnection): void {
    this.#forget(connection);
    this.#discard(connection);
  }

  /** A connection was lost. While it is lent out it still counts, until its work has noticed and gives it back. */
  #forget(connection: GuardedConnection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index < 0) return;
    clearTimeout(this.#idle[index]?.timer);
    this.#idle.splice(index, 1);
    this.#all.delete(connection);
  }

  #discard(connection: GuardedConnection): void {
    this.#all.delete(connection);
    connection
      .close()
      .catch((error: unknown) => this.#log?.warn({ error }, "a lost connection did not close"));
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve(this.#open());
  }

  async #close(): Promise<void> {
    const closed = new AppError("database_unavailable", "The connection to the database is closed");
    for (const waiter of this.#waiting.splice(0)) waiter.reject(closed);
    await this.#drain();
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all].map((connection) => connection.close()));
    this.#all.clear();
  }

  async #drain(): Promise<void> {
    if (this.#all.size === this.#idle.length) return;
    this.#drained = Promise.withResolvers<void>();
    const timer = setTimeout(this.#drained.resolve, this.#settings.closeTimeoutMs);
    await this.#drained.promise;
    clearTimeout(timer);
  }
}
