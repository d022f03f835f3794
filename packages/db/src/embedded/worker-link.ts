import { Worker } from "node:worker_threads";
import { AppError } from "@almanac/kernel";
import { QueryError } from "../driver/query-error.ts";
import type { WorkerAnswer, WorkerCall, WorkerFailure, WorkerMessage, WorkerSettings } from "./messages.ts";

interface Waiting {
  resolve: (value: WorkerAnswer) => void;
  reject: (error: Error) => void;
}

/** The main thread's end of the worker: each call gets its own answer, and a dead worker fails them all. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onNotification: (channel: string, payload: string) => void;
  readonly #ready = Promise.withResolvers<void>();
  #nextId = 1;
  #lost: Error | undefined;

  private constructor(settings: WorkerSettings, onNotification: (channel: string, payload: string) => void) {
    this.#onNotification = onNotification;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: settings,
      name: "database",
      // Flags of the main thread, such as a test runner's loaders, do not concern it.
      execArgv: [],
    });
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#lose(error));
    this.#worker.on("exit", (code) => this.#lose(new Error(`The database thread ended with code ${code}`)));
  }

  /** Starts the worker and waits until its database is open. */
  static async start(
    settings: WorkerSettings,
    onNotification: (channel: string, payload: string) => void,
  ): Promise<WorkerLink> {
    const link = new WorkerLink(settings, onNotification);
    try {
      await link.#ready.promise;
      return link;
    } catch (error) {
      await link.terminate();
      throw error;
    }
  }

  async call(call: WorkerCall): Promise<WorkerAnswer> {
    if (this.#lost) {
      throw new AppError("database_unavailable", "The embedded database is not running", {
        cause: this.#lost,
      });
    }
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
    this.#waiting.set(id, { resolve, reject });
    try {
      this.#worker.postMessage({ ...call, id });
    } catch (error) {
      // A parameter that cannot be copied to another thread.
      this.#waiting.delete(id);
      throw error;
    }
    return promise;
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "ready") this.#ready.resolve();
    else if (message.kind === "failed") this.#ready.reject(errorFrom(message.failure));
    else if (message.kind === "notification") this.#onNotification(message.channel, message.payload);
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === "answer") waiting?.resolve(message.value);
      else waiting?.reject(errorFrom(message.failure));
    }
  }

  #lose(cause: unknown): void {
    if (this.#lost) return;
    this.#lost = cause instanceof Error ? cause : new Error(String(cause));
    const error = new AppError("database_unavailable", "The embedded database stopped", {
      cause: this.#lost,
    });
    this.#ready.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorFrom(failure: WorkerFailure): Error {
  if ("query" in failure) return new QueryError(failure.query);
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
