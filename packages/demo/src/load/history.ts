import { insertMany, type Transaction } from "@almanac/db";
import { actionEvents, simulatedCharges, stockEntries } from "@almanac/db/schema";
import { recountEvents } from "@almanac/events";
import { days, marketDay } from "@almanac/kernel";
import type { BrowsingEvent } from "../core/browsing.ts";
import type { World, WorldMarketDay, WorldOrder, WorldProduct } from "../core/model.ts";
import { supplyFor } from "../core/history.ts";
import { historyOf, stockToday } from "../core/orders-of-world.ts";
import { isStockOut, type SizeFigures } from "../core/world.ts";
import { countStock, insertOrders, ordersPerWrite } from "../insert-orders.ts";
import { addOrder, noOrderRows, type OrderRows } from "../order-rows.ts";
import { stockLedger, type StockRow } from "../core/stock-ledger.ts";
import { lastHarvest } from "./last-harvest.ts";
import { insertWalkIns } from "./walk-ins.ts";

/** Two years of orders and of what was picked for them; also the orders of the last five weeks. */
export async function insertHistory(
  tx: Transaction,
  world: World & { figures: SizeFigures },
  onProgress: (what: string, share: number) => void,
): Promise<{ count: number; recent: readonly WorldOrder[] }> {
  let rows = noOrderRows();
  const stock: StockRow[] = [];
  // The ledger is one story of orders and stalls: it is written when all of it is known.
  const write = async (): Promise<void> => {
    stock.push(...rows.stockEntries.map((row) => ({ ...row, at: row.at ?? world.now })));
    await writeOrders(tx, { ...rows, stockEntries: [] });
  };
  let count = 0;
  const recent: WorldOrder[] = [];
  for (const { day, orders: placed } of historyOf(world)) {
    addHarvest(rows, placed, day, world);
    for (const order of placed) addOrder(rows, order);
    count += placed.length;
    if (day.closesAt.getTime() > world.now.getTime() - days(35)) recent.push(...placed);
    if (rows.orders.length >= ordersPerWrite) {
      await write();
      onProgress("two years of orders", Math.min(1, count / world.figures.orders));
      rows = noOrderRows();
    }
  }
  addStockOfToday(rows, world);
  await write();
  const walkIns = await insertWalkIns(tx, world);
  await insertMany(tx, stockEntries, stockLedger([...stock, ...walkIns.stock], walkIns.empty));
  await countStock(tx, world.now);
  onProgress("two years of orders", 1);
  return { count, recent };
}

/** The log of the last days, so that trends and the operator's figures have something to say. */
export async function insertBrowsing(tx: Transaction, browsing: readonly BrowsingEvent[]): Promise<void> {
  await insertMany(
    tx,
    actionEvents,
    browsing.map(({ id, action, shopper, entity, metadata, at }) => ({
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

/**
 * What was picked for a market day: all that was sold and a little more, which went to waste: nothing that was ordered ran out.
 * Of what nobody ordered, though there was some, a unit.
 */
function addHarvest(
  rows: OrderRows,
  placed: readonly WorldOrder[],
  day: WorldMarketDay,
  { now, products }: World,
): void {
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
  const isOver = closedAt < now;
  const unsold = products.filter(
    (product) =>
      product.farm.market === day.market &&
      !soldBase.has(product) &&
      !isStockOut(product, day.day) &&
      supplyFor(product, day) > 0,
  );
  if (isOver) for (const product of unsold) soldBase.set(product, 0);
  for (const [product, base] of soldBase) {
    const spare = base > 0 ? Math.ceil(base * 0.04) : product.food.sale.unitQuantityBase;
    const wasteBase = isOver ? spare : 0;
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

/** The orders, and what their open payments have reserved at the simulated provider. */
async function writeOrders(tx: Transaction, rows: OrderRows): Promise<void> {
  await insertOrders(tx, rows);
  const openCharges = rows.payments.filter((payment) => payment.status === "authorised");
  await insertMany(
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
