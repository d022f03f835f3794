/** The thread of `in-thread.ts`: does one job, with TensorFlow.js where it takes that, and answers. */
import { parentPort, workerData } from "node:worker_threads";
import { loadBackend } from "../backend/load-backend.ts";
import { fitCollaborative } from "../collaborative/fit-collaborative.ts";
import { fitSeasonal, predictSeasonal } from "../seasonal/fit-seasonal.ts";
import { fitSeasonalInTensorflow, predictSeasonalInTensorflow } from "../seasonal/in-tensorflow.ts";
import type { NeuralAnswer, NeuralJob } from "./in-thread.ts";

const job = workerData as NeuralJob;
parentPort?.postMessage(await answer());

async function answer(): Promise<NeuralAnswer> {
  switch (job.kind) {
    case "backend": {
      const { name, refused } = await loadBackend(job.backends);
      return { kind: "backend", name, refused };
    }
    case "collaborative":
      // Plain arrays: nothing has to be loaded.
      return { kind: "collaborative", model: fitCollaborative(job.data, job.options) };
    case "seasonal": {
      // Plain arrays unless a backend was asked for: they take a third of the time.
      const tf = job.backends && (await loadBackend(job.backends)).tf;
      const { series, options } = job;
      const fit = tf ? fitSeasonalInTensorflow(tf, series, options) : fitSeasonal(series, options);
      if (fit.kind !== "fitted") return { kind: "seasonal", fit, told: [] };
      const { model } = fit;
      const told = tf ? predictSeasonalInTensorflow(tf, model, series) : predictSeasonal(model, series);
      return { kind: "seasonal", fit, told };
    }
  }
}
