export { bestQuantity, criticalRatio, leanedRatio, reorderPoint, safetyStock } from "./core/newsvendor.ts";
export { rejectionReasons } from "./core/thresholds.ts";
export { adviseAll, expireAdvice, firstAdviceJob, planFirstAdvice } from "./jobs.ts";
export { farmStockAlerts, tellHeldStockAlerts } from "./workflows/stock-alerts.ts";
