import { Worker } from "node:worker_threads";
import { invariant } from "@almanac/kernel";
import type { TrainingOutcome } from "../core/kinds/family.ts";
import type { PackedWorld } from "./pack.ts";
import type { ScoredShoppers } from "./score-shoppers.ts";
import type { Task, TaskMessage } from "./tasks.ts";

export interface ThreadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/** Trains in a thread of its own, so that this one stays free to answer. The same world and seed give the same bytes. */
export async function trainInThread(
  task: Extract<Task, { kind: "train" | "season" }>,
  options: ThreadOptions = {},
): Promise<TrainingOutcome> {
  const message = await runTask(task, options);
  invariant(message.kind === "trained", "a training is answered by its outcome");
  return message.outcome;
}

/** Scores everybody in a thread of its own. */
export async function scoreInThread(
  task: Extract<Task, { kind: "score" }>,
  options: ThreadOptions = {},
): Promise<ScoredShoppers> {
  const message = await runTask(task, options);
  invariant(message.kind === "scored", "a scoring is answered by outlooks");
  return message.scored;
}

/** @throws the signal's reason when it is aborted; what the thread throws */
async function runTask(
  task: Task,
  { signal, onProgress }: ThreadOptions,
): Promise<Exclude<TaskMessage, { kind: "progress" }>> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: task,
    transferList: task.kind === "season" ? [] : buffersOf(task.world),
    name: `models-${task.kind}`,
    // Flags of the main thread, such as a test runner's loaders, do not concern it.
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Exclude<TaskMessage, { kind: "progress" }>>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  worker.on("message", (message: TaskMessage) => {
    if (message.kind === "progress") onProgress?.(message.share);
    else resolve(message);
  });
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The thread of models ended with code ${code}`)));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}

/** The columns are handed over, not copied: the world that was read is gone here afterwards. */
function buffersOf({ orders, acts }: PackedWorld): ArrayBuffer[] {
  return [...orders, ...acts].flatMap((page) =>
    Object.values(page).map((column: ArrayBufferView) => column.buffer as ArrayBuffer),
  );
}
