export { assign, isInHoldout, recommendationsHoldout } from "./core/assign.ts";
export type { Assignment, AssignmentReason, Holdout, Unit } from "./core/assign.ts";
export { bucketOf, rangesOf, sumToOne } from "./core/bucketing.ts";
export type { BucketRange } from "./core/bucketing.ts";
export { clusteredError } from "./core/clusters.ts";
export type { Cluster, ClusteredError } from "./core/clusters.ts";
export { anytimeMultiplier, anytimeP } from "./core/confidence-sequence.ts";
export { cupedDifference } from "./core/cuped.ts";
export { compare, difference, estimate } from "./core/difference.ts";
export type { Difference, Estimate, MetricKind } from "./core/difference.ts";
export { surfaces } from "./core/experiment.ts";
export type {
  Arm,
  ArmConfig,
  Experiment,
  ExperimentKind,
  ExperimentStatus,
  Surface,
} from "./core/experiment.ts";
export { interleavedPreference } from "./core/interleaved-preference.ts";
export type { InterleavedPreference } from "./core/interleaved-preference.ts";
export { creditOf, interleavingResult, teamDraft } from "./core/interleaving.ts";
export type { Interleaved, InterleavingResult, Team } from "./core/interleaving.ts";
export { metricKeys, metrics } from "./core/metrics.ts";
export type { Guardrail, Metric, MetricKey } from "./core/metrics.ts";
export { momentsOf, noMoments, sumMoments } from "./core/moments.ts";
export type { Moments } from "./core/moments.ts";
export { doublyRobust, ips, snips } from "./core/off-policy.ts";
export type { LoggedRewards, OffPolicyEstimate } from "./core/off-policy.ts";
export { buildReport } from "./core/report.ts";
export type { ExperimentReport, ReportInput } from "./core/report.ts";
export { unitsNeeded } from "./core/sizing.ts";
export { spendingBoundaries } from "./core/spending.ts";
export { checkRatio } from "./core/srm.ts";
export type { RatioCheck } from "./core/srm.ts";
export { decisionsOf, verdictOf } from "./core/verdict.ts";
export type { Verdict } from "./core/verdict.ts";
export { runHoldoutStudy } from "./simulator/holdout-study.ts";
export type { HoldoutStudy, HoldoutStudyOptions } from "./simulator/holdout-study.ts";
export { rankingTrial } from "./simulator/ranking-trial.ts";
export { runStudy } from "./simulator/study.ts";
export type { Rates, StudyOptions, StudyResult } from "./simulator/study.ts";
