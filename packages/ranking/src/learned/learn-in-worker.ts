import { Worker } from "node:worker_threads";
import type { HeldOutFigure } from "../core/learned/judge-order.ts";
import type { LearnedRanking, LearnOptions } from "../core/learned/learn-ranking.ts";
import type { LoggedExample } from "../core/learned/logged-example.ts";

export interface LearnRequest {
  readonly examples: readonly LoggedExample[];
  readonly options: LearnOptions;
}

/** What came of it, with the model as text. */
export interface LearnAnswer extends Pick<
  LearnedRanking,
  "verdict" | "searches" | "orderShare" | "examination"
> {
  /** Both absent where there was not enough to learn from. */
  readonly model?: string;
  readonly heldOut?: HeldOutFigure;
}

/** `learnRanking` in a thread of its own, so that this one stays free to answer searches. */
export async function learnInWorker(request: LearnRequest): Promise<LearnAnswer> {
  const worker = new Worker(new URL("./learn-worker.ts", import.meta.url), {
    workerData: request,
    name: "learn-ranking",
    // Flags of the main thread, such as a test runner's loaders, do not concern it.
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<LearnAnswer>();
  worker.on("message", (answer: LearnAnswer) => resolve(answer));
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The learning thread ended with code ${code}`)));
  try {
    return await promise;
  } finally {
    await worker.terminate();
  }
}
