import { and, asc, eq, sql } from "drizzle-orm";
import { insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import {
  ledgerEntries,
  markets,
  orderEvents,
  orderLines,
  orderWindows,
  orders,
  subOrders,
  type OrderEventKind,
  type OrderStatus,
} from "@almanac/db/schema";
import {
  newId,
  type Cents,
  type FarmId,
  type MarketId,
  type OrderId,
  type OrderLineId,
  type OrderWindowId,
  type PickupSlotId,
  type ProductId,
  type ShopperId,
  type SubOrderId,
  type VariantId,
} from "@almanac/kernel";
import { postingsToReach, type LedgerRow, type OrderWorth } from "../core/ledger.ts";
import { formatOrderNumber } from "../core/order-number.ts";

/** An order with everything that its rules look at. */
export interface StoredOrder {
  readonly id: OrderId;
  readonly number: string;
  readonly shopperId: ShopperId;
  readonly marketId: MarketId;
  readonly feeBasisPoints: number;
  readonly orderWindowId: OrderWindowId | null;
  readonly pickupSlotId: PickupSlotId | null;
  readonly closesAt: Date | null;
  readonly status: OrderStatus;
  readonly version: number;
  readonly subtotalCents: Cents;
  readonly totalCents: Cents;
  readonly holdCents: Cents;
  readonly subOrders: readonly StoredSubOrder[];
  readonly lines: readonly StoredLine[];
}

export interface StoredSubOrder {
  readonly id: SubOrderId;
  readonly farmId: FarmId;
  readonly status: OrderStatus;
  readonly collectedAt: Date | null;
}

export interface StoredLine {
  readonly id: OrderLineId;
  readonly subOrderId: SubOrderId;
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly productName: string;
  readonly variantName: string;
  readonly quantity: number;
  readonly quantityBase: number;
  readonly weighedBase: number | null;
  readonly unitPriceCents: Cents;
  readonly unitPricePer: number;
  readonly isWeighed: boolean;
  readonly discountCents: Cents;
  readonly totalCents: Cents;
}

/** Which order: the shopper's own by number, or any by id. */
export type OrderKey = { readonly id: OrderId } | { readonly number: string; readonly shopperId: ShopperId };

export async function findOrder(db: Queryable, key: OrderKey): Promise<StoredOrder | undefined> {
  const [row] = await selectOrder(db, key);
  return row && withParts(db, row);
}

/** The order's row, locked until the transaction ends: all changes of one order go in turns. */
export async function lockOrder(tx: Transaction, key: OrderKey): Promise<StoredOrder | undefined> {
  const [row] = await selectOrder(tx, key).for("update", { of: orders });
  return row && withParts(tx, row);
}

function selectOrder(db: Queryable, key: OrderKey) {
  return db
    .select({
      id: orders.id,
      number: orders.number,
      shopperId: orders.shopperId,
      marketId: orders.marketId,
      feeBasisPoints: markets.feeBasisPoints,
      orderWindowId: orders.orderWindowId,
      pickupSlotId: orders.pickupSlotId,
      closesAt: orderWindows.closesAt,
      status: orders.status,
      version: orders.version,
      subtotalCents: orders.subtotalCents,
      totalCents: orders.totalCents,
      holdCents: orders.holdCents,
    })
    .from(orders)
    .innerJoin(markets, eq(markets.id, orders.marketId))
    .leftJoin(orderWindows, eq(orderWindows.id, orders.orderWindowId))
    .where(
      "id" in key
        ? eq(orders.id, key.id)
        : and(eq(orders.number, key.number), eq(orders.shopperId, key.shopperId)),
    );
}

async function withParts(db: Queryable, row: Omit<StoredOrder, "subOrders" | "lines">): Promise<StoredOrder> {
  const parts = await db
    .select({
      id: subOrders.id,
      farmId: subOrders.farmId,
      status: subOrders.status,
      collectedAt: subOrders.collectedAt,
    })
    .from(subOrders)
    .where(eq(subOrders.orderId, row.id))
    .orderBy(asc(subOrders.id));
  const lines = await db
    .select({
      id: orderLines.id,
      subOrderId: orderLines.subOrderId,
      farmId: subOrders.farmId,
      productId: orderLines.productId,
      variantId: orderLines.variantId,
      productName: orderLines.productName,
      variantName: orderLines.variantName,
      quantity: orderLines.quantity,
      quantityBase: orderLines.quantityBase,
      weighedBase: orderLines.weighedBase,
      unitPriceCents: orderLines.unitPriceCents,
      unitPricePer: orderLines.unitPricePer,
      isWeighed: orderLines.isWeighed,
      discountCents: orderLines.discountCents,
      totalCents: orderLines.totalCents,
    })
    .from(orderLines)
    .innerJoin(subOrders, eq(subOrders.id, orderLines.subOrderId))
    .where(eq(orderLines.orderId, row.id))
    .orderBy(asc(orderLines.id));
  return { ...row, subOrders: parts, lines };
}

export interface PlacedOrderRef {
  readonly id: OrderId;
  readonly number: string;
  readonly requestHash: string;
}

export async function findOrderByKey(
  db: Queryable,
  shopperId: ShopperId,
  idempotencyKey: string,
): Promise<PlacedOrderRef | undefined> {
  const [row] = await db
    .select({ id: orders.id, number: orders.number, requestHash: orders.requestHash })
    .from(orders)
    .where(and(eq(orders.shopperId, shopperId), eq(orders.idempotencyKey, idempotencyKey)));
  return row;
}

/** The next order numbers, in order. Numbers of orders that then are not placed stay unused. */
export async function takeOrderNumbers(db: Queryable, count: number): Promise<string[]> {
  const taken = await rows<{ value: number }>(
    db,
    sql`select nextval('order_numbers')::int as value from generate_series(1, ${count}::int)`,
  );
  return taken.map(({ value }) => formatOrderNumber(value));
}

/**
 * Writes the ledger rows that are missing between what is posted for an order and what it is worth. Nothing when it is
 * right already.
 */
export async function postLedger(
  tx: Transaction,
  orderId: OrderId,
  { worth, isNew = false, now }: { worth: OrderWorth; isNew?: boolean; now: Date },
): Promise<void> {
  const written = isNew ? [] : await readLedger(tx, orderId);
  const postings = postingsToReach(written, worth);
  const transactionId = newId(now.getTime());
  await insertMany(
    tx,
    ledgerEntries,
    postings.map((row) => ({ ...row, orderId, transactionId, at: now })),
  );
}

export async function readLedger(db: Queryable, orderId: OrderId): Promise<LedgerRow[]> {
  return db
    .select({
      account: ledgerEntries.account,
      kind: ledgerEntries.kind,
      farmId: ledgerEntries.farmId,
      amountCents: ledgerEntries.amountCents,
    })
    .from(ledgerEntries)
    .where(eq(ledgerEntries.orderId, orderId))
    .orderBy(asc(ledgerEntries.seq));
}

/** One more line of an order's timeline. */
export async function noteOrderEvent(
  tx: Transaction,
  orderId: OrderId,
  { kind, details = {}, now }: { kind: OrderEventKind; details?: Record<string, unknown>; now: Date },
): Promise<void> {
  await tx.insert(orderEvents).values({ orderId, kind, details, at: now });
}

/** What each farm's part of an order is worth now. */
export async function readSubOrderWorth(db: Queryable, orderId: OrderId): Promise<OrderWorth["farms"]> {
  return db
    .select({
      farmId: subOrders.farmId,
      subtotalCents: subOrders.subtotalCents,
      feeCents: subOrders.feeCents,
    })
    .from(subOrders)
    .where(eq(subOrders.orderId, orderId))
    .orderBy(asc(subOrders.id));
}
