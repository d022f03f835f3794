import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import type { DatabaseHandle, Transaction } from "@almanac/db";
import {
  categories,
  farms,
  ledgerEntries,
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
  stockEntries,
  stockLevels,
  subOrders,
  variants,
} from "@almanac/db/schema";
import { AppError, days, idFromName, type Clock, type MarketId, type ShopperId } from "@almanac/kernel";
import { insertBulk } from "../bulk.ts";
import { marketDaysOf } from "../core/calendar.ts";
import { marketSeeds } from "../core/places.ts";
import { noOrderRows, type OrderRows } from "../order-rows.ts";
import { buildAssortment, type Assortment } from "./assortment.ts";
import { addReceipt, type ReceiptWorld } from "./receipt-orders.ts";
import { readItems, readReceipts, type ReceiptLine } from "./receipts.ts";

export interface ImportOptions {
  readonly clock: Clock;
  readonly onProgress: (what: string, share: number) => void;
}

export interface ImportReport {
  readonly source: "completejourney";
  readonly alreadyImported: boolean;
  readonly rows: number;
  readonly zeroQuantity: number;
  readonly unlistedProduct: number;
  readonly shoppers: number;
  readonly farms: number;
  readonly products: number;
  readonly variants: number;
  readonly orders: number;
  readonly lines: number;
  /** All dates moved by this many whole weeks. */
  readonly weeksMoved: number;
}

/** The folder or the database is not one that can be imported into; says what to change. */
function importRefused(message: string): AppError {
  return new AppError("input_invalid", message);
}

const settingKey = "import.completejourney";
const receiptFiles = ["train.csv.gz", "valid.csv.gz"];
const marketId = idFromName<MarketId>("import/market", "completejourney");
const ordersPerWrite = 2_000;

/**
 * Writes a year of real receipts as a world of its own: households become shoppers, receipts become collected orders.
 * One transaction: after an interruption there is nothing, after a second run there is the same.
 *
 * @param folder with `items.csv.gz`, `train.csv.gz` and, if there, `valid.csv.gz`
 * @throws AppError `input_invalid`: a row is malformed (file and line), the folder lacks a file, the database holds another world
 */
export async function importCompleteJourney(
  handle: DatabaseHandle,
  folder: string,
  { clock, onProgress }: ImportOptions,
): Promise<ImportReport> {
  const itemsPath = join(folder, "items.csv.gz");
  const receiptPaths = receiptFiles.map((file) => join(folder, file)).filter((path) => existsSync(path));
  if (!existsSync(itemsPath)) throw importRefused(`There is no items.csv.gz in ${folder}.`);
  if (receiptPaths.length === 0) throw importRefused(`There is no train.csv.gz in ${folder}.`);

  const hash = await hashFiles([itemsPath, ...receiptPaths]);
  const earlier = await findEarlierImport(handle);
  if (earlier?.hash === hash) return { ...earlier.report, alreadyImported: true };
  const existing = await handle.db.select({ id: markets.id }).from(markets).limit(1);
  if (earlier || existing.length > 0) {
    throw importRefused(
      earlier
        ? "This database holds an import of other files. Import into a new folder with --data."
        : "This database holds another world already. Import into a new folder with --data.",
    );
  }

  onProgress("reading items", 0);
  const items = await readItems(itemsPath);
  const receipts = await readReceipts(receiptPaths, items, (rows) => onProgress("reading receipts", rows));
  const assortment = buildAssortment(receipts.lines, items);
  const now = clock.now();
  const lastMs = receipts.lines.reduce((last, line) => Math.max(last, line.at.getTime()), 0);
  const weeksMoved = Math.floor((now.getTime() - lastMs) / days(7));
  const world: ReceiptWorld = { assortment, marketId, now, shiftMs: weeksMoved * days(7) };
  const baskets = [...Map.groupBy(receipts.lines, (line) => line.basket).values()].sort(
    (a, b) => a[0]!.at.getTime() - b[0]!.at.getTime() || (a[0]!.basket < b[0]!.basket ? -1 : 1),
  );

  const report: ImportReport = {
    source: "completejourney",
    alreadyImported: false,
    rows: receipts.rows,
    zeroQuantity: receipts.zeroQuantity,
    unlistedProduct: receipts.unlistedProduct,
    shoppers: new Set(receipts.lines.map((line) => line.household)).size,
    farms: assortment.farms.length,
    products: assortment.products.length,
    variants: assortment.variantOf.size,
    orders: baskets.length,
    lines: receipts.lines.length,
    weeksMoved,
  };
  await handle.transaction(async (tx) => {
    if (handle.driver === "pglite") await tx.execute(sql`set local session_replication_role = replica`);
    onProgress("writing the catalogue", 0);
    await insertPlace(tx, assortment, now);
    await insertShoppers(tx, receipts.lines, world);
    await insertCatalogue(tx, assortment, world);
    await insertOrders(tx, baskets, world, onProgress);
    await tx.insert(settings).values({ key: settingKey, value: { hash, report }, updatedAt: now });
    await tx.execute(sql`select setval('order_numbers', ${baskets.length + 1})`);
  });
  return report;
}

async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await readFile(path));
  return hash.digest("hex");
}

async function findEarlierImport(
  handle: DatabaseHandle,
): Promise<{ hash: string; report: ImportReport } | undefined> {
  const [row] = await handle.db.select().from(settings).where(eq(settings.key, settingKey));
  return row?.value as { hash: string; report: ImportReport } | undefined;
}

