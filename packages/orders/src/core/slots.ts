import type { PickupSlotId } from "@almanac/kernel";

export interface SlotLoad {
  readonly id: PickupSlotId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly capacityOrders: number;
  /** Orders that were placed and not cancelled. */
  readonly orders: number;
  /** Checkouts under way that hold a place. */
  readonly holds: number;
}

/** Places that can still be taken: never negative, even when a capacity was lowered below what was sold. */
export function placesLeft(slot: Pick<SlotLoad, "capacityOrders" | "orders" | "holds">): number {
  return Math.max(0, slot.capacityOrders - slot.orders - slot.holds);
}

/**
 * Slots to offer instead of a full one, at most `limit`: those with a place left, nearest in time first, the earlier one
 * when two are equally near.
 */
export function slotAlternatives(slots: readonly SlotLoad[], wantedId: PickupSlotId, limit = 3): SlotLoad[] {
  const wanted = slots.find((slot) => slot.id === wantedId);
  const wantedAt = wanted?.startsAt.getTime() ?? 0;
  const distance = (slot: SlotLoad) => Math.abs(slot.startsAt.getTime() - wantedAt);
  return slots
    .filter((slot) => slot.id !== wantedId && placesLeft(slot) > 0)
    .toSorted((a, b) => distance(a) - distance(b) || a.startsAt.getTime() - b.startsAt.getTime())
    .slice(0, limit);
}
