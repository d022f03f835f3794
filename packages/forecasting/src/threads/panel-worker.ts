/** A thread of `forecastInThreads`: runs the series it is sent, a few at a time, answers with their local runs. */
import { parentPort } from "node:worker_threads";
import { isAppError } from "@almanac/kernel";
import { runLocally } from "../core/panel/local-run.ts";
import type { LocalRun, PanelSeries } from "../core/panel/local-run.ts";

export interface PanelTask {
  /** Which part of the work it is, told with the answer. */
  readonly part: number;
  readonly series: readonly PanelSeries[];
  readonly model: string | undefined;
  readonly origins: number;
}

export type PanelAnswer =
  | { readonly kind: "runs"; readonly part: number; readonly runs: readonly (LocalRun | undefined)[] }
  | { readonly kind: "refused"; readonly message: string };

parentPort?.on("message", ({ part, series, model, origins }: PanelTask) => {
  const answer = (message: PanelAnswer): void => parentPort?.postMessage(message);
  try {
    answer({ kind: "runs", part, runs: series.map((one) => runLocally(one, model, origins)) });
  } catch (error) {
    if (!isAppError(error, "input_invalid")) throw error;
    answer({ kind: "refused", message: error.message });
  }
});