/** One market where Riverside is, open every Saturday; the assigned farms stand around it. */
async function insertPlace(tx: Transaction, assortment: Assortment, now: Date): Promise<void> {
  const seed = { ...marketSeeds[0]!, slug: "journey", name: "Journey Saturday Market" };
  const yearAgo = new Date(now.getTime() - days(400));
  await insertBulk(
    tx,
    categories,
    assortment.categories.map((category, position) => ({ ...category, position })),
  );
  await insertBulk(tx, markets, [
    {
      id: marketId,
      slug: seed.slug,
      name: seed.name,
      description: "A year of real grocery receipts, sold at one market.",
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
      createdAt: yearAgo,
    },
  ]);
  const around = (n: number): { latitude: number; longitude: number } => ({
    latitude: seed.latitude + 0.15 * Math.sin(n * 2.4),
    longitude: seed.longitude + 0.2 * Math.cos(n * 2.4),
  });
  await insertBulk(
    tx,
    farms,
    assortment.farms.map((farm, n) => ({
      id: farm.id,
      slug: farm.slug,
      name: farm.name,
      story: "Sells part of one department of the imported receipts.",
      ...around(n),
      picture: "farmer",
      joinedAt: yearAgo,
    })),
  );
  await insertBulk(
    tx,
    marketFarms,
    assortment.farms.map((farm, n) => ({
      marketId,
      farmId: farm.id,
      stall: String(n + 1),
      joinedAt: yearAgo,
    })),
  );
  const coming = marketDaysOf({ id: marketId, seed }, now, 7);
  await insertBulk(
    tx,
    orderWindows,
    coming.map((day) => ({
      id: day.windowId,
      marketId,
      marketDay: day.day,
      opensAt: day.opensAt,
      closesAt: day.closesAt,
    })),
  );
  await insertBulk(
    tx,
    pickupSlots,
    coming.flatMap((day) => day.slots.map((slot) => ({ ...slot, orderWindowId: day.windowId }))),
  );
}

async function insertShoppers(
  tx: Transaction,
  lines: readonly ReceiptLine[],
  world: ReceiptWorld,
): Promise<void> {
  const firstSeen = new Map<string, number>();
  for (const line of lines) {
    firstSeen.set(line.household, Math.min(firstSeen.get(line.household) ?? Infinity, line.at.getTime()));
  }
  await insertBulk(
    tx,
    shoppers,
    [...firstSeen].map(([household, firstMs]) => ({
      id: idFromName<ShopperId>("import/household", household),
      origin: "import",
      trackingConsent: "granted" as const,
      marketId,
      createdAt: new Date(firstMs + world.shiftMs),
      lastSeenAt: world.now,
    })),
  );
}

async function insertCatalogue(tx: Transaction, assortment: Assortment, world: ReceiptWorld): Promise<void> {
  const moved = (at: Date): Date => new Date(at.getTime() + world.shiftMs);
  await insertBulk(
    tx,
    products,
    assortment.products.map((product) => ({
      id: product.id,
      farmId: product.farm.id,
      slug: product.slug,
      name: product.name,
      description: "",
      category: product.category,
      crop: "",
      picture: product.picture,
      baseUnit: "piece" as const,
      status: "live" as const,
      listedAt: moved(product.firstSoldAt),
      createdAt: moved(product.firstSoldAt),
      updatedAt: moved(product.firstSoldAt),
    })),
  );
  const all = assortment.products.flatMap((product) =>
    product.variants.map((variant, position) => ({ product, variant, position })),
  );
  await insertBulk(
    tx,
    variants,
    all.map(({ product, variant, position }) => ({
      id: variant.id,
      productId: product.id,
      name: variant.name,
      priceUnit: variant.unitPricePer === 1 ? "each" : `${variant.unitPricePer}`,
      unitPriceCents: variant.prices.at(-1)!.unitPriceCents,
      unitPricePer: variant.unitPricePer,
      unitQuantityBase: 1,
      isWeighed: false,
      position,
    })),
  );
  await insertBulk(
    tx,
    priceChanges,
    all.flatMap(({ variant }) =>
      variant.prices.slice(1).map((price, index) => ({
        variantId: variant.id,
        oldPriceCents: variant.prices[index]!.unitPriceCents,
        newPriceCents: price.unitPriceCents,
        reason: "receipts",
        changedAt: moved(price.at),
      })),
    ),
  );
}

async function insertOrders(
  tx: Transaction,
  baskets: readonly (readonly ReceiptLine[])[],
  world: ReceiptWorld,
  onProgress: ImportOptions["onProgress"],
): Promise<void> {
  let rows = noOrderRows();
  for (const [index, basket] of baskets.entries()) {
    addReceipt(rows, basket, index + 1, world);
    if (rows.orders.length >= ordersPerWrite || index === baskets.length - 1) {
      await write(tx, rows);
      rows = noOrderRows();
      onProgress("writing orders", (index + 1) / baskets.length);
    }
  }
  const stocked = world.assortment.products.map((product) => ({
    productId: product.id,
    deltaBase: 60,
    reason: "restock" as const,
    orderLineId: null,
    at: world.now,
    note: "assumed: the receipts do not tell the stock",
  }));
  await insertBulk(tx, stockEntries, stocked);
  await tx.execute(sql`
    insert into ${stockLevels} (product_id, on_hand_base, reserved_base, updated_at)
    select product_id, sum(delta_base), 0, ${world.now.toISOString()}::timestamptz from ${stockEntries} group by product_id`);
}

async function write(tx: Transaction, rows: OrderRows): Promise<void> {
  await insertBulk(tx, orders, rows.orders);
  await insertBulk(tx, subOrders, rows.subOrders);
  await insertBulk(tx, orderLines, rows.orderLines);
  await insertBulk(tx, payments, rows.payments);
  await insertBulk(tx, ledgerEntries, rows.ledgerEntries);
  await insertBulk(tx, stockEntries, rows.stockEntries);
  await insertBulk(tx, orderEvents, rows.orderEvents);
}
