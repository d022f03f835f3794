export { categoriesOfSeason, isCategoryInSeason, seasonOfDay } from "./core/season-categories.ts";
export { seasonPhase, seasonStrip, seasonWords } from "./core/season-phase.ts";
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
