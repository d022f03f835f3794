import { sql } from "drizzle-orm";
import type { DatabaseHandle, Transaction } from "@almanac/db";
import {
  actionEvents,
  categories,
  farms,
  harvestWindows,
  ledgerEntries,
  lots,
  marketFarms,
  markets,
  orderEvents,
  orderLines,
  orders,
  orderWindows,
  payments,
  pickupSlots,
  priceChanges,
  products,
  settings,
  shoppers,
  simulatedCharges,
  stockEntries,
  stockLevels,
  subOrders,
  variants,
} from "@almanac/db/schema";
import { recountEvents } from "@almanac/events";
import { days, idFromName, marketDay, seededRng, type Clock } from "@almanac/kernel";
import { createDemoAccounts } from "./accounts.ts";
import { insertBulk } from "./bulk.ts";
import { browsingOf } from "./core/browsing.ts";
import { categorySeeds } from "./core/categories.ts";
import { foods } from "./core/foods.ts";
import type { World, WorldMarketDay, WorldOrder, WorldProduct } from "./core/model.ts";
import { historyOf, stockToday } from "./core/orders-of-world.ts";
import { createWorld, type SizeFigures, type WorldOptions } from "./core/world.ts";
import { insertOpinions } from "./opinions.ts";
import { addOrder, noOrderRows, type OrderRows } from "./order-rows.ts";

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
const ordersPerWrite = 1_500;

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
    const { count: orderCount, recent } = await insertHistory(tx, world, onProgress);
    await insertBrowsing(tx, world, recent);
    await insertOpinions(tx, world, people.maya);
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

async function insertPlaces(tx: Transaction, world: World): Promise<void> {
  await insertBulk(
    tx,
    categories,
    categorySeeds.map((category, position) => ({ ...category, position })),
  );
  await insertBulk(
    tx,
    markets,
    world.markets.map(({ id, seed }, n) => ({
      id,
      slug: seed.slug,
      name: seed.name,
      description: seed.description,
      address: seed.address,
      region: seed.region,
      timeZone: seed.timeZone,
      currency: seed.currency,
      latitude: seed.latitude,
      longitude: seed.longitude,
      feeBasisPoints: seed.feeBasisPoints,
      acceptsSnap: seed.acceptsSnap,
      weekday: seed.weekday,
      opensAt: seed.opensAt,
      closesAt: seed.closesAt,
      createdAt: new Date(world.now.getTime() - days(1000 - n)),
    })),
  );
  await insertBulk(
    tx,
    farms,
    world.farms.map(({ id, seed, market, latitude, longitude, joinedAt }) => ({
      id,
      slug: seed.slug,
      name: seed.name,
      story: seed.story,
      town: seed.town,
      latitude,
      longitude,
      isOrganic: seed.isOrganic,
      acceptsSnap: market.seed.acceptsSnap,
      picture: seed.picture,
      joinedAt,
    })),
  );
  await insertBulk(
    tx,
    marketFarms,
    world.farms.map(({ id, seed, market, joinedAt }) => ({
      marketId: market.id,
      farmId: id,
      stall: seed.stall,
      joinedAt,
    })),
  );
  await insertBulk(
    tx,
    orderWindows,
    world.marketDays.map((day) => ({
      id: day.windowId,
      marketId: day.market.id,
      marketDay: day.day,
      opensAt: day.opensAt,
      closesAt: day.closesAt,
    })),
  );
  await insertBulk(
    tx,
    pickupSlots,
    world.marketDays.flatMap((day) => day.slots.map((slot) => ({ ...slot, orderWindowId: day.windowId }))),
  );
}

async function insertShoppers(tx: Transaction, world: World): Promise<void> {
  const rng = seededRng(world.seed).fork("homes");
  await insertBulk(
    tx,
    shoppers,
    world.shoppers.map((shopper) => ({
      id: shopper.id,
      origin: "demo",
      trackingConsent: "granted" as const,
      personalise: true,
      marketId: shopper.market.id,
      latitude: shopper.market.seed.latitude + 0.08 * rng.normal(),
      longitude: shopper.market.seed.longitude + 0.08 * rng.normal(),
      createdAt: shopper.joinedAt,
      lastSeenAt: world.now,
    })),
  );
}

