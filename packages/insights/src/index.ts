export { engagementFactors, engagementScore, engagementWeights } from "./core/engagement.ts";
export { rankActions } from "./core/next-best-action.ts";
export type { NextAction, RankedAction, Situation } from "./core/next-best-action.ts";
export { describeRule, segmentOf, segments } from "./core/segments.ts";
export type { Segment } from "./core/segments.ts";
export type { ShopperFacts } from "./core/shopper-facts.ts";
export type { BehaviourProfile } from "./profiling.ts";
