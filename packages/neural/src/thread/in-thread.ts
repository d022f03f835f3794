import { Worker } from "node:worker_threads";
import type { BackendName } from "../backend/load-backend.ts";
import type { CollaborativeData, CollaborativeOptions } from "../collaborative/fit-collaborative.ts";
import type { CollaborativeModel } from "../collaborative/model.ts";
import type { SeasonalFit, SeasonalOptions } from "../seasonal/fit-seasonal.ts";
import type { DemandSeries } from "../seasonal/seasonal-data.ts";

interface JobBase {
  /** Backends of TensorFlow.js to try. The seasonal network asks for none unless some are named here. */
  readonly backends?: readonly BackendName[];
}
export type NeuralJob = JobBase &
  (
    | { readonly kind: "backend" }
    | {
        readonly kind: "collaborative";
        readonly data: CollaborativeData;
        readonly options?: Omit<CollaborativeOptions, "onEpoch">;
      }
    | {
        readonly kind: "seasonal";
        readonly series: readonly DemandSeries[];
        readonly options?: Omit<SeasonalOptions, "onEpoch">;
      }
  );

export interface BackendAnswer {
  readonly kind: "backend";
  readonly name: BackendName;
  readonly refused: Readonly<Partial<Record<BackendName, string>>>;
}
interface SeasonalAnswer {
  readonly kind: "seasonal";
  readonly fit: SeasonalFit;
  /** Chances of the weeks ahead, one list a series; none where nothing could be fitted. */
  readonly told: readonly Float64Array[];
}
export type NeuralAnswer =
  BackendAnswer | SeasonalAnswer | { readonly kind: "collaborative"; readonly model: CollaborativeModel };

/** What can be told of every job: when to end it. */
export interface ThreadOptions {
  readonly signal?: AbortSignal;
  /** Backends of TensorFlow.js to try, in this order. */
  readonly backends?: readonly BackendName[];
}

/** Which backend runs here, and why faster ones do not. @throws Error when TensorFlow.js is not installed */
export async function describeBackend(options: ThreadOptions = {}): Promise<BackendAnswer> {
  return (await inThread({ kind: "backend" }, options)) as BackendAnswer;
}

/** `fitCollaborative` in a thread of its own. */
export async function fitCollaborativeInThread(
  data: CollaborativeData,
  { signal, ...options }: Omit<CollaborativeOptions, "onEpoch"> & Pick<ThreadOptions, "signal"> = {},
): Promise<CollaborativeModel> {
  const answer = await inThread({ kind: "collaborative", data, options }, threadOptions(signal, undefined));
  return (answer as { model: CollaborativeModel }).model;
}

/**
 * Fits the seasonal network to series and tells the weeks that follow them, in a thread of its own: on plain arrays, or in
 * TensorFlow.js where `backends` names what it may run on.
 */
export async function forecastSeasonalInThread(
  series: readonly DemandSeries[],
  { signal, backends, ...options }: Omit<SeasonalOptions, "onEpoch"> & ThreadOptions = {},
): Promise<SeasonalAnswer> {
  return (await inThread(
    { kind: "seasonal", series, options },
    threadOptions(signal, backends),
  )) as SeasonalAnswer;
}

function threadOptions(
  signal: AbortSignal | undefined,
  backends: readonly BackendName[] | undefined,
): ThreadOptions {
  return { ...(signal && { signal }), ...(backends && { backends }) };
}

/**
 * One job in a thread that ends with it: TensorFlow.js is loaded there alone and only where it was asked for, so that a process
 * without it fails here and not at its start.
 *
 * @throws the signal's reason when it is called off; what the job throws
 */
async function inThread(job: NeuralJob, { signal, backends }: ThreadOptions): Promise<NeuralAnswer> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./neural-worker.ts", import.meta.url), {
    workerData: { ...job, ...(backends && { backends }) },
    name: `neural-${job.kind}`,
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<NeuralAnswer>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  worker.on("message", resolve);
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The neural thread ended with code ${code}`)));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}
