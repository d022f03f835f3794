import { asc, eq, sql } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { markets, orderWindows, pickupSlots } from "@almanac/db/schema";
import type { MarketId, OrderWindowId, PickupSlotId } from "@almanac/kernel";
import type { SlotLoad } from "../core/slots.ts";
import type { WindowTimes } from "@almanac/catalog";

export interface SlotWindow {
  readonly slotId: PickupSlotId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly windowId: OrderWindowId;
  readonly window: WindowTimes;
  readonly market: {
    readonly id: MarketId;
    readonly name: string;
    readonly timeZone: string;
    readonly feeBasisPoints: number;
  };
}

const slotWindowColumns = {
  slotId: pickupSlots.id,
  startsAt: pickupSlots.startsAt,
  endsAt: pickupSlots.endsAt,
  windowId: orderWindows.id,
  window: {
    opensAt: orderWindows.opensAt,
    closesAt: orderWindows.closesAt,
    isCancelled: orderWindows.isCancelled,
    marketDay: orderWindows.marketDay,
  },
  market: {
    id: markets.id,
    name: markets.name,
    timeZone: markets.timeZone,
    feeBasisPoints: markets.feeBasisPoints,
  },
};

/** A slot with its order window and its market. */
export async function findSlot(db: Queryable, slotId: PickupSlotId): Promise<SlotWindow | undefined> {
  const [row] = await db
    .select(slotWindowColumns)
    .from(pickupSlots)
    .innerJoin(orderWindows, eq(orderWindows.id, pickupSlots.orderWindowId))
    .innerJoin(markets, eq(markets.id, orderWindows.marketId))
    .where(eq(pickupSlots.id, slotId));
  return row;
}

/** Locks a slot's places until the transaction ends. Whoever takes a place does this before counting. */
export async function lockSlot(tx: Transaction, slotId: PickupSlotId): Promise<void> {
  await tx
    .select({ id: pickupSlots.id })
    .from(pickupSlots)
    .where(eq(pickupSlots.id, slotId))
    .for("no key update");
}

/**
 * The slots of a window with what takes their places: orders that were not cancelled, and checkouts whose time is not
 * over. Both are counted in one statement, so that a checkout turning into an order is never missed or counted twice.
 *
 * @param exceptCheckoutId a checkout whose own place is not counted
 */
export async function readSlotLoads(
  db: Queryable,
  windowId: OrderWindowId,
  { now, exceptCheckoutId = null }: { now: Date; exceptCheckoutId?: string | null },
): Promise<SlotLoad[]> {
  // Written out, because drizzle leaves the table's name out of columns when a statement reads one table only.
  const at = now.toISOString();
  return db
    .select({
      id: pickupSlots.id,
      startsAt: pickupSlots.startsAt,
      endsAt: pickupSlots.endsAt,
      capacityOrders: pickupSlots.capacityOrders,
      orders: sql<number>`(select count(*)::int from orders
        where orders.pickup_slot_id = pickup_slots.id and orders.status <> 'cancelled')`.mapWith(Number),
      holds: sql<number>`(select count(*)::int from checkouts
        where checkouts.pickup_slot_id = pickup_slots.id and checkouts.status = 'open'
          and checkouts.expires_at > ${at}::timestamptz
          and checkouts.id is distinct from ${exceptCheckoutId}::uuid)`.mapWith(Number),
    })
    .from(pickupSlots)
    .where(eq(pickupSlots.orderWindowId, windowId))
    .orderBy(asc(pickupSlots.startsAt));
}
