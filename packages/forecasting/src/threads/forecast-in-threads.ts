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
  const [forecasts] = await forecastPanelsInThreads([panel], options);
  return forecasts!;
}

/**
 * The same for several panels that know nothing of each other, in the same threads: starting one takes as long as forecasting
 * several series.
 *
 * @returns the forecasts of each panel, in their order
 */
export async function forecastPanelsInThreads(
  panels: readonly (readonly PanelSeries[])[],
  options: ThreadOptions = {},
): Promise<Forecast[][]> {
  const { threads = 0, signal, ...rest } = options;
  signal?.throwIfAborted();
  const parts = panels.flatMap((panel, at) => partsOf(panel, at));
  const runs = panels.map((panel) => Array.from<LocalRun | undefined>({ length: panel.length }));
  if (threads === 0) await inThisThread(parts, runs, options);
  else await inThreads(parts, runs, Math.min(threads, parts.length), options);
  signal?.throwIfAborted();
  const forecasts: Forecast[][] = [];
  for (const [at, panel] of panels.entries()) {
    if (at > 0) await setImmediate();
    forecasts.push(finishPanel(panel, runs[at]!, rest));
  }
  return forecasts;
}

/** What a thread is handed at a time, of one panel. */
interface Part {
  /** The panel's place. */
  readonly panel: number;
  /** The place of the first of the series in it. */
  readonly from: number;
  readonly series: readonly PanelSeries[];
  readonly origins: number;
}

function partsOf(panel: readonly PanelSeries[], at: number): Part[] {
  const origins = originsFor(panel.length);
  return Array.from({ length: Math.ceil(panel.length / seriesAtOnce) }, (_, n) => {
    const from = n * seriesAtOnce;
    return { panel: at, from, series: panel.slice(from, from + seriesAtOnce), origins };
  });
}

/** Where the runs of each panel are put, by panel and series. */
type Runs = readonly (LocalRun | undefined)[][];

const countSeries = (parts: readonly Part[]): number =>
  parts.reduce((sum, { series }) => sum + series.length, 0);

async function inThisThread(
  parts: readonly Part[],
  runs: Runs,
  { model, onProgress, signal }: ThreadOptions,
): Promise<void> {
  const all = countSeries(parts);
  let done = 0;
  let lookedUp = performance.now();
  for (const { panel, from, series, origins } of parts) {
    for (const [n, one] of series.entries()) {
      runs[panel]![from + n] = runLocally(one, model, origins);
      done += 1;
      onProgress?.(done / all);
      if (performance.now() - lookedUp < msWithoutLookingUp) continue;
      // Otherwise neither an interrupt nor an abort is heard before the last series.
      await setImmediate();
      signal?.throwIfAborted();
      lookedUp = performance.now();
    }
  }
}

/** Hands out the parts to whoever is idle, until all are run. */
async function inThreads(
  parts: readonly Part[],
  runs: Runs,
  threads: number,
  { model, onProgress, signal }: ThreadOptions,
): Promise<void> {
  if (parts.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const all = countSeries(parts);
  let next = 0;
  let done = 0;
  const workers = Array.from(
    { length: threads },
    // Flags of the main thread, such as a test runner's loaders, do not concern it.
    () => new Worker(new URL("./panel-worker.ts", import.meta.url), { name: "forecast", execArgv: [] }),
  );
  const hand = (worker: Worker): void => {
    const part = parts[next];
    if (!part) return;
    const task: PanelTask = { part: next, series: part.series, model, origins: part.origins };
    next += 1;
    worker.postMessage(task);
  };
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  for (const worker of workers) {
    worker.on("message", (answer: PanelAnswer) => {
      if (answer.kind === "refused") return reject(new AppError("input_invalid", answer.message));
      const { panel, from } = parts[answer.part]!;
      answer.runs.forEach((run, k) => (runs[panel]![from + k] = run));
      done += answer.runs.length;
      onProgress?.(done / all);
      if (done === all) resolve();
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
