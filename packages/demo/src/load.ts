import { sql } from "drizzle-orm";
import type { DatabaseHandle } from "@almanac/db";
import { markets, settings } from "@almanac/db/schema";
import { days, type Clock } from "@almanac/kernel";
import { createDemoAccounts } from "./accounts.ts";
import { recommendationEvents, recommendingOf } from "./core/recommending.ts";
import { searchesOf, searchEvents } from "./core/searching.ts";
import { browsingDays, browsingOf } from "./core/browsing.ts";
import { createWorld, type WorldOptions } from "./core/world.ts";
import { insertCatalogue } from "./load/catalogue.ts";
import { insertAdviceSettings, insertStallPlans } from "./load/advice.ts";
import { insertCosts } from "./load/costs.ts";
import { insertBrowsing, insertHistory } from "./load/history.ts";
import { insertNews } from "./load/news.ts";
import { insertOpinions } from "./load/opinions.ts";
import { insertPastForecasts } from "./load/past-forecasts.ts";
import { insertPlaces, insertShoppers } from "./load/places.ts";
import { insertRecommending } from "./load/recommending.ts";
import { insertSearches } from "./load/searches.ts";

export interface LoadOptions extends Omit<WorldOptions, "now" | "mayaId"> {
  readonly clock: Clock;
  /** Called with what is being done and how much of it, 0 to 1. */
  readonly onProgress?: (what: string, share: number) => void;
}

export interface LoadedWorld {
  readonly size: string;
  readonly farms: number;
  readonly products: number;
  readonly shoppers: number;
  readonly orders: number;
}

const settingKey = "demo.world";

/** What `loadWorld` has written here before; `undefined` in a database without a demo world. */
export async function findLoadedWorld(handle: DatabaseHandle): Promise<LoadedWorld | undefined> {
  const [row] = await handle.db
    .select()
    .from(settings)
    .where(sql`${settings.key} = ${settingKey}`);
  return row?.value as LoadedWorld | undefined;
}

/** Whether nobody sells anything here yet. */
export async function isEmptyDatabase(handle: DatabaseHandle): Promise<boolean> {
  const found = await handle.db.select({ id: markets.id }).from(markets).limit(1);
  return found.length === 0;
}

/** Writes a whole world in one transaction: either all of it is there afterwards or nothing. */
export async function loadWorld(handle: DatabaseHandle, options: LoadOptions): Promise<LoadedWorld> {
  const { clock, onProgress = () => {} } = options;
  const now = clock.now();
  return handle.transaction(async (tx) => {
    // The rows are consistent by construction; checking 300,000 references would double the time. Only a superuser may
    // turn the checks off, which the embedded database's user is.
    if (handle.driver === "pglite") await tx.execute(sql`set local session_replication_role = replica`);
    const draft = createWorld({ ...options, now });
    onProgress("farms and products", 0);
    await insertPlaces(tx, draft);
    const people = await createDemoAccounts(tx, clock);
    const world = { ...draft, mayaId: people.maya };
    await insertShoppers(tx, world);
    await insertCatalogue(tx, world);
    await insertCosts(tx, world);
    await insertAdviceSettings(tx, world);
    await insertStallPlans(tx, world);
    const { count: orderCount, recent } = await insertHistory(tx, world, onProgress);
    await insertPastForecasts(tx, world);
    const browsing = browsingOf(world, recent);
    const searches = searchesOf(world, recent, browsing);
    await insertSearches(tx, searches);
    const logged = [...browsing, ...searchEvents(searches, new Date(now.getTime() - days(browsingDays)))];
    const recommending = recommendingOf(world, logged);
    await insertRecommending(tx, recommending);
    await insertBrowsing(tx, [...logged, ...recommendationEvents(recommending.slates)]);
    const follows = await insertOpinions(tx, world);
    await insertNews(tx, world, { browsing, follows });
    const loaded: LoadedWorld = {
      size: world.size,
      farms: world.farms.length,
      products: world.products.length,
      shoppers: world.shoppers.length,
      orders: orderCount,
    };
    await tx
      .insert(settings)
      .values({ key: settingKey, value: { ...loaded, seed: world.seed }, updatedAt: now });
    await tx.execute(sql`select setval('order_numbers', ${orderCount + 1})`);
    return loaded;
  });
}
