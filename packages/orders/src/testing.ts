import { insertMany, type DatabaseHandle, type Queryable } from "@almanac/db";
import {
  cartLines,
  carts,
  categories,
  farms,
  marketFarms,
  markets,
  orderWindows,
  pickupSlots,
  products,
  shoppers,
  stockEntries,
  stockLevels,
  variants,
} from "@almanac/db/schema";
import {
  atMarketTime,
  idFromName,
  isAppError,
  newId,
  shiftedClock,
  type AppError,
  type BaseUnit,
  type CartId,
  type Clock,
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
import { anonymousCaller, silentLogger, unlimited, type Caller, type RequestContext } from "@almanac/trpc";

interface StallProduct {
  readonly farm: string;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly priceCents: number;
  readonly per: number;
  readonly unitBase: number;
  readonly isWeighed: boolean;
  readonly stockBase: number;
}

const stallProducts = {
  tomato: {
    farm: "hollow-oak",
    name: "Heirloom tomato",
    baseUnit: "g",
    priceCents: 490,
    per: 1000,
    unitBase: 750,
    isWeighed: true,
    stockBase: 60_000,
  },
  basil: {
    farm: "fern-bank",
    name: "Basil",
    baseUnit: "piece",
    priceCents: 250,
    per: 1,
    unitBase: 1,
    isWeighed: false,
    stockBase: 50,
  },
  mozzarella: {
    farm: "whey-street",
    name: "Mozzarella",
    baseUnit: "piece",
    priceCents: 600,
    per: 1,
    unitBase: 1,
    isWeighed: false,
    stockBase: 50,
  },
} as const satisfies Record<string, StallProduct>;

export type StallProductName = keyof typeof stallProducts;

const zone = "America/New_York";

/** The shared world of the tests: one market, three farms, three products, one open order window with five slots. */
export const stall = {
  marketId: idFromName<MarketId>("orders/testing", "market"),
  windowId: idFromName<OrderWindowId>("orders/testing", "window"),
  closesAt: atMarketTime("2025-08-14", 20, 0, zone),
  farmId: (slug: "hollow-oak" | "fern-bank" | "whey-street") =>
    idFromName<FarmId>("orders/testing/farm", slug),
  productId: (name: StallProductName) => idFromName<ProductId>("orders/testing/product", name),
  variantId: (name: StallProductName) => idFromName<VariantId>("orders/testing/variant", name),
  slotId: (hour: 8 | 9 | 10 | 11 | 12) => idFromName<PickupSlotId>("orders/testing/slot", String(hour)),
} as const;

/** A clock that starts on Wednesday 13 August 2025 at 09:00 at the market and moves only when told to. */
export function stallClock(): ShiftedClock {
  const startsAt = atMarketTime("2025-08-13", 9, 0, zone);
  return shiftedClock(startsAt, { now: () => startsAt });
}

export interface StallOptions {
  /** Base units on hand, instead of the usual 60 kg, 50 and 50. */
  readonly stockBase?: Partial<Record<StallProductName, number>>;
  /** Orders that a slot takes. Default 40. */
  readonly capacityOrders?: number;
}

/** Writes the world of `stall` into an empty database. */
export async function openStall(
  db: Queryable,
  { stockBase = {}, capacityOrders = 40 }: StallOptions = {},
): Promise<void> {
  await db.insert(categories).values({ slug: "produce", name: "Produce", picture: "tomato" });
  await db.insert(markets).values({
    id: stall.marketId,
    slug: "riverside",
    name: "Riverside Saturday Market",
    timeZone: zone,
    latitude: 41.7,
    longitude: -73.9,
    feeBasisPoints: 500,
  });
  for (const slug of ["hollow-oak", "fern-bank", "whey-street"] as const) {
    await db
      .insert(farms)
      .values({ id: stall.farmId(slug), slug, name: slug, latitude: 41.6, longitude: -73.8 });
    await db.insert(marketFarms).values({ marketId: stall.marketId, farmId: stall.farmId(slug), stall: "4" });
  }
  for (const name of Object.keys(stallProducts) as StallProductName[]) {
    await putOnSale(db, name, stockBase[name] ?? stallProducts[name].stockBase);
  }
  await db.insert(orderWindows).values({
    id: stall.windowId,
    marketId: stall.marketId,
    marketDay: "2025-08-16",
    opensAt: atMarketTime("2025-08-10", 8, 0, zone),
    closesAt: stall.closesAt,
  });
  await db.insert(pickupSlots).values(
    ([8, 9, 10, 11, 12] as const).map((hour) => ({
      id: stall.slotId(hour),
      orderWindowId: stall.windowId,
      startsAt: atMarketTime("2025-08-16", hour, 0, zone),
      endsAt: atMarketTime("2025-08-16", hour + 1, 0, zone),
      capacityOrders,
    })),
  );
}

async function putOnSale(db: Queryable, name: StallProductName, stockBase: number): Promise<void> {
  const product = stallProducts[name];
  const productId = stall.productId(name);
  await db.insert(products).values({
    id: productId,
    farmId: stall.farmId(product.farm),
    slug: name,
    name: product.name,
    category: "produce",
    picture: name,
    baseUnit: product.baseUnit,
    status: "live",
  });
  await db.insert(variants).values({
    id: stall.variantId(name),
    productId,
    name: product.isWeighed ? "each, about 750 g" : "each",
    priceUnit: product.isWeighed ? "kg" : "piece",
    unitPriceCents: product.priceCents,
    unitPricePer: product.per,
    unitQuantityBase: product.unitBase,
    isWeighed: product.isWeighed,
  });
  await db.insert(stockLevels).values({ productId, onHandBase: stockBase });
  if (stockBase > 0)
    await db.insert(stockEntries).values({ productId, deltaBase: stockBase, reason: "harvest" });
}

/** The ids of the first `count` shoppers that `addShoppers` makes. */
export function shopperIdsOf(count: number, prefix = "shopper"): ShopperId[] {
  return Array.from({ length: count }, (_, i) =>
    idFromName<ShopperId>("orders/testing/shopper", `${prefix}-${i}`),
  );
}

/** Makes `count` shoppers who may be tracked. The same prefix gives the same ids. */
export async function addShoppers(db: Queryable, count: number, prefix = "shopper"): Promise<ShopperId[]> {
  const ids = shopperIdsOf(count, prefix);
  await insertMany(
    db,
    shoppers,
    ids.map((id) => ({ id, trackingConsent: "granted" as const, marketId: stall.marketId })),
  );
  return ids;
}

/** Puts one of each into a new cart of each shopper, as rows only. */
export async function fillCarts(
  db: Queryable,
  shopperIds: readonly ShopperId[],
  names: readonly StallProductName[],
): Promise<void> {
  const rows = shopperIds.map((shopperId) => ({ id: newId<CartId>(), shopperId, marketId: stall.marketId }));
  await insertMany(db, carts, rows);
  await insertMany(
    db,
    cartLines,
    rows.flatMap(({ id: cartId }) =>
      names.map((name) => ({ cartId, variantId: stall.variantId(name), quantity: 1 })),
    ),
  );
}

/** The refusal that some work ends in; rethrows anything else, and complains when it was not refused. */
export async function refusalOf(work: Promise<unknown>): Promise<Pick<AppError, "code" | "details">> {
  try {
    await work;
  } catch (error) {
    if (isAppError(error)) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error("it was not refused");
}

export const userIdOf = (name: string): UserId => idFromName<UserId>("orders/testing/user", name);

/** What a caller of the routes is, in tests: a visitor, a farmer, an operator. */
export type TestCaller = Partial<Caller>;

/** A request as the routes see it. A caller with a shopper keeps it; one without gets it only by `ensureShopper`. */
export function testContext(handle: DatabaseHandle, clock: Clock, caller: TestCaller = {}): RequestContext {
  return {
    caller: { ...anonymousCaller, ...caller },
    db: handle.db,
    handle,
    clock,
    log: silentLogger,
    requestId: "test",
    traceId: "test",
    transport: "in-process",
    ip: "127.0.0.1",
    limiter: unlimited,
    ensureShopper: () =>
      caller.shopperId
        ? Promise.resolve(caller.shopperId)
        : Promise.reject(new Error("this test's caller has no shopper")),
  };
}
