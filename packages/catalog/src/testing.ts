import { asc } from "drizzle-orm";
import { insertMany, type DatabaseHandle, type Queryable } from "@almanac/db";
import {
  farms,
  marketFarms,
  markets,
  orderWindows,
  outbox,
  pickupSlots,
  products,
  shoppers,
  users,
  variants,
} from "@almanac/db/schema";
import {
  addCalendarDays,
  days,
  idFromName,
  shiftedClock,
  invariant,
  marketDay,
  weekdayAt,
  type FarmId,
  type MarketId,
  type OrderWindowId,
  type PickupSlotId,
  type ProductId,
  type ShiftedClock,
  type ShopperId,
  type UserId,
  type VariantId,
} from "@almanac/kernel";
import {
  anonymousCaller,
  createCallerFactory,
  router,
  silentLogger,
  unlimited,
  type Caller,
} from "@almanac/trpc";
import { standardCategories } from "./core/categories.ts";
import { planPickupSlots } from "./core/pickup-slots.ts";
import { catalogRoutes, type CatalogDeps } from "./router.ts";
import type { Market, OrderWindow, PickupSlot } from "./core/things.ts";
import { findMarket } from "./store/markets.ts";
import { addMissingCategories } from "./store/products.ts";

/** Rows for tests, written past all rules; names give ids, so that a test can name a thing twice and mean the same. */

/** A Wednesday morning in August at the market. */
export const testNow = new Date("2025-08-13T13:00:00Z");

export const marketIdOf = (slug: string): MarketId => idFromName<MarketId>("test/market", slug);
export const farmIdOf = (slug: string): FarmId => idFromName<FarmId>("test/farm", slug);
export const productIdOf = (slug: string): ProductId => idFromName<ProductId>("test/product", slug);
export const variantIdOf = (productSlug: string, index = 0): VariantId =>
  idFromName<VariantId>("test/variant", `${productSlug}/${index}`);

/** "Riverside", Saturdays 08:00 to 13:00 in New York, fee 5 %, unless said otherwise. */
export async function buildMarket(
  db: Queryable,
  overrides: Partial<typeof markets.$inferInsert> = {},
): Promise<Market> {
  const slug = overrides.slug ?? "riverside";
  const id = marketIdOf(slug);
  await addMissingCategories(db, standardCategories);
  await db.insert(markets).values({
    id,
    slug,
    name: slug,
    region: "Hudson Valley",
    timeZone: "America/New_York",
    latitude: 41.7,
    longitude: -73.9,
    feeBasisPoints: 500,
    weekday: 6,
    createdAt: new Date(testNow.getTime() - days(700)),
    ...overrides,
  });
  const market = await findMarket(db, { id: overrides.id ?? id });
  invariant(market, "a market that was written is there");
  return market;
}

/** A farm with a stall at each of the markets, by slug; at none with an empty list. */
export async function buildFarm(
  db: Queryable,
  {
    marketSlugs = ["riverside"],
    ...overrides
  }: Partial<typeof farms.$inferInsert> & { marketSlugs?: string[] } = {},
): Promise<FarmId> {
  const slug = overrides.slug ?? "hollow-oak";
  const id = overrides.id ?? farmIdOf(slug);
  const joinedAt = new Date(testNow.getTime() - days(600));
  await db
    .insert(farms)
    .values({ id, slug, name: slug, latitude: 41.8, longitude: -73.8, joinedAt, ...overrides });
  if (marketSlugs.length > 0) {
    await db.insert(marketFarms).values(
      marketSlugs.map((market, index) => ({
        marketId: marketIdOf(market),
        farmId: id,
        stall: "4",
        joinedAt: new Date(joinedAt.getTime() + index),
      })),
    );
  }
  return id;
}

export interface ProductBuild extends Partial<Omit<typeof products.$inferInsert, "farmId">> {
  readonly farmSlug?: string;
  /** One weighed variant at 4.90/kg, about 750 g each, when absent. */
  readonly variants?: Partial<typeof variants.$inferInsert>[];
}

/** A live product with its variants: heirloom tomatoes of Hollow Oak unless said otherwise. */
export async function buildProduct(
  db: Queryable,
  { farmSlug = "hollow-oak", variants: ways = [{}], ...overrides }: ProductBuild = {},
): Promise<ProductId> {
  const slug = overrides.slug ?? "heirloom-tomato";
  const id = overrides.id ?? productIdOf(slug);
  const isDraft = overrides.status === "draft";
  await db.insert(products).values({
    id,
    farmId: farmIdOf(farmSlug),
    slug,
    name: slug,
    category: "vegetables",
    crop: "tomato",
    picture: "tomato",
    baseUnit: "g",
    status: "live",
    listedAt: isDraft ? null : new Date(testNow.getTime() - days(100)),
    createdAt: new Date(testNow.getTime() - days(101)),
    updatedAt: new Date(testNow.getTime() - days(100)),
    ...overrides,
  });
  if (ways.length > 0) {
    await db.insert(variants).values(
      ways.map((way, index) => ({
        id: variantIdOf(slug, index),
        productId: id,
        name: "each, about 750 g",
        priceUnit: "kg",
        unitPriceCents: 490,
        unitPricePer: 1_000,
        unitQuantityBase: 750,
        isWeighed: true,
        position: index,
        ...way,
      })),
    );
  }
  return id;
}

