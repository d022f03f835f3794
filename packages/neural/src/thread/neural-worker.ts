/** The thread of `in-thread.ts`: loads TensorFlow.js, does one job, answers. */
import { parentPort, workerData } from "node:worker_threads";
import { loadBackend } from "../backend/load-backend.ts";
import { fitCollaborative } from "../collaborative/fit-collaborative.ts";
import { fitSeasonal, predictSeasonal } from "../seasonal/fit-seasonal.ts";
import type { NeuralAnswer, NeuralJob } from "./in-thread.ts";

const job = workerData as NeuralJob;
const { tf, name, refused } = await loadBackend(job.backends);
parentPort?.postMessage(answer());

function answer(): NeuralAnswer {
  switch (job.kind) {
    case "backend":
      return { kind: "backend", name, refused };
    case "collaborative":
      return { kind: "collaborative", model: fitCollaborative(tf, job.data, job.options) };
    case "seasonal": {
      const fit = fitSeasonal(tf, job.series, job.options);
      if (fit.kind !== "fitted") return { kind: "seasonal", fit, told: [] };
      return { kind: "seasonal", fit, told: predictSeasonal(tf, fit.model, job.series) };
    }
  }
}
