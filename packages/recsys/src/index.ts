// What a page asks for.
export { recommendForShopper, scoreAll } from "./core/lists/recommend.ts";
export type { RecommendOptions } from "./core/lists/recommend.ts";
export {
  boughtTogether,
  cartComplements,
  favouriteFarms,
  inSeason,
  newArrivals,
  priceDrops,
  similarProducts,
  trendingNow,
} from "./core/lists/sections.ts";
export type { NewArrivalOptions } from "./core/lists/sections.ts";
export { defaultLimit } from "./core/slate/slate.ts";
export type { SlateOptions } from "./core/slate/slate.ts";

// The arms that may recommend for a shopper, and how a shop judges them on its own past.
export { arms } from "./core/arms/arms.ts";
export { substitutesFor } from "./core/arms/substitutes.ts";
export type { Arm } from "./core/arms/arms.ts";
export { armNames } from "./core/arms/names.ts";
export type { ArmName } from "./core/arms/names.ts";
export { buyAgain } from "./core/arms/buy-again.ts";
export type { BuyAgain } from "./core/arms/buy-again.ts";
export { evaluateArms, winningArm } from "./core/arms/evaluate.ts";
export type { ArmFigures, Evaluation, EvaluationOptions } from "./core/arms/evaluate.ts";

// The snapshot: built by a job, kept fresh by events.
export { buildSnapshot } from "./core/snapshot/build-snapshot.ts";
export type {
  RecsysSnapshot,
  SnapshotFarm,
  SnapshotInput,
  SnapshotOrder,
  SnapshotProduct,
  SnapshotSignal,
} from "./core/snapshot/snapshot.ts";
export { applyOrder, applyPrice, applyProduct, applySignal } from "./core/snapshot/updates.ts";

// Taste, reasons and rules that pages and operators show.
export { readHistory } from "./core/candidates/history.ts";
export type { ShopperHistory } from "./core/candidates/history.ts";
export { buildProfile, signalHalfLifeDays, signalWeights, tasteSignals } from "@almanac/signals/core";
export type { ProfileOptions, TasteEvent, TasteProfile } from "@almanac/signals/core";
export { clusteredShare } from "./core/shares/clustered-share.ts";
export type { ClusteredShare, PlaceSums } from "./core/shares/clustered-share.ts";
export { reasonSentence } from "./core/lists/reasons.ts";
export type { ReasonFacts } from "./core/lists/reasons.ts";
export { triggers } from "./core/lists/triggers.ts";
export type { Trigger, TriggerAction, TriggeredSection } from "./core/lists/triggers.ts";
export { defaultFusionWeights, renormaliseWeights } from "./core/scores/fusion.ts";
export type { FusionWeights } from "./core/scores/fusion.ts";
export { isInSeason, isNewArrival, newArrivalDays } from "./core/candidates/seasonal.ts";
export { algorithmNames, recommendationReasons } from "./core/types.ts";
export type {
  AlgorithmName,
  Contribution,
  Metadata,
  RecentSignal,
  RecommendationContext,
  RecommendationReason,
  RecommendationRequest,
  RecommendationResult,
  RecommendedProduct,
  ScoredCandidates,
  ShopperRequest,
  Slate,
  TasteSignal,
} from "./core/types.ts";

// The service: reads the database, serves from memory. Its routes are behind the door "./router".
export { createRecsysService } from "./service.ts";
export { recommendationAttribution } from "./attribution.ts";
export {
  recommendationsEraseStep,
  recommendationsExportStep,
  recommendationsMergeStep,
} from "./personal-data.ts";
export { judgeArmsJob } from "./judge-job.ts";
export { removeOldImpressions } from "./store/impressions.ts";
export type { BuyAgainList } from "./service/buy-again.ts";
export type { ArmContext, ChooseArm } from "./service.ts";
export type { HomeRecommendations, Recommendations, RecsysService, RecsysServiceOptions } from "./service.ts";
export type { BuildHealth } from "./service/world-keeper.ts";
export { recommendationUpdates } from "./service/freshness.ts";
export type { RecommendationItem } from "./service/present.ts";
export type { RecommendationAsk } from "./service/situation.ts";
export { recommendOnSocket } from "./live/on-socket.ts";
export { recommendForEvent, recommendationTriggers } from "./live/triggers.ts";
export type { RecommendationTriggers, TriggerOptions } from "./live/triggers.ts";
export { homeSchema, homeSections, recommendationItemSchema, recommendationsSchema } from "./shapes.ts";
export type { HomeSection } from "./shapes.ts";
