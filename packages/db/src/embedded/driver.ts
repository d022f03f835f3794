import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { invariant } from "@almanac/kernel";
import type { Driver, QueryOptions, QueryResult, SqlConnection } from "../driver/client.ts";
import { lockFolder } from "./lock-file.ts";
import type { FolderLock } from "./lock-file.ts";
import type { WorkerAnswer } from "./messages.ts";
import { Turnstile } from "./turnstile.ts";
import { WorkerLink } from "./worker-link.ts";

export interface EmbeddedSettings {
  /** Folder of the installation; the database goes into `pg` below it. "memory" keeps everything in memory. */
  dataDir: string;
  /** Archive made by `dump`, to start from instead of an empty database. */
  archivePath?: string;
}

type Listeners = Map<string, Set<(payload: string) => void>>;

/** PGlite in a worker thread. One connection: single statements share it in order, a transaction has it alone. */
export class EmbeddedDriver implements Driver {
  readonly name = "pglite";
  readonly #turnstile = new Turnstile();
  readonly #listeners: Listeners;
  readonly #link: WorkerLink;
  readonly #lock: FolderLock | undefined;
  #closing: Promise<void> | undefined;

  private constructor(link: WorkerLink, lock: FolderLock | undefined, listeners: Listeners) {
    this.#link = link;
    this.#lock = lock;
    this.#listeners = listeners;
  }

  static async open({ dataDir, archivePath }: EmbeddedSettings): Promise<EmbeddedDriver> {
    const listeners: Listeners = new Map();
    const notify = (channel: string, payload: string) => {
      for (const callback of listeners.get(channel) ?? []) callback(payload);
    };
    if (dataDir === "memory") {
      return new EmbeddedDriver(await WorkerLink.start({ archivePath }, notify), undefined, listeners);
    }
    const lock = await lockFolder(dataDir);
    try {
      const folder = join(dataDir, "pg");
      await mkdir(folder, { recursive: true });
      return new EmbeddedDriver(await WorkerLink.start({ folder, archivePath }, notify), lock, listeners);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  query<Row>(text: string, params: readonly unknown[], options: QueryOptions): Promise<QueryResult<Row>> {
    return this.#turnstile.shared(() => this.#send<Row>(text, params, options));
  }

  lease<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    return this.#turnstile.alone(() =>
      work({
        query: (text, params = [], options = {}) => this.#send(text, params, options),
        exec: async (text) => {
          const answer = await this.#link.call({ kind: "exec", text });
          invariant(Array.isArray(answer), "the worker answers a script with one result for each statement");
          return answer;
        },
      }),
    );
  }

  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    const known = this.#listeners.get(channel);
    const callbacks = known ?? new Set();
    callbacks.add(callback);
    this.#listeners.set(channel, callbacks);
    if (!known) await this.#turnstile.shared(() => this.#link.call({ kind: "listen", channel }));
    return async () => {
      callbacks.delete(callback);
      if (callbacks.size > 0 || !this.#listeners.delete(channel) || this.#closing) return;
      await this.#turnstile.shared(() => this.#link.call({ kind: "unlisten", channel }));
    };
  }

  /** The whole database as a tar archive that `archivePath` accepts. */
  dump(): Promise<Uint8Array> {
    return this.#turnstile.alone(async () => {
      const archive = await this.#link.call({ kind: "dump" });
      invariant(archive instanceof Uint8Array, "the worker answers a dump with bytes");
      return archive;
    });
  }

  /** Waits for what is under way, flushes, and frees the folder. Calling it again does nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#turnstile.alone(async () => {
      try {
        await this.#link.call({ kind: "close" });
      } finally {
        await this.#link.terminate();
        await this.#lock?.release();
      }
    });
    return this.#closing;
  }

  async #send<Row>(
    text: string,
    params: readonly unknown[],
    options: QueryOptions,
  ): Promise<QueryResult<Row>> {
    const answer = await this.#link.call({
      kind: "query",
      text,
      params,
      rowMode: options.rowMode ?? "object",
    });
    return resultOf<Row>(answer);
  }
}

function resultOf<Row>(answer: WorkerAnswer): QueryResult<Row> {
  invariant(answer !== undefined && "rows" in answer, "the worker answers a query with rows");
  return answer as QueryResult<Row>;
}