/** Live products of Hollow Oak by the thousand, numbered `from` to before `until`, each in two variants. */
export async function buildManyProducts(
  db: Queryable,
  { from = 0, until }: { from?: number; until: number },
): Promise<void> {
  const slugs = Array.from({ length: until - from }, (_, index) => `product-${from + index}`);
  await insertMany(
    db,
    products,
    slugs.map((slug) => ({
      id: productIdOf(slug),
      farmId: farmIdOf("hollow-oak"),
      slug,
      name: slug,
      category: "vegetables",
      crop: "tomato",
      picture: "tomato",
      baseUnit: "g" as const,
      status: "live" as const,
      listedAt: testNow,
    })),
  );
  await insertMany(
    db,
    variants,
    slugs.flatMap((slug) =>
      [0, 1].map((index) => ({
        id: variantIdOf(slug, index),
        productId: productIdOf(slug),
        name: "each",
        priceUnit: "kg",
        unitPriceCents: 490,
        unitPricePer: 1_000,
        unitQuantityBase: 750,
        position: index,
      })),
    ),
  );
}

/**
 * A window that is open at `now`, for the market's next day at least two days off, with hourly slots.
 *
 * @param capacityOrders of each slot
 */
export async function buildOpenWindow(
  db: Queryable,
  market: Market,
  { now = testNow, capacityOrders = 40 }: { now?: Date; capacityOrders?: number } = {},
): Promise<{ window: OrderWindow; slots: PickupSlot[] }> {
  const ahead = (market.weekday - weekdayAt(now, market.timeZone) + 7) % 7;
  const day = addCalendarDays(marketDay(now, market.timeZone), ahead < 2 ? ahead + 7 : ahead);
  const window: OrderWindow = {
    id: idFromName<OrderWindowId>("test/window", `${market.slug}/${day}`),
    marketId: market.id,
    marketDay: day,
    opensAt: new Date(now.getTime() - days(1)),
    closesAt: new Date(now.getTime() + days(1)),
    isCancelled: false,
  };
  await db.insert(orderWindows).values(window);
  const { timeZone, opensAt, closesAt } = market;
  const slots = planPickupSlots({
    marketDay: day,
    timeZone,
    opensAt,
    closesAt,
    lengthMinutes: 60,
    capacityOrders,
  });
  const rows = slots.map((slot, index) => ({
    ...slot,
    id: idFromName<PickupSlotId>("test/slot", `${market.slug}/${day}/${index}`),
    orderWindowId: window.id,
  }));
  await db.insert(pickupSlots).values(rows);
  return { window, slots: rows };
}

export const shopperIdOf = (name: string): ShopperId => idFromName<ShopperId>("test/shopper", name);
export const userIdOf = (name: string): UserId => idFromName<UserId>("test/user", name);

/** A person's rows: an account "<name>@example.com" and its shopper. */
export async function buildPerson(
  db: Queryable,
  name: string,
): Promise<{ userId: UserId; shopperId: ShopperId }> {
  const userId = userIdOf(name);
  const shopperId = shopperIdOf(name);
  await db.insert(users).values({ id: userId, name, email: `${name}@example.com` });
  await db.insert(shoppers).values({ id: shopperId, userId, origin: "account" });
  return { userId, shopperId };
}

/** A signed-in caller of that name; give rights by `farmIds`, `marketIds` or `roles`. */
export function callerNamed(name: string, rights: Partial<Caller> = {}): Caller {
  return {
    ...anonymousCaller,
    kind: "user",
    userId: userIdOf(name),
    shopperId: shopperIdOf(name),
    ...rights,
  };
}

/** The catalog's procedures as somebody, in process. The clock stands at `testNow` until it is moved. */
export function catalogAs(
  handle: DatabaseHandle,
  caller: Caller = anonymousCaller,
  clock: ShiftedClock = shiftedClock(testNow, { now: () => testNow }),
  deps: CatalogDeps = {},
) {
  return createCallerFactory(router(catalogRoutes(deps)))({
    caller,
    db: handle.db,
    handle,
    clock,
    log: silentLogger,
    requestId: "request-1",
    traceId: "trace-1",
    transport: "in-process",
    ip: "192.0.2.7",
    limiter: unlimited,
    ensureShopper: () =>
      caller.shopperId
        ? Promise.resolve(caller.shopperId)
        : Promise.reject(new Error("nobody shops in this test")),
  });
}

/** Topics of the facts that were published, in order. */
export async function publishedTopics(db: Queryable): Promise<string[]> {
  const rows = await db.select({ topic: outbox.topic }).from(outbox).orderBy(asc(outbox.seq));
  return rows.map((row) => row.topic);
}
