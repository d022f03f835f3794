export { behaviourScore, behaviourShares } from "./behaviour-score.ts";
export { createDayBook, type DayBook } from "./day-book.ts";
export { buildProfile, signalHalfLifeDays, signalWeights, tasteSignals, TasteTally } from "./profile.ts";
export type { ProfileOptions, TasteEvent, TasteProfile, TasteSignal } from "./profile.ts";
export { categoriesOfSeason, isCategoryInSeason, seasonOfDay } from "./season-categories.ts";
export { isInSeason, seasonPhase, seasonStrip, seasonWords } from "./season-phase.ts";
export type { SeasonMonth, SeasonPhase, SeasonPhaseOptions } from "./season-phase.ts";
export { summarizeSeason } from "./season-summary.ts";
export type { SeasonSummary } from "./season-summary.ts";
export {
  dayIndex,
  monthDayAt,
  offSeasonSupplyScore,
  otherHemisphere,
  seasonalScore,
  windowsAt,
  yearRoundSeasonalScore,
} from "./season.ts";
export type { HarvestWindow, MonthDay, ProductSeason, Supply } from "./season.ts";
export { behaviourScorer, dayNumber, profileOf } from "./taste.ts";
export type { HiddenInterests, NamedProfile, ScoredProduct, Taste, TasteRecord } from "./taste.ts";
