import type { CatalogDeps } from "./routes/deps.ts";
import { categoriesRouter, marketsRouter, productsRouter } from "./routes/public.ts";
import { farmsRouter, stockAlertsRouter, wishesRouter } from "./routes/shopper.ts";

export type { CatalogDeps };

/** Everything of markets, farms and what they sell, by audience. */
export function catalogRoutes(deps: CatalogDeps = {}) {
  return {
    markets: marketsRouter(),
    farms: farmsRouter(deps),
    products: productsRouter(),
    categories: categoriesRouter(),
    wishes: wishesRouter(deps),
    stockAlerts: stockAlertsRouter(deps),
  };
}
