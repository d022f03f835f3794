import { Worker } from "node:worker_threads";
import { AppError, invariant, minutes, type Milliseconds } from "@almanac/kernel";
import type { Evaluation } from "../core/arms/evaluate.ts";
import type { RecsysSnapshot } from "../core/snapshot/snapshot.ts";
import type { BuilderAnswer, BuilderCall } from "./messages.ts";

type Pieces = Extract<BuilderCall, { kind: "orders" | "products" }>;
type BuildCall = Extract<BuilderCall, { kind: "build" }>;
type JudgeCall = Extract<BuilderCall, { kind: "judge" }>;

/** One build in a thread of its own: pieces are added as they are read, and `finish` waits for the snapshot. */
export interface SnapshotBuilder {
  add(pieces: Pieces): void;
  /** @throws AppError `recommendations_not_built` when the thread failed, was ended, or took too long */
  finish(call: BuildCall): Promise<RecsysSnapshot>;
  /** Judges the arms instead; fails likewise. */
  judge(call: JudgeCall): Promise<Evaluation | undefined>;
  /** Ends the thread, whatever it is doing. */
  abandon(): Promise<void>;
}

export type StartBuilder = () => SnapshotBuilder;

/** A thread that has not answered by then never will. */
const patienceMs = minutes(5);

/** Starts the thread. It costs some 60 MB and ends with its work, so nothing of it stays. */
export function startBuilder({
  script = new URL("./worker.ts", import.meta.url),
  patience = patienceMs,
}: { script?: URL; patience?: Milliseconds } = {}): SnapshotBuilder {
  // Flags of the main thread, such as a test runner's loaders, do not concern it.
  const worker = new Worker(script, { name: "recommendations", execArgv: [] });
  const answered = Promise.withResolvers<BuilderAnswer>();
  const fail = (why: string, cause?: unknown): void =>
    answered.reject(new AppError("recommendations_not_built", why, { cause }));
  worker.on("message", (answer: BuilderAnswer) => answered.resolve(answer));
  worker.on("error", (cause) => fail(`The building thread failed: ${cause.message}`, cause));
  worker.on("exit", (code) => fail(`The building thread ended with code ${code} before it was done`));
  // A failure is told by `finish`; before that it is nobody's surprise.
  answered.promise.catch(() => undefined);

  async function ask(call: BuildCall | JudgeCall): Promise<BuilderAnswer> {
    const timer = setTimeout(() => {
      fail(`The building thread took longer than ${patience} ms`);
      void worker.terminate();
    }, patience);
    try {
      worker.postMessage(call);
      return await answered.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    add: (pieces) => worker.postMessage(pieces),
    async finish(call) {
      const answer = await ask(call);
      invariant(answer.kind === "built", "a build is answered by a snapshot");
      return answer.snapshot;
    },
    async judge(call) {
      const answer = await ask(call);
      invariant(answer.kind === "judged", "a judgement is answered by figures");
      return answer.evaluation;
    },
    async abandon() {
      await worker.terminate();
    },
  };
}
