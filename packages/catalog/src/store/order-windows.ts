import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { checkouts, orders, orderWindows, pickupSlots } from "@almanac/db/schema";
import type { MarketId, OrderWindowId, PickupSlotId } from "@almanac/kernel";
import { chooseWindow, windowState } from "../core/order-windows.ts";
import type { NextWindow, OrderWindow, PickupSlot } from "../core/things.ts";
import { groupBy, isAnyOf } from "./sql.ts";

/** The window that a market takes orders for now, else the next to open; `undefined` when none is planned. */
export async function nextOpenWindow(
  db: Queryable,
  marketId: MarketId,
  now: Date,
): Promise<NextWindow | undefined> {
  return (await nextOpenWindows(db, [marketId], now)).get(marketId);
}

/** `nextOpenWindow` of several markets in one read. */
export async function nextOpenWindows(
  db: Queryable,
  marketIds: readonly MarketId[],
  now: Date,
): Promise<Map<MarketId, NextWindow>> {
  const rows = await db
    .select()
    .from(orderWindows)
    .where(
      and(
        isAnyOf(orderWindows.marketId, marketIds),
        gt(orderWindows.closesAt, now),
        eq(orderWindows.isCancelled, false),
      ),
    )
    .orderBy(asc(orderWindows.closesAt));
  const next = new Map<MarketId, NextWindow>();
  for (const [marketId, windows] of groupBy(rows, (row) => row.marketId)) {
    const chosen = chooseWindow(windows, now);
    if (chosen) next.set(marketId, { ...chosen, isOpen: windowState(chosen, now) === "open" });
  }
  return next;
}

/** Windows of a market, the latest market day first. */
export async function listOrderWindows(
  db: Queryable,
  marketId: MarketId,
  { before, limit }: { before?: string; limit: number },
): Promise<OrderWindow[]> {
  return db
    .select()
    .from(orderWindows)
    .where(and(eq(orderWindows.marketId, marketId), before ? lt(orderWindows.marketDay, before) : undefined))
    .orderBy(desc(orderWindows.marketDay))
    .limit(limit);
}

export async function findOrderWindow(db: Queryable, id: OrderWindowId): Promise<OrderWindow | undefined> {
  const [row] = await db.select().from(orderWindows).where(eq(orderWindows.id, id));
  return row;
}

/** @returns whether it was written; not when the market has a window for that day already */
export async function insertOrderWindow(tx: Queryable, window: OrderWindow): Promise<boolean> {
  const rows = await tx
    .insert(orderWindows)
    .values(window)
    .onConflictDoNothing({ target: [orderWindows.marketId, orderWindows.marketDay] })
    .returning({ id: orderWindows.id });
  return rows.length > 0;
}

export async function updateOrderWindow(
  tx: Queryable,
  id: OrderWindowId,
  patch: Partial<Pick<OrderWindow, "opensAt" | "closesAt" | "isCancelled">>,
): Promise<void> {
  await tx.update(orderWindows).set(patch).where(eq(orderWindows.id, id));
}

/** The pickup slots of some windows, in order of time. */
export async function listPickupSlots(
  db: Queryable,
  windowIds: readonly OrderWindowId[],
): Promise<PickupSlot[]> {
  if (windowIds.length === 0) return [];
  return db
    .select()
    .from(pickupSlots)
    .where(isAnyOf(pickupSlots.orderWindowId, windowIds))
    .orderBy(asc(pickupSlots.startsAt), asc(pickupSlots.id));
}

export interface PickupSlotWithWindow {
  readonly slot: PickupSlot;
  readonly window: OrderWindow;
}

/** A slot and its window. */
export async function findPickupSlot(
  db: Queryable,
  id: PickupSlotId,
): Promise<PickupSlotWithWindow | undefined> {
  const [row] = await db
    .select({ slot: pickupSlots, window: orderWindows })
    .from(pickupSlots)
    .innerJoin(orderWindows, eq(orderWindows.id, pickupSlots.orderWindowId))
    .where(eq(pickupSlots.id, id));
  return row;
}

/** @returns how many were written; a slot that starts when another does is left out */
export async function insertPickupSlots(tx: Queryable, slots: readonly PickupSlot[]): Promise<number> {
  if (slots.length === 0) return 0;
  const rows = await tx
    .insert(pickupSlots)
    .values([...slots])
    .onConflictDoNothing({ target: [pickupSlots.orderWindowId, pickupSlots.startsAt] })
    .returning({ id: pickupSlots.id });
  return rows.length;
}

export async function updatePickupSlot(
  tx: Queryable,
  id: PickupSlotId,
  patch: Partial<Pick<PickupSlot, "capacityOrders">>,
): Promise<void> {
  await tx.update(pickupSlots).set(patch).where(eq(pickupSlots.id, id));
}

/**
 * Locks a slot and tells whether an order or a checkout names it. Whoever places an order takes a share of the same lock
 * through the foreign key, so the answer holds until the transaction ends.
 */
export async function isPickupSlotInUse(tx: Queryable, id: PickupSlotId): Promise<boolean> {
  await tx.select({ id: pickupSlots.id }).from(pickupSlots).where(eq(pickupSlots.id, id)).for("update");
  const [row] = await tx
    .select({
      inUse: sql<boolean>`exists (select 1 from ${orders} where ${orders.pickupSlotId} = ${id})
      or exists (select 1 from ${checkouts} where ${checkouts.pickupSlotId} = ${id})`,
    })
    .from(sql`(select 1) as one`);
  return row?.inUse ?? false;
}

export async function deletePickupSlot(tx: Queryable, id: PickupSlotId): Promise<void> {
  await tx.delete(pickupSlots).where(eq(pickupSlots.id, id));
}
