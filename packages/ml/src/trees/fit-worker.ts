/** The thread of `fitInWorker`: fits what it was given, tells how far it is, answers with the model. */
import { parentPort, workerData } from "node:worker_threads";
import { fitBoostedTrees } from "./fit-boosted-trees.ts";
import type { FitMessage, FitRequest } from "./fit-in-worker.ts";

const { data, options } = workerData as FitRequest;
const send = (message: FitMessage): void => parentPort?.postMessage(message);

let told = 0;
const model = fitBoostedTrees(data, {
  ...options,
  onProgress(share) {
    // A hundred steps are enough to look at.
    if (share < 1 && share - told < 0.01) return;
    told = share;
    send({ kind: "progress", share });
  },
});
send({ kind: "model", model });
