export { demandHistories } from "./core/demand-history.ts";
export type { DaySales, DemandHistory, ListedProduct, MarketDay } from "./core/demand-history.ts";
export { nowcastUpdates } from "./nowcast-updates.ts";
export { holidaysNear, holidaysOf } from "./core/holidays.ts";
export type { Holiday } from "./core/holidays.ts";
export { forecastChanged, forecastDemand } from "./forecasting.ts";
export type { ForecastingDeps, ForecastStage } from "./forecasting.ts";
export { listMarketDays, listPlannedProducts, readSales } from "./store/demand.ts";
export type { PlannedProduct } from "./store/demand.ts";
