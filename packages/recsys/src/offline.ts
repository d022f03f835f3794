// Models for offline evaluation: pure, on plain arrays, each beside its baselines. Behind a door of their own, so that a
// command that ranks files does not load the service, its routes and the database.
export { blendScorers, popularScorer, randomScorer } from "./core/offline/item-scorer.ts";
export type { ItemHistory, ItemScorer } from "./core/offline/item-scorer.ts";
export { fitItemKnn } from "./core/offline/item-knn.ts";
export type { ItemKnnOptions } from "./core/offline/item-knn.ts";
export { fitEase } from "./core/offline/ease.ts";
export type { EaseOptions } from "./core/offline/ease.ts";
export { fitIals } from "./core/offline/ials.ts";
export type { IalsOptions } from "./core/offline/ials.ts";
export { fitLearnedCart } from "./core/offline/cart/learned-cart.ts";
export type { LearnedCart, LearnedCartOptions } from "./core/offline/cart/learned-cart.ts";
export { blendHistoryMembers, learnHistoryBlend } from "./core/offline/history/learned-history.ts";
export { fitSuccession } from "./core/offline/history/succession.ts";
export type { HistoryBlend, HistoryMember, HistoryQuestion } from "./core/offline/history/learned-history.ts";
export { leadsClearly } from "./core/offline/blend/choose-blend.ts";
export { fitBpr } from "./core/offline/factors/bpr.ts";
export type { BprOptions } from "./core/offline/factors/bpr.ts";
export { fitNcf } from "./core/offline/factors/ncf.ts";
export type { NcfOptions } from "./core/offline/factors/ncf.ts";
export {
  dirichletShrinkage,
  personalDecay,
  personalFrequency,
  popularBaskets,
} from "./core/offline/baskets.ts";
export type {
  Basket,
  BasketLog,
  BasketQuery,
  BasketScorer,
  ShrinkageOptions,
} from "./core/offline/baskets.ts";
export { blendByRank, rankedDepth, worthOfPlace } from "./core/offline/basket/blend-ranks.ts";
export type { RankMember } from "./core/offline/basket/blend-ranks.ts";
export { fitTifuKnn } from "./core/offline/tifu-knn.ts";
export type { TifuOptions, TifuScorer } from "./core/offline/tifu-knn.ts";
export { blendSessions, fitSequentialRules, revisits } from "./core/offline/sequential-rules.ts";
export { fadingLikeness, hybridShares } from "./core/offline/session/session-sources.ts";
export { fitSessionKnn } from "./core/offline/session-knn.ts";
export type { SessionKnnOptions, SessionLog, SessionScorer } from "./core/offline/session-knn.ts";
export { spreadExposure } from "./core/offline/spread-exposure.ts";
export type { ExposureOptions, SpreadLists } from "./core/offline/spread-exposure.ts";
export { ndcgAtK, recallAtK } from "./core/offline/ranking-metrics.ts";
export { packRows } from "./core/offline/sparse.ts";
export type { SparseRows } from "./core/offline/sparse.ts";
export { topK } from "./core/scores/top-k.ts";
