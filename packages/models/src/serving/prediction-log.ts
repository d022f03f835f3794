import type { DatabaseHandle } from "@almanac/db";
import type { Logger } from "@almanac/trpc";
import { insertPredictions, type NewPrediction } from "../store/predictions.ts";

export interface PredictionLog {
  add(prediction: NewPrediction): void;
  /** How many are not written yet. */
  waiting(): number;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Predictions are written together this often, or when so many wait. */
const everyMs = 500;
const together = 200;
/** Beyond so many the oldest are let go: a database that is away may not fill the memory. */
const atMost = 5_000;

/** Keeps what models answered without making anybody wait for it. A process that is killed loses half a second of it. */
export function createPredictionLog({ handle, log }: { handle: DatabaseHandle; log: Logger }): PredictionLog {
  let waiting: NewPrediction[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await insertPredictions(handle.db, batch);
    } catch (err) {
      log.warn({ err, predictions: batch.length }, "predictions were not written down");
    }
  };
  const flush = (): Promise<void> => (writing = writing.then(write));

  return {
    add(prediction) {
      if (waiting.length >= atMost) waiting.shift();
      waiting.push(prediction);
      if (waiting.length >= together) void flush();
      else timer ??= setTimeout(() => void flush(), everyMs).unref();
    },
    waiting: () => waiting.length,
    flush,
    stop: flush,
  };
}
