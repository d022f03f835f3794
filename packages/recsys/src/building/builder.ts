import { Worker } from "node:worker_threads";
import { AppError, minutes, type Milliseconds } from "@almanac/kernel";
import type { RecsysSnapshot } from "../core/snapshot.ts";
import type { BuilderAnswer, BuilderCall } from "./messages.ts";

/** One build in a thread of its own: pieces are added as they are read, and `finish` waits for the snapshot. */
export interface SnapshotBuilder {
  add(call: Exclude<BuilderCall, { kind: "build" }>): void;
  /** @throws AppError `recommendations_not_built` when the thread failed, was ended, or took too long */
  finish(call: Extract<BuilderCall, { kind: "build" }>): Promise<RecsysSnapshot>;
  /** Ends the thread, whatever it is doing. */
  abandon(): Promise<void>;
}

export type StartBuilder = () => SnapshotBuilder;

/** A thread that has not answered by then never will. */
const patienceMs = minutes(5);

/** Starts the thread. It costs some 60 MB and ends with the build, so nothing of it stays. */
export function startBuilder({
  script = new URL("./worker.ts", import.meta.url),
  patience = patienceMs,
}: { script?: URL; patience?: Milliseconds } = {}): SnapshotBuilder {
  // Flags of the main thread, such as a test runner's loaders, do not concern it.
  const worker = new Worker(script, { name: "recommendations", execArgv: [] });
  const built = Promise.withResolvers<RecsysSnapshot>();
  const fail = (why: string, cause?: unknown): void =>
    built.reject(new AppError("recommendations_not_built", why, { cause }));
  worker.on("message", ({ snapshot }: BuilderAnswer) => built.resolve(snapshot));
  worker.on("error", (cause) => fail(`The building thread failed: ${cause.message}`, cause));
  worker.on("exit", (code) => fail(`The building thread ended with code ${code} before it was done`));
  // A failure is told by `finish`; before that it is nobody's surprise.
  built.promise.catch(() => undefined);
  return {
    add: (call) => worker.postMessage(call),
    async finish(call) {
      const timer = setTimeout(() => {
        fail(`The building thread took longer than ${patience} ms`);
        void worker.terminate();
      }, patience);
      try {
        worker.postMessage(call);
        return await built.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    async abandon() {
      await worker.terminate();
    },
  };
}
