import type { CatalogDeps } from "./routes/deps.ts";
import { adminMarketsRouter, marketDeskRouter } from "./routes/desk.ts";
import { farmCatalogRouter } from "./routes/farmer.ts";
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
    farmCatalog: farmCatalogRouter(deps),
    marketDesk: marketDeskRouter(deps),
    admin: { markets: adminMarketsRouter(deps) },
  };
}
