import { eq } from "drizzle-orm";
import type { DatabaseHandle, Queryable } from "@almanac/db";
import { cartLines, carts, orderLines, orders, stockLevels, subOrders } from "@almanac/db/schema";
import { createInProcessBus, type Bus } from "@almanac/events";
import {
  days,
  idFromName,
  type CartId,
  type Clock,
  type OrderId,
  type OrderLineId,
  type ShopperId,
  type SubOrderId,
} from "@almanac/kernel";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import { createShopWindow, type ShopWindow } from "@almanac/signals";
import { silentLogger } from "@almanac/trpc";
import type { StartBuilder } from "./building/builder.ts";
import { createRecsysService, type ChooseArm, type RecsysService } from "./service.ts";

/** Rows and a running service for tests; the things of the stall come from catalog's own builders. */

export interface TestRecsys {
  readonly service: RecsysService;
  readonly shopWindow: ShopWindow;
  readonly bus: Bus;
  stop(): Promise<void>;
}

/** A shop window and the service on it, loaded and built; nothing of it runs by itself. */
export async function startRecsys(
  handle: DatabaseHandle,
  {
    clock = { now: () => testNow },
    bus = createInProcessBus(),
    startBuilder,
    chooseArm,
  }: { clock?: Clock; bus?: Bus; startBuilder?: StartBuilder; chooseArm?: ChooseArm } = {},
): Promise<TestRecsys> {
  const log = silentLogger;
  const shopWindow = createShopWindow({ handle, bus, clock, log });
  await shopWindow.load();
  const service = createRecsysService({ handle, bus, clock, log, shopWindow, startBuilder, chooseArm });
  await service.start();
  return {
    service,
    shopWindow,
    bus,
    async stop() {
      await service.stop();
      await shopWindow.close();
    },
  };
}

/** What the small stall sells, with its category, price of one kilogram in cents, and farm. */
export const stallGoods = {
  tomato: ["vegetables", 490, "hollow-oak"],
  carrot: ["root-vegetables", 300, "hollow-oak"],
  beet: ["root-vegetables", 320, "hollow-oak"],
  kale: ["greens", 500, "fern-bank"],
  spinach: ["greens", 520, "fern-bank"],
  lettuce: ["greens", 450, "fern-bank"],
  basil: ["herbs", 900, "fern-bank"],
  brie: ["cheese", 2_200, "whey-street"],
  gouda: ["cheese", 2_000, "whey-street"],
  mozzarella: ["cheese", 1_800, "whey-street"],
  peach: ["fruits", 600, "ridge"],
  plum: ["fruits", 580, "ridge"],
} as const satisfies Record<string, readonly [category: string, priceCents: number, farm: string]>;

export type StallGood = keyof typeof stallGoods;

/** Riverside with four farms, twelve products in stock and an open window. */
export async function openSmallStall(db: Queryable): Promise<void> {
  const market = await buildMarket(db);
  await buildOpenWindow(db, market);
  for (const slug of ["hollow-oak", "fern-bank", "whey-street", "ridge"]) await buildFarm(db, { slug });
  for (const [slug, [category, unitPriceCents, farmSlug]] of Object.entries(stallGoods)) {
    await buildProduct(db, { slug, category, farmSlug, crop: "", variants: [{ unitPriceCents }] });
    await db.insert(stockLevels).values({ productId: productIdOf(slug), onHandBase: 100_000 });
  }
}

export async function setStock(db: Queryable, slug: string, onHandBase: number): Promise<void> {
  await db
    .update(stockLevels)
    .set({ onHandBase })
    .where(eq(stockLevels.productId, productIdOf(slug)));
}

let orderCount = 0;

/** An order that was placed so many days before `testNow`, as rows only. */
export async function buildOrder(
  db: Queryable,
  shopperId: ShopperId,
  { daysAgo, goods }: { daysAgo: number; goods: readonly StallGood[] },
): Promise<OrderId> {
  const name = `${++orderCount}`;
  const id = idFromName<OrderId>("recsys/order", name);
  const placedAt = new Date(testNow.getTime() - days(daysAgo));
  await db.insert(orders).values({
    id,
    number: `T-${name}`,
    shopperId,
    marketId: marketIdOf("riverside"),
    subtotalCents: 100,
    totalCents: 100,
    holdCents: 100,
    idempotencyKey: name,
    requestHash: name,
    placedAt,
    updatedAt: placedAt,
  });
  for (const slug of goods) {
    const farmId = farmIdOf(stallGoods[slug][2]);
    const subOrderId = idFromName<SubOrderId>("recsys/sub-order", `${name}/${farmId}`);
    await db
      .insert(subOrders)
      .values({ id: subOrderId, orderId: id, farmId, subtotalCents: 100, feeCents: 5 })
      .onConflictDoNothing();
    await db.insert(orderLines).values({
      id: idFromName<OrderLineId>("recsys/line", `${name}/${slug}`),
      orderId: id,
      subOrderId,
      productId: productIdOf(slug),
      variantId: variantIdOf(slug),
      productName: slug,
      variantName: "each",
      quantity: 1,
      quantityBase: 750,
      unitPriceCents: stallGoods[slug][1],
      unitPricePer: 1_000,
      totalCents: 100,
    });
  }
  return id;
}

/** Puts one of each in the shopper's cart. */
export async function fillCart(
  db: Queryable,
  shopperId: ShopperId,
  goods: readonly StallGood[],
): Promise<void> {
  const id = idFromName<CartId>("recsys/cart", shopperId);
  await db
    .insert(carts)
    .values({ id, shopperId, marketId: marketIdOf("riverside") })
    .onConflictDoNothing();
  for (const slug of goods)
    await db
      .insert(cartLines)
      .values({ cartId: id, variantId: variantIdOf(slug), quantity: 1 })
      .onConflictDoNothing();
}
