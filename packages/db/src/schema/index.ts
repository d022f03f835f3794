export {
  categories,
  farms,
  harvestWindows,
  imageFiles,
  images,
  lots,
  marketFarms,
  markets,
  orderWindows,
  pickupSlots,
  priceChanges,
  products,
  variants,
} from "./catalog.ts";
export { notedChanges } from "./changes.ts";
export {
  actionEvents,
  capturedMail,
  counters,
  latencyBuckets,
  liveMessages,
  livePresence,
  liveTickets,
  openEvents,
  outbox,
  outboxConsumed,
  queueArchives,
  searchLog,
  settings,
  tasteProfiles,
} from "./events.ts";
export { experimentAssignments, experimentExposures, experimentLooks, experiments } from "./experiments.ts";
export type { StoredArm, StoredInterval } from "./experiments.ts";
export {
  accounts,
  apiKeys,
  auditLog,
  farmMembers,
  marketManagers,
  roleGrants,
  sessions,
  shoppers,
  users,
  verifications,
} from "./identity.ts";
export { farmFollows, stockSubscriptions, wishes } from "./following.ts";
export { advice, adviceSettings, stallPlans, stockAlerts, stockAlertSnoozes } from "./advice.ts";
export type { AdviceId, AdviceStatus } from "./advice.ts";
export { calendarFeeds, farmCrops, growingPlaces, plantings } from "./growing.ts";
export { segmentMoves, shopperProfiles } from "./insights.ts";
export {
  farmOutlooks,
  modelActivations,
  modelArtefacts,
  modelAudit,
  modelDrifts,
  modelPredictions,
  modelRollouts,
  modelRuns,
  modelVersions,
  shopperOutlooks,
} from "./models.ts";
export type { ModelType, StoredInput } from "./models.ts";
export { onlineItems, onlineLearners, onlineTastes } from "./online.ts";
export { notifications } from "./news.ts";
export type { NewsId } from "./news.ts";
export { demandForecasts, judgedMarketDays, nowcastAlerts, unusualDays } from "./planning.ts";
export type { UnusualReason } from "./planning.ts";
export { priceDecisions, pricePlans, productCosts, productElasticities } from "./pricing.ts";
export type { PricePlanId } from "./pricing.ts";
export { stallSales } from "./stall.ts";
export type { Tender } from "./stall.ts";
export { jobs } from "./jobs.ts";
export {
  cartLines,
  carts,
  checkouts,
  ledgerEntries,
  orderEvents,
  orderLines,
  orderNumbers,
  orders,
  payments,
  ratings,
  reservations,
  simulatedCharges,
  stockEntries,
  stockLevels,
  subOrders,
} from "./orders.ts";
export type { CheckoutLine, OrderEventKind, OrderStatus, StockReason } from "./orders.ts";
export {
  hiddenRecommendations,
  recommendationEvaluations,
  recommendationRules,
  recommendationSlates,
} from "./recommendations.ts";
export { rankingModels, rankingSwitches, rankingVersions } from "./ranking.ts";
export type { StoredHeldOut } from "./ranking.ts";
