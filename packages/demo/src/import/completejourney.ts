import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { insertMany, type DatabaseHandle, type Transaction } from "@almanac/db";
import { markets, settings, stockEntries } from "@almanac/db/schema";
import { AppError, days, type Clock } from "@almanac/kernel";
import { countStock, insertOrders, ordersPerWrite } from "../insert-orders.ts";
import { noOrderRows } from "../order-rows.ts";
import { buildAssortment } from "./assortment.ts";
import { insertCatalogue, insertPlace, insertShoppers, marketId } from "./insert-market.ts";
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
    await insertReceipts(tx, baskets, world, onProgress);
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

/** The receipts as collected orders, then the assumed stock of today. */
async function insertReceipts(
  tx: Transaction,
  baskets: readonly (readonly ReceiptLine[])[],
  world: ReceiptWorld,
  onProgress: ImportOptions["onProgress"],
): Promise<void> {
  let rows = noOrderRows();
  for (const [index, basket] of baskets.entries()) {
    addReceipt(rows, basket, index + 1, world);
    if (rows.orders.length >= ordersPerWrite || index === baskets.length - 1) {
      await insertOrders(tx, rows);
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
  await insertMany(tx, stockEntries, stocked);
  await countStock(tx, world.now);
}
