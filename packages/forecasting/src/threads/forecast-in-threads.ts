import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { AppError } from "@almanac/kernel";
import { finishPanel, originsFor } from "../core/panel/forecast-panel.ts";
import type { Forecast, PanelOptions } from "../core/panel/forecast-panel.ts";
import { runLocally } from "../core/panel/local-run.ts";
import type { LocalRun, PanelSeries } from "../core/panel/local-run.ts";
import type { PanelAnswer, PanelTask } from "./panel-worker.ts";

export interface ThreadOptions extends PanelOptions {
  /** Threads beside this one, from 0 up; with 0 (default) this one does the work, and looks up between series now and then. */
  readonly threads?: number;
  /** Called with the share that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  /** Ends the work when it is aborted. */
  readonly signal?: AbortSignal;
}

const seriesAtOnce = 16;
const msWithoutLookingUp = 50;

/**
 * `forecastPanel` with the models fitted in threads of their own, so that this one stays free to answer. The same panel
 * and options give the same bits whatever the number of threads.
 *
 * @throws the signal's reason when it is aborted; what `forecastPanel` throws
 */
export async function forecastInThreads(
  panel: readonly PanelSeries[],
  options: ThreadOptions = {},
): Promise<Forecast[]> {
  const { threads = 0, onProgress, signal, ...rest } = options;
  signal?.throwIfAborted();
  const origins = originsFor(panel.length);
  const runs = Array.from<LocalRun | undefined>({ length: panel.length });
  if (threads === 0) {
    let lookedUp = performance.now();
    for (const [at, series] of panel.entries()) {
      runs[at] = runLocally(series, rest.model, origins);
      onProgress?.((at + 1) / panel.length);
      if (performance.now() - lookedUp < msWithoutLookingUp) continue;
      // Otherwise neither an interrupt nor an abort is heard before the last series.
      await setImmediate();
      signal?.throwIfAborted();
      lookedUp = performance.now();
    }
    return finishPanel(panel, runs, rest);
  }
  await inThreads(panel, runs, Math.min(threads, Math.ceil(panel.length / seriesAtOnce)), { ...options });
  signal?.throwIfAborted();
  return finishPanel(panel, runs, rest);
}

/** Hands out the series sixteen at a time to whoever is idle, until all are run. */
async function inThreads(
  panel: readonly PanelSeries[],
  runs: (LocalRun | undefined)[],
  threads: number,
  { model, onProgress, signal }: ThreadOptions,
): Promise<void> {
  if (panel.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const origins = originsFor(panel.length);
  let next = 0;
  let done = 0;
  const workers = Array.from(
    { length: threads },
    // Flags of the main thread, such as a test runner's loaders, do not concern it.
    () => new Worker(new URL("./panel-worker.ts", import.meta.url), { name: "forecast", execArgv: [] }),
  );
  const hand = (worker: Worker): void => {
    if (next >= panel.length) return;
    const task: PanelTask = { from: next, series: panel.slice(next, next + seriesAtOnce), model, origins };
    next += seriesAtOnce;
    worker.postMessage(task);
  };
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  for (const worker of workers) {
    worker.on("message", (answer: PanelAnswer) => {
      if (answer.kind === "refused") return reject(new AppError("input_invalid", answer.message));
      answer.runs.forEach((run, k) => (runs[answer.from + k] = run));
      done += answer.runs.length;
      onProgress?.(done / panel.length);
      if (done === panel.length) resolve();
      else hand(worker);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`A forecasting thread ended with code ${code}`)));
    hand(worker);
  }
  try {
    await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
