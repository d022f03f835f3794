export { farmCalendar, readCrops, readPlace } from "./calendar.ts";
export type { CalendarTime, GrowingPlace } from "./calendar.ts";
export { entryKinds } from "./core/calendar.ts";
export type { CalendarEntry, EntryKind } from "./core/calendar.ts";
export { cropSeasons } from "./core/crop-seasons.ts";
export type { CropSeason } from "./core/crop-seasons.ts";
export { metresPerPlant, referenceCrop, referenceCrops } from "./core/crops.ts";
export type { Crop } from "./core/crops.ts";
export { writeCalendar } from "./core/ical.ts";
export type { CalendarEvent, CalendarHead } from "./core/ical.ts";
export { frostsByLatitude } from "./core/place.ts";
export type { Frosts } from "./core/place.ts";
export { planSuccessions, seedsFor } from "./core/successions.ts";
export type {
  GapReason,
  PlanWeek,
  Sowing,
  SuccessionPlan,
  SuccessionQuestion,
  WeekDemand,
} from "./core/successions.ts";
export { weeklyDemand } from "./core/weekly-demand.ts";
export { maxFeeds, readFeed } from "./feed.ts";
export type { FeedText } from "./feed.ts";
export { availableToPromise } from "./core/yield/available-to-promise.ts";
export type {
  ExpectedHarvest,
  PromisableDay,
  PromisedGrams,
  PromiseQuestion,
} from "./core/yield/available-to-promise.ts";
export { bedYield } from "./core/yield/bed-yield.ts";
export type { BedQuestion, BedYield, PastHarvest } from "./core/yield/bed-yield.ts";
export { degreeDays, growthStage } from "./core/yield/degree-days.ts";
export type { DayWeather, DegreeDays, GrowthRange } from "./core/yield/degree-days.ts";
export { trendSeries, weeklySales } from "./core/trend-series.ts";
export type { TrendSeries } from "./core/trend-series.ts";
export { farmTrends } from "./trends.ts";
export type { FarmTrends, ProductTrend } from "./trends.ts";
