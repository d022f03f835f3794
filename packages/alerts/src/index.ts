// Consumers for the relay: they tell within a second of the fact.
export { priceDropAlerts } from "./price-drops.ts";
export { salesUpdates } from "./sales.ts";
export { announceSeasons, releaseStockHolds, stockAlerts } from "./stock.ts";
export type { StockAlertOptions } from "./stock.ts";

// What a job does every minute.
export { sendArrivalDigests } from "./arrivals.ts";
export { remindOfCarts } from "./forgotten-carts.ts";
export type { ForgottenCartOptions } from "./forgotten-carts.ts";
export { sendTrendingUpdates } from "./trending.ts";
export type { TrendingOptions } from "./trending.ts";

// What is kept of it.
export { newsEraseStep, newsExportStep, newsMergeStep } from "./news/personal-data.ts";
export { newsKeptDays, removeOldNews } from "./store/news.ts";

// The rules.
export { collectForMs, dueDigest } from "./core/arrivals.ts";
export type { Arrival } from "./core/arrivals.ts";
export { cartRisk, riskyFrom } from "./core/cart-risk.ts";
export { priceDropNews } from "./core/price-drop.ts";
export type { PriceDropNews } from "./core/price-drop.ts";
export {
  cartCover,
  isWorse,
  lowUnits,
  softHoldMs,
  unitsOf,
  waitersAfterHold,
  waitersToTell,
} from "./core/stock.ts";
export type { CartCover } from "./core/stock.ts";
export { isTopNews, minTrendOrders, quietMs, topOf, topSize } from "./core/trending.ts";
export type { ToldTop, TrendRow } from "./core/trending.ts";
