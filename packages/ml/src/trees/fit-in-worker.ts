import { Worker } from "node:worker_threads";
import type { BoostedTrees, BoostingOptions, TrainingData } from "./boosted-trees.ts";

export interface FitRequest {
  readonly data: TrainingData;
  readonly options: Omit<BoostingOptions, "onProgress">;
}

export type FitMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "model"; readonly model: BoostedTrees };

export interface WorkerOptions extends BoostingOptions {
  /** Ends the fit when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * `fitBoostedTrees` in a thread of its own, so that this one stays free to answer. The same data, options and seed give
 * the same model as here. The data is copied to the thread once.
 *
 * @throws the signal's reason when it is aborted, before or during the fit; what `fitBoostedTrees` throws
 */
export async function fitInWorker(data: TrainingData, options: WorkerOptions = {}): Promise<BoostedTrees> {
  const { signal, onProgress, ...rest } = options;
  signal?.throwIfAborted();
  const request: FitRequest = { data, options: rest };
  const worker = new Worker(new URL("./fit-worker.ts", import.meta.url), {
    workerData: request,
    name: "fit-boosted-trees",
    // Flags of the main thread, such as a test runner's loaders, do not concern it.
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<BoostedTrees>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  worker.on("message", (message: FitMessage) => {
    if (message.kind === "progress") onProgress?.(message.share);
    else resolve(message.model);
  });
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The fitting thread ended with code ${code}`)));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}
