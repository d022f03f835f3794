import { and, asc, eq, inArray, lte, or, sql } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { reservations, stockEntries, stockLevels, type StockReason } from "@almanac/db/schema";
import { publishFacts, type FactOf } from "@almanac/events";
import {
  AppError,
  invariant,
  newId,
  type LotId,
  type OrderLineId,
  type ProductId,
  type ReservationId,
  type ShopperId,
  type UserId,
} from "@almanac/kernel";
import { isAnyOf } from "./sql.ts";

export interface StockLevel {
  readonly onHandBase: number;
  readonly reservedBase: number;
}

/** The levels a transaction has locked, with what it has changed so far. Made by `lockStock` only. */
export type LockedStock = ReadonlyMap<
  ProductId,
  { readonly before: StockLevel; onHandBase: number; reservedBase: number }
>;

/**
 * Locks the stock of some products until the transaction ends. Every writer of stock goes through here, once per
 * transaction and for all the products it touches, and the rows are locked in the order of their ids: two baskets that
 * share products wait for each other, never in a circle.
 */
export async function lockStock(tx: Transaction, productIds: Iterable<ProductId>): Promise<LockedStock> {
  const ids = [...new Set(productIds)].toSorted();
  if (ids.length === 0) return new Map();
  const read = () =>
    tx
      .select({
        productId: stockLevels.productId,
        onHandBase: stockLevels.onHandBase,
        reservedBase: stockLevels.reservedBase,
      })
      .from(stockLevels)
      .where(isAnyOf(stockLevels.productId, ids))
      .orderBy(asc(stockLevels.productId))
      .for("update");
  let rows = await read();
  if (rows.length < ids.length) {
    await tx
      .insert(stockLevels)
      .values(ids.map((productId) => ({ productId })))
      .onConflictDoNothing({ target: stockLevels.productId });
    rows = await read();
  }
  return new Map(rows.map(({ productId, ...level }) => [productId, { before: level, ...level }]));
}

/** Base units that can be sold or promised now. */
export function availableOf(stock: LockedStock): Map<ProductId, number> {
  return new Map([...stock].map(([productId, level]) => [productId, level.onHandBase - level.reservedBase]));
}

/**
 * Writes what a transaction changed in its locked stock and publishes "stock.changed" for each product whose available
 * quantity moved. Call it once, last.
 */
export async function saveStock(
  tx: Transaction,
  stock: LockedStock,
  { now, traceId }: { now: Date; traceId?: string },
) {
  const changed = [...stock].filter(
    ([, level]) =>
      level.onHandBase !== level.before.onHandBase || level.reservedBase !== level.before.reservedBase,
  );
  if (changed.length === 0) return;
  for (const [productId, level] of changed) {
    invariant(
      level.reservedBase >= 0 && level.reservedBase <= level.onHandBase,
      `stock of ${productId} out of bounds`,
    );
  }
  const values = changed.map(
    ([productId, level]) => sql`(${productId}::uuid, ${level.onHandBase}::int, ${level.reservedBase}::int)`,
  );
  await tx.execute(sql`
    update ${stockLevels} set on_hand_base = changed.on_hand, reserved_base = changed.reserved, updated_at = ${now}::timestamptz
    from (values ${sql.join(values, sql`, `)}) as changed (product_id, on_hand, reserved)
    where ${stockLevels.productId} = changed.product_id`);
  const facts = changed
    .map(([productId, level]): FactOf<"stock.changed"> => ({
      topic: "stock.changed",
      payload: {
        productId,
        availableBase: level.onHandBase - level.reservedBase,
        previousAvailableBase: level.before.onHandBase - level.before.reservedBase,
      },
    }))
    .filter(({ payload }) => payload.availableBase !== payload.previousAvailableBase);
  await publishFacts(tx, facts, { traceId, priority: 0 });
}

export interface StockEntryInput {
  readonly productId: ProductId;
  readonly deltaBase: number;
  readonly reason: StockReason;
  readonly orderLineId?: OrderLineId;
  readonly lotId?: LotId;
  readonly actorUserId?: UserId;
  readonly device?: string;
  readonly note?: string;
  readonly idempotencyKey?: string;
}

/** Base units of a product at most: two thousand tonnes, within what the ledger's sum can hold. */
export const maxOnHandBase = 2_000_000_000;

/**
 * Appends rows to the stock ledger and moves the locked levels with them. Rows of zero are left out.
 *
 * @throws AppError `stock_would_be_negative` when a row takes more than is free, with what is there; `input_invalid` when there
 *   would be more than `maxOnHandBase`
 */