async function insertCatalogue(tx: Transaction, world: World): Promise<void> {
  await insertBulk(
    tx,
    products,
    world.products.map((product) => ({
      id: product.id,
      farmId: product.farm.id,
      slug: product.slug,
      name: product.name,
      description: describe(product),
      category: product.food.category,
      crop: product.food.crop,
      picture: product.food.picture,
      baseUnit: product.food.sale.baseUnit,
      isOrganic: product.farm.seed.isOrganic,
      snapEligible: !["flowers", "honey"].includes(product.food.category),
      isReplenishable: product.food.isReplenishable,
      storageTips: storageTip(product),
      status: "live" as const,
      listedAt: product.listedAt,
      lastHarvestAt: lastHarvest(product, world.now),
      lowStockBase: 5 * product.food.sale.unitQuantityBase,
      createdAt: product.listedAt,
      updatedAt: product.listedAt,
    })),
  );
  await insertBulk(
    tx,
    variants,
    world.products.map((product) => ({
      id: product.variantId,
      productId: product.id,
      name: product.food.sale.variantName,
      priceUnit: product.food.sale.priceUnit,
      unitPriceCents: product.priceCents,
      unitPricePer: product.food.sale.pricePer,
      unitQuantityBase: product.food.sale.unitQuantityBase,
      isWeighed: product.food.sale.isWeighed,
      position: 0,
    })),
  );
  await insertBulk(
    tx,
    harvestWindows,
    foods.flatMap((food) => {
      if (!food.window) return [];
      const [firstDay, peakStart, peakEnd, lastDay] = food.window;
      const id = idFromName("demo/harvest-window", food.crop);
      return [{ id, crop: food.crop, region: "", kind: food.kind, firstDay, peakStart, peakEnd, lastDay }];
    }),
  );
  // The named products are on sale all year: from under glass when the field rests.
  await insertBulk(
    tx,
    harvestWindows,
    world.products.flatMap(({ id, slug, food, isAlwaysStocked }) => {
      if (!isAlwaysStocked || !food.window) return [];
      const [firstDay, peakStart, peakEnd, lastDay] = food.window;
      const windowId = idFromName("demo/harvest-window", slug);
      const kind = "greenhouse" as const;
      return [
        {
          id: windowId,
          crop: food.crop,
          region: "",
          kind,
          productId: id,
          firstDay,
          peakStart,
          peakEnd,
          lastDay,
        },
      ];
    }),
  );
  await insertBulk(
    tx,
    priceChanges,
    world.priceChanges.map((change) => ({
      variantId: change.product.variantId,
      oldPriceCents: change.oldPriceCents,
      newPriceCents: change.newPriceCents,
      reason: change.reason,
      changedAt: change.changedAt,
    })),
  );
  await insertBulk(
    tx,
    lots,
    world.products.flatMap((product) => {
      const at = lastHarvest(product, world.now);
      const harvestedOn = marketDay(at, product.farm.market.seed.timeZone);
      const id = idFromName<(typeof lots.$inferInsert)["id"]>("demo/lot", product.slug);
      const quantityBase = stockToday(product, harvestedOn, world.seed);
      return quantityBase > 0
        ? [
            {
              id,
              productId: product.id,
              code: `L-${harvestedOn.slice(2).replaceAll("-", "")}`,
              harvestedOn,
              quantityBase,
            },
          ]
        : [];
    }),
  );
}

function describe(product: WorldProduct): string {
  const { name, farm, food, isAlwaysStocked } = product;
  const glass =
    isAlwaysStocked && food.kind === "field" && food.window
      ? " From the field in season, from under glass otherwise."
      : "";
  const how = farm.seed.isOrganic ? "Grown without synthetic sprays" : "Grown and made";
  return `${name} from ${farm.seed.name}${farm.seed.town ? ` in ${farm.seed.town}` : ""}. ${how} for the ${farm.market.seed.name}.${glass}`;
}

const storageTips: Readonly<Record<string, string>> = {
  tomato: "Keep at room temperature, stem down; the fridge takes the flavour.",
  basil: "Stand it in a glass of water, away from cold.",
  mozzarella: "Keep it in its whey and eat it within three days.",
  potato: "Dark, cool and dry, away from onions.",
  egg: "Cool place, pointed end down, four weeks.",
  strawberry: "Unwashed, in the fridge, two days.",
  sourdough: "Cut side down on a board; freeze what you will not eat in three days.",
};

function storageTip({ food }: WorldProduct): string {
  const byCategory: Partial<Record<string, string>> = {
    greens: "Wash, spin dry, and keep in a closed box in the fridge.",
    herbs: "Wrap in a damp cloth in the fridge.",
    "root-vegetables": "Take the leaves off and keep cool.",
    berries: "In the fridge, unwashed, eaten soon.",
    cheese: "Wrapped in paper, taken out an hour before eating.",
  };
  return storageTips[food.crop] ?? byCategory[food.category] ?? "";
}

function lastHarvest(product: WorldProduct, now: Date): Date {
  return new Date(now.getTime() - days(0.3 + 2.5 * seededRng(product.slug).next()));
}

