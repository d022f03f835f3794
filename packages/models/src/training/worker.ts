/** A thread that learns a model, or tells what is expected of every shopper, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { unpack } from "./pack.ts";
import { scoreShoppers } from "./score-shoppers.ts";
import type { Task, TaskMessage } from "./tasks.ts";
import { mathematics, trainChurn } from "./train-churn.ts";
import { trainLifetime } from "./train-lifetime.ts";
import { trainSeason } from "./train-season.ts";

const task = workerData as Task;
const send = (message: TaskMessage): void => parentPort?.postMessage(message);

const onProgress = (share: number): void => send({ kind: "progress", share });

switch (task.kind) {
  case "score":
    send({ kind: "scored", scored: scoreShoppers(unpack(task.world), task, mathematics, task.units) });
    break;
  case "season": {
    const { seed, champion } = task;
    const outcome = trainSeason(task, { seed, onProgress, ...(champion && { champion }) });
    send({ kind: "trained", outcome });
    break;
  }
  case "train": {
    const train = task.name === "churn" ? trainChurn : trainLifetime;
    const { seed, champion, general } = task;
    const rivals = { ...(champion && { champion }), ...(general && { general }) };
    const outcome = train(unpack(task.world), { seed, onProgress, ...rivals });
    send({ kind: "trained", outcome });
  }
}