export async function appendStock(
  tx: Transaction,
  stock: LockedStock,
  entries: readonly StockEntryInput[],
  now: Date,
): Promise<void> {
  const moving = entries.filter((entry) => entry.deltaBase !== 0);
  for (const { productId, deltaBase } of moving) {
    const level = stock.get(productId);
    invariant(level, "stock is locked before it is written");
    const onHandBase = level.onHandBase + deltaBase;
    if (onHandBase < level.reservedBase) {
      throw new AppError("stock_would_be_negative", "There is less in stock than this takes away.", {
        details: { productId, onHandBase: level.onHandBase, reservedBase: level.reservedBase, deltaBase },
      });
    }
    if (onHandBase > maxOnHandBase) {
      throw new AppError(
        "input_invalid",
        "This is more than a stock can hold: record less, or count it anew.",
        {
          details: { productId, onHandBase: level.onHandBase, deltaBase, maxOnHandBase },
        },
      );
    }
    level.onHandBase = onHandBase;
  }
  if (moving.length > 0) await tx.insert(stockEntries).values(moving.map((entry) => ({ ...entry, at: now })));
}

export interface NewReservations {
  readonly checkoutId: string;
  readonly shopperId: ShopperId;
  readonly demandBase: ReadonlyMap<ProductId, number>;
  readonly expiresAt: Date;
  readonly now: Date;
}

/** Promises stock to a checkout. The caller has made sure that there is enough. */
export async function reserveStock(
  tx: Transaction,
  stock: LockedStock,
  { checkoutId, shopperId, demandBase, expiresAt, now }: NewReservations,
): Promise<void> {
  const rows = [...demandBase].map(([productId, quantityBase]) => {
    const level = stock.get(productId);
    invariant(level, "stock is locked before it is promised");
    level.reservedBase += quantityBase;
    const id = newId<ReservationId>(now.getTime());
    return { id, productId, shopperId, checkoutId, quantityBase, expiresAt, createdAt: now };
  });
  if (rows.length > 0) await tx.insert(reservations).values(rows);
}

/** The products that a checkout's live reservations are of. */
export async function reservedProducts(db: Queryable, checkoutIds: readonly string[]): Promise<ProductId[]> {
  if (checkoutIds.length === 0) return [];
  const rows = await db
    .selectDistinct({ productId: reservations.productId })
    .from(reservations)
    .where(and(inArray(reservations.checkoutId, [...checkoutIds]), eq(reservations.status, "active")));
  return rows.map((row) => row.productId);
}

/** Ends the live reservations of some checkouts; their stock is free again, or about to be sold. */
export async function endReservations(
  tx: Transaction,
  stock: LockedStock,
  checkoutIds: readonly string[],
  status: "consumed" | "released" | "expired",
): Promise<void> {
  if (checkoutIds.length === 0) return;
  const ended = await tx
    .update(reservations)
    .set({ status })
    .where(and(inArray(reservations.checkoutId, [...checkoutIds]), eq(reservations.status, "active")))
    .returning({ productId: reservations.productId, quantityBase: reservations.quantityBase });
  subtractReserved(stock, ended);
}

/** Frees what reservations past their time still hold of locked products, so that an expiry is exact without its job. */
export async function endOverdueReservations(tx: Transaction, stock: LockedStock, now: Date): Promise<void> {
  const ended = await tx
    .update(reservations)
    .set({ status: "expired" })
    .where(
      and(
        isAnyOf(reservations.productId, stock.keys()),
        eq(reservations.status, "active"),
        lte(reservations.expiresAt, now),
      ),
    )
    .returning({ productId: reservations.productId, quantityBase: reservations.quantityBase });
  subtractReserved(stock, ended);
}

function subtractReserved(
  stock: LockedStock,
  ended: readonly { readonly productId: ProductId; readonly quantityBase: number }[],
): void {
  for (const { productId, quantityBase } of ended) {
    const level = stock.get(productId);
    invariant(level, "stock is locked before a promise of it ends");
    level.reservedBase -= quantityBase;
  }
}

/** Base units that can be sold now, by product: on hand less reserved. Zero for products that were never stocked. */
export async function availableNow(
  db: Queryable,
  productIds: Iterable<ProductId>,
): Promise<Map<ProductId, number>> {
  const ids = [...new Set(productIds)];
  const available = new Map<ProductId, number>(ids.map((id) => [id, 0]));
  if (ids.length === 0) return available;
  const rows = await db
    .select({
      productId: stockLevels.productId,
      availableBase: sql<number>`${stockLevels.onHandBase} - ${stockLevels.reservedBase}`.mapWith(Number),
    })
    .from(stockLevels)
    .where(isAnyOf(stockLevels.productId, ids));
  for (const row of rows) available.set(row.productId, row.availableBase);
  return available;
}

/**
 * What one shopper can have: what can be sold now, what their own checkout holds for them, and what reservations past their
 * time still hold.
 */
export async function availableFor(
  db: Queryable,
  { productIds, shopperId, now }: { productIds: Iterable<ProductId>; shopperId: ShopperId; now: Date },
): Promise<Map<ProductId, number>> {
  const available = await availableNow(db, productIds);
  if (available.size === 0) return available;
  const held = await db
    .select({ productId: reservations.productId, quantityBase: reservations.quantityBase })
    .from(reservations)
    .where(
      and(
        isAnyOf(reservations.productId, available.keys()),
        eq(reservations.status, "active"),
        or(eq(reservations.shopperId, shopperId), lte(reservations.expiresAt, now)),
      ),
    );
  for (const { productId, quantityBase } of held) {
    available.set(productId, (available.get(productId) ?? 0) + quantityBase);
  }
  return available;
}
