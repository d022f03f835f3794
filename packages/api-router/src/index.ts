import { adviceRoutes, lowStockRoutes } from "@almanac/advice/router";
import { newsRoutes, type NewsDeps } from "@almanac/alerts/router";
import { catalogRoutes, type CatalogDeps } from "@almanac/catalog/router";
import { demoRoutes, type DemoDeps } from "@almanac/demo/router";
import { eventsRoutes, type EventsDeps } from "@almanac/events/router";
import { experimentsRoutes, type ExperimentsDeps } from "@almanac/experiments/router";
import { growingRoutes, type GrowingDeps } from "@almanac/growing/router";
import { identityRoutes, type IdentityRoutesDeps } from "@almanac/identity/router";
import { insightsRoutes, type InsightsDeps } from "@almanac/insights/router";
import { modelsRoutes, type ModelsDeps } from "@almanac/models/router";
import { notificationRoutes } from "@almanac/notifications/router";
import { ordersRoutes, type OrdersDeps } from "@almanac/orders/router";
import { planningRoutes, type PlanningDeps } from "@almanac/planning/router";
import { pricePlanRoutes, pricingRoutes, type PricingDeps } from "@almanac/pricing/router";
import { searchRoutes, type SearchDeps } from "@almanac/ranking/router";
import { realtimeRoutes, type RealtimeDeps } from "@almanac/realtime/router";
import { recsysRoutes, type RecsysDeps } from "@almanac/recsys/router";
import type { Recommendations } from "@almanac/recsys";
import { signalsRoutes, type SignalsDeps } from "@almanac/signals/router";
import { stallRoutes } from "@almanac/stall/router";
import { createCallerFactory, declaredRights, router, type RequestContext } from "@almanac/trpc";

export interface AppRouterDeps {
  readonly identity: IdentityRoutesDeps;
  readonly catalog: CatalogDeps;
  readonly orders: OrdersDeps;
  readonly planning?: PlanningDeps;
  readonly pricing: PricingDeps;
  readonly growing: GrowingDeps;
  readonly events: EventsDeps<Recommendations | null>;
  readonly realtime: RealtimeDeps;
  readonly signals: SignalsDeps;
  readonly news: NewsDeps;
  readonly search: SearchDeps;
  readonly recsys: RecsysDeps;
  readonly experiments: ExperimentsDeps;
  readonly models: ModelsDeps;
  readonly insights: InsightsDeps;
  readonly demo: DemoDeps;
}

/**
 * All that Almanac can do, by name. A path reads as noun and verb: `orders.place`, `recsys.similarItems`.
 *
 * @throws Error when a procedure declares no right
 */
export function createAppRouter(deps: AppRouterDeps) {
  const { admin: people, ...identity } = identityRoutes(deps.identity);
  const { admin: places, ...catalog } = catalogRoutes(deps.catalog);
  const { admin: books, ...orders } = ordersRoutes(deps.orders);
  const { admin: queue, ...events } = eventsRoutes(deps.events);
  const { admin: monitor, ...recsys } = recsysRoutes(deps.recsys);
  const { admin: trials, ...experiments } = experimentsRoutes(deps.experiments);
  const { admin: behaviour, ...insights } = insightsRoutes(deps.insights);
  const { admin: outlook, ...models } = modelsRoutes(deps.models);
  const { admin: ranks, ...search } = searchRoutes(deps.search);
  const { admin: demo } = demoRoutes(deps.demo);
  const { admin: mail, ...notifications } = notificationRoutes();

  const appRouter = router({
    ...identity,
    ...catalog,
    ...orders,
    ...events,
    ...realtimeRoutes(deps.realtime),
    ...signalsRoutes(deps.signals),
    ...newsRoutes(deps.news),
    ...search,
    ...recsys,
    ...experiments,
    ...insights,
    ...models,
    ...notifications,
    ...planningRoutes(deps.planning),
    ...pricingRoutes(deps.pricing),
    ...pricePlanRoutes(deps.pricing),
    ...adviceRoutes(deps.planning),
    ...lowStockRoutes(),
    ...growingRoutes(deps.growing),
    ...stallRoutes({ ...(deps.orders.bus && { bus: deps.orders.bus }) }),
    admin: router({
      ...people,
      ...places,
      ...books,
      ...queue,
      ...mail,
      ...monitor,
      ...ranks,
      ...trials,
      ...behaviour,
      ...outlook,
      ...demo,
    }),
  });
  declaredRights(appRouter);
  return appRouter;
}

export type AppRouter = ReturnType<typeof createAppRouter>;

/** The router as plain functions, for loaders and jobs of the same process. */
export function createInProcessApi(appRouter: AppRouter): (context: RequestContext) => InProcessApi {
  return createCallerFactory(appRouter);
}

export type InProcessApi = ReturnType<ReturnType<typeof createCallerFactory<AppRouter["_def"]["record"]>>>;
