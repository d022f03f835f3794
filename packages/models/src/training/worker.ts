/** A thread that learns a model, or tells what is expected of every shopper, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { unpack } from "./pack.ts";
import { scoreShoppers } from "./score-shoppers.ts";
import type { Task, TaskMessage } from "./tasks.ts";
import { mathematics, trainChurn } from "./train-churn.ts";
import { trainLifetime } from "./train-lifetime.ts";

const task = workerData as Task;
const send = (message: TaskMessage): void => parentPort?.postMessage(message);

const world = unpack(task.world);
if (task.kind === "score") {
  send({ kind: "scored", scored: scoreShoppers(world, task, mathematics, task.units) });
} else {
  const train = task.name === "churn" ? trainChurn : trainLifetime;
  const { seed, champion, general } = task;
  const onProgress = (share: number): void => send({ kind: "progress", share });
  const rivals = { ...(champion && { champion }), ...(general && { general }) };
  send({ kind: "trained", outcome: train(world, { seed, onProgress, ...rivals }) });
}
