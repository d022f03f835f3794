export { applyIsotonic, fitIsotonic } from "./calibration/isotonic.ts";
export type { IsotonicFit } from "./calibration/isotonic.ts";
export { applyPlatt, fitPlatt } from "./calibration/platt.ts";
export type { PlattScaling } from "./calibration/platt.ts";
export { fitLogisticRegression, predictLogisticRegression } from "./linear/logistic-regression.ts";
export type { LogisticRegression, SparseRows } from "./linear/logistic-regression.ts";
export { areaUnderCurve, brierScore, calibrationBins, calibrationError, logLoss } from "./metrics/binary.ts";
export type { CalibrationBin } from "./metrics/binary.ts";
export { classifierModels, fitClassifier } from "./tabular/fit-classifier.ts";
export type {
  Classifier,
  ClassifierModel,
  ClassifierOptions,
  ClassifierReport,
} from "./tabular/fit-classifier.ts";
export { stabilityIndex } from "./metrics/drift.ts";
export { predictGroups } from "./tabular/fit-group-regressor.ts";
export type { GroupedRows } from "./tabular/fit-group-regressor.ts";
export { fitRegressor } from "./tabular/fit-regressor.ts";
export type { Prediction, Regressor, RegressorOptions } from "./tabular/fit-regressor.ts";
export { isNothing, tableOf } from "./tabular/table.ts";
export type { CategoryColumn, NumberColumn, Table, TableColumn } from "./tabular/table.ts";
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
export { expectedFirstPurchases, expectedPurchases, fitPurchaseModel } from "./lifetime/purchase-model.ts";
export { probabilityActive, purchaseLogLikelihood } from "./lifetime/purchase-model.ts";
export type { PurchaseHistory, PurchaseModel } from "./lifetime/purchase-model.ts";
export { expectedSpend, fitSpendModel, spendLogLikelihood } from "./lifetime/spend-model.ts";
export type { SpendHistory, SpendModel } from "./lifetime/spend-model.ts";
export { FtrlRegression } from "./online/ftrl.ts";
export type { FtrlOptions, SparseEvent } from "./online/ftrl.ts";
export { contributionsOf, countCover } from "./trees/contributions.ts";
export { GuardedLearner, answerers } from "./online/guarded-learner.ts";
export type { Answerer, GuardOptions, Handover } from "./online/guarded-learner.ts";
export { checkNightly, rebuildTastes, TasteLearner } from "./online/taste-learner.ts";
export type { NightlyCheck, TasteEvent, TasteOptions } from "./online/taste-learner.ts";
export { wordVector } from "./online/word-vectors.ts";
export { emptyStream, savedByTaste, TasteStream } from "./online/taste-stream.ts";
export type { LoggedTake, StreamPerson, StreamState, TasteRival } from "./online/taste-stream.ts";
export { applyRisingCurve, fitRisingCurve } from "./calibration/rising-curve.ts";
export type { RisingCurve } from "./calibration/rising-curve.ts";
