export type { BoostedTrees, BoostingOptions, LossName, TrainingData } from "./trees/boosted-trees.ts";
export { rowCountOf } from "./trees/feature-table.ts";
export type { FeatureTable } from "./trees/feature-table.ts";
export { fitBoostedTrees, lossOf } from "./trees/fit-boosted-trees.ts";
export { fitInWorker } from "./trees/fit-in-worker.ts";
export type { WorkerOptions } from "./trees/fit-in-worker.ts";
export { logistic } from "./trees/losses.ts";
export type { Loss } from "./trees/losses.ts";
export {
  columnGains,
  predictBoostedRow,
  predictBoostedTrees,
  predictProbabilities,
} from "./trees/predict.ts";
export { parseBoostedTrees, serializeBoostedTrees } from "./trees/serialize.ts";