async function insertHistory(
  tx: Transaction,
  world: World & { figures: SizeFigures },
  onProgress: (what: string, share: number) => void,
): Promise<{ count: number; recent: readonly WorldOrder[] }> {
  let rows = noOrderRows();
  let count = 0;
  const recent: WorldOrder[] = [];
  for (const { day, orders: placed } of historyOf(world)) {
    addHarvest(rows, placed, day, world.now);
    for (const order of placed) addOrder(rows, order);
    count += placed.length;
    if (day.closesAt.getTime() > world.now.getTime() - days(14)) recent.push(...placed);
    if (rows.orders.length >= ordersPerWrite) {
      await writeOrders(tx, rows);
      onProgress("two years of orders", Math.min(1, count / world.figures.orders));
      rows = noOrderRows();
    }
  }
  addStockOfToday(rows, world);
  await writeOrders(tx, rows);
  await tx.execute(sql`
    insert into ${stockLevels} (product_id, on_hand_base, reserved_base, updated_at)
    select product_id, sum(delta_base), 0, ${world.now.toISOString()}::timestamptz from ${stockEntries} group by product_id`);
  onProgress("two years of orders", 1);
  return { count, recent };
}

/** The log of the last days, so that trends and the operator's figures have something to say. */
async function insertBrowsing(tx: Transaction, world: World, recent: readonly WorldOrder[]): Promise<void> {
  await insertBulk(
    tx,
    actionEvents,
    browsingOf(world, recent).map(({ id, action, shopper, entity, metadata, at }) => ({
      id,
      action,
      shopperId: shopper.id,
      entityType: entity.type,
      entityId: entity.id,
      metadata,
      source: "demo" as const,
      traceId: "demo",
      occurredAt: at,
      recordedAt: at,
    })),
  );
  await recountEvents(tx);
}

/** What was picked for a market day: all that was sold and a little more, which went to waste. */
function addHarvest(rows: OrderRows, placed: readonly WorldOrder[], day: WorldMarketDay, now: Date): void {
  const closedAt = day.slots.at(-1)!.endsAt;
  const soldBase = new Map<WorldProduct, number>();
  for (const order of placed) {
    for (const line of order.lines) {
      const base =
        (order.collectedAt ? line.weighedBase : undefined) ??
        line.quantity * line.product.food.sale.unitQuantityBase;
      soldBase.set(line.product, (soldBase.get(line.product) ?? 0) + base);
    }
  }
  for (const [product, base] of soldBase) {
    const wasteBase = closedAt < now ? Math.floor(base * 0.04) : 0;
    const shared = { productId: product.id, orderLineId: null, note: "" };
    rows.stockEntries.push({ ...shared, deltaBase: base + wasteBase, reason: "harvest", at: day.opensAt });
    if (wasteBase > 0)
      rows.stockEntries.push({ ...shared, deltaBase: -wasteBase, reason: "waste", at: closedAt });
  }
}

function addStockOfToday(rows: OrderRows, world: World): void {
  for (const product of world.products) {
    const deltaBase = stockToday(
      product,
      marketDay(world.now, product.farm.market.seed.timeZone),
      world.seed,
    );
    // A product with nothing to sell still has a stock level.
    rows.stockEntries.push({
      productId: product.id,
      deltaBase,
      reason: "harvest",
      orderLineId: null,
      at: lastHarvest(product, world.now),
      note: "",
    });
  }
}

async function writeOrders(tx: Transaction, rows: OrderRows): Promise<void> {
  await insertBulk(tx, orders, rows.orders);
  await insertBulk(tx, subOrders, rows.subOrders);
  await insertBulk(tx, orderLines, rows.orderLines);
  await insertBulk(tx, payments, rows.payments);
  await insertBulk(tx, ledgerEntries, rows.ledgerEntries);
  // Written as it happened, so that a replay in order never falls below zero.
  rows.stockEntries.sort((a, b) => timeOf(a) - timeOf(b));
  await insertBulk(tx, stockEntries, rows.stockEntries);
  await insertBulk(tx, orderEvents, rows.orderEvents);
  const openCharges = rows.payments.filter((payment) => payment.status === "authorised");
  await insertBulk(
    tx,
    simulatedCharges,
    openCharges.map((payment) => ({
      idempotencyKey: payment.idempotencyKey,
      reference: payment.providerReference ?? "",
      status: "authorised" as const,
      authorisedCents: payment.authorisedCents,
      capturedCents: 0,
      createdAt: payment.createdAt ?? new Date(0),
      updatedAt: payment.updatedAt ?? new Date(0),
    })),
  );
}

const timeOf = ({ at }: OrderRows["stockEntries"][number]): number => at?.getTime() ?? 0;
