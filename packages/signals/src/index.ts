// The pure part, also behind the door "./core" for those who must not load a database.
export { behaviourScore } from "./core/behaviour-score.ts";
export { buildProfile, signalHalfLifeDays, signalWeights, tasteSignals } from "./core/profile.ts";
export type { ProfileOptions, TasteEvent, TasteProfile, TasteSignal } from "./core/profile.ts";
export { categoriesOfSeason, isCategoryInSeason, seasonOfDay } from "./core/season-categories.ts";
export { isInSeason, seasonPhase, seasonStrip, seasonWords } from "./core/season-phase.ts";
export type { SeasonMonth, SeasonPhase, SeasonPhaseOptions } from "./core/season-phase.ts";
export { summarizeSeason } from "./core/season-summary.ts";
export type { SeasonSummary } from "./core/season-summary.ts";
export {
  dayIndex,
  monthDayAt,
  offSeasonSupplyScore,
  otherHemisphere,
  seasonalScore,
  windowsAt,
  yearRoundSeasonalScore,
} from "./core/season.ts";
export type { HarvestWindow, MonthDay, ProductSeason, Supply } from "./core/season.ts";

// Everything on sale, in memory.
export { lowQuantity } from "./core/product-card.ts";
export type { ProductCard } from "./core/product-card.ts";
export { productSeason } from "./core/product-season.ts";
export type { Popularity, ShopEntry } from "./core/shop-entry.ts";
export { shopChannel, shopWindowConsumer } from "./shop-changes.ts";
export type { ShopChange } from "./shop-changes.ts";
export { createShopWindow, defaultShopWindowSettings } from "./shop-window.ts";
export type {
  CardOptions,
  CheckedCardOptions,
  ShopMarket,
  ShopWindow,
  ShopWindowChange,
  ShopWindowOptions,
  ShopWindowSettings,
} from "./shop-window.ts";

// What changed, by the database's word.
export { listProductIdsOfFarm } from "./store/shop-window.ts";
export type { LiveMemory } from "./core/live-memory.ts";
export { createNotedChanges } from "./noted-changes.ts";
export type { NotedChanges } from "./noted-changes.ts";
export { removeNotedChanges } from "./store/noted-changes.ts";

// What one shopper likes.
export { behaviourScorer, dayNumber, profileOf } from "./core/taste.ts";
export type { HiddenInterests, NamedProfile, ScoredProduct, Taste, TasteRecord } from "./core/taste.ts";
export { forgetInterest, restoreInterest } from "./forget.ts";
export type { Interest, TasteTools } from "./forget.ts";
export { tasteEraseStep, tasteExportStep, tasteMergeStep } from "./personal-data.ts";
export { tasteConsumer } from "./taste-consumer.ts";
export { createTasteReader, loadTaste, tasteChannel } from "./taste.ts";
export type { TasteReader } from "./taste.ts";

// What everybody buys and looks at.
export { trendDays } from "./core/trend.ts";
export type { Trend } from "./core/trend.ts";
export { readTrends } from "./store/trends.ts";
export { createTrends } from "./trends.ts";
export type { Trends } from "./trends.ts";
