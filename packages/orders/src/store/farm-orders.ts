import { and, asc, eq, gte, inArray, ne } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import {
  markets,
  orderLines,
  orders,
  orderWindows,
  pickupSlots,
  products,
  subOrders,
  type OrderStatus,
} from "@almanac/db/schema";
import type {
  BaseUnit,
  Cents,
  FarmId,
  MarketId,
  OrderLineId,
  PickupSlotId,
  ProductId,
  SubOrderId,
} from "@almanac/kernel";
import { canUndoCollection } from "../core/collection.ts";
import { lineQuantityBase } from "../core/pricing.ts";
import { groupBy } from "./sql.ts";

export interface FarmOrderLine {
  readonly id: OrderLineId;
  readonly productId: ProductId;
  readonly name: string;
  readonly variantName: string;
  readonly baseUnit: BaseUnit;
  readonly quantity: number;
  readonly quantityBase: number;
  readonly weighedBase: number | null;
  readonly isWeighed: boolean;
  readonly totalCents: Cents;
}

export interface FarmSubOrder {
  readonly id: SubOrderId;
  readonly number: string;
  readonly contactName: string;
  readonly status: OrderStatus;
  readonly subtotalCents: Cents;
  readonly feeCents: Cents;
  readonly collectedAt: string | null;
  /** Handed over so lately that it can be taken back. */
  readonly canUndo: boolean;
  readonly lines: readonly FarmOrderLine[];
}

export interface FarmSlot {
  readonly slotId: PickupSlotId;
  readonly marketId: MarketId;
  readonly marketName: string;
  readonly timeZone: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly subOrders: readonly FarmSubOrder[];
}

export interface PickTotal {
  readonly productId: ProductId;
  readonly name: string;
  readonly variantName: string;
  readonly baseUnit: BaseUnit;
  readonly quantity: number;
  readonly quantityBase: number;
}

export interface FarmDay {
  readonly marketDay: string | null;
  /** Days with orders from `since` on, the next first. */
  readonly marketDays: readonly string[];
  readonly slots: readonly FarmSlot[];
  /** What to harvest and bring in all, by product and variant. */
  readonly totals: readonly PickTotal[];
}

/**
 * A farm's orders of one market day by pickup slot, in order of time and number; cancelled ones are left out.
 *
 * @param marketDay without it, the next day with orders, from `today` on
 */
export async function readFarmDay(
  db: Queryable,
  { farmId, marketDay, today, now }: { farmId: FarmId; marketDay?: string; today: string; now: Date },
): Promise<FarmDay> {
  const days = await db
    .selectDistinct({ marketDay: orderWindows.marketDay })
    .from(subOrders)
    .innerJoin(orders, eq(orders.id, subOrders.orderId))
    .innerJoin(orderWindows, eq(orderWindows.id, orders.orderWindowId))
    .where(
      and(
        eq(subOrders.farmId, farmId),
        gte(orderWindows.marketDay, today),
        ne(subOrders.status, "cancelled"),
      ),
    )
    .orderBy(asc(orderWindows.marketDay))
    .limit(30);
  const marketDays = days.map((row) => row.marketDay);
  const day = marketDay ?? marketDays[0];
  if (!day) return { marketDay: null, marketDays, slots: [], totals: [] };
  const rows = await selectLines(db, farmId, day);
  const slots = [...groupBy(rows, (row) => row.slotId).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { slotId, marketId, marketName, timeZone } = first;
    const parts = [...groupBy(group, (row) => row.partId).values()].flatMap((part) => subOrderOf(part, now));
    const [startsAt, endsAt] = [first.startsAt.toISOString(), first.endsAt.toISOString()];
    return [{ slotId, marketId, marketName, timeZone, startsAt, endsAt, subOrders: parts }];
  });
  const byVariant = groupBy(rows, (row) => row.variantId);
  const totals = [...byVariant.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { productId, name, variantName, baseUnit } = first.line;
    const quantity = group.reduce((sum, row) => sum + row.line.quantity, 0);
    const quantityBase = group.reduce((sum, row) => sum + lineQuantityBase(row.line), 0);
    return [{ productId, name, variantName, baseUnit, quantity, quantityBase }];
  });
  return {
    marketDay: day,
    marketDays,
    slots,
    totals: totals.toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

function selectLines(db: Queryable, farmId: FarmId, marketDay: string) {
  return db
    .select({
      slotId: pickupSlots.id,
      startsAt: pickupSlots.startsAt,
      endsAt: pickupSlots.endsAt,
      marketId: markets.id,
      marketName: markets.name,
      timeZone: markets.timeZone,
      partId: subOrders.id,
      number: orders.number,
      contactName: orders.contactName,
      status: subOrders.status,
      subtotalCents: subOrders.subtotalCents,
      feeCents: subOrders.feeCents,
      collectedAt: subOrders.collectedAt,
      variantId: orderLines.variantId,
      line: {
        id: orderLines.id,
        productId: orderLines.productId,
        name: orderLines.productName,
        variantName: orderLines.variantName,
        baseUnit: products.baseUnit,
        quantity: orderLines.quantity,
        quantityBase: orderLines.quantityBase,
        weighedBase: orderLines.weighedBase,
        isWeighed: orderLines.isWeighed,
        totalCents: orderLines.totalCents,
      },
    })
    .from(subOrders)
    .innerJoin(orders, eq(orders.id, subOrders.orderId))
    .innerJoin(orderWindows, eq(orderWindows.id, orders.orderWindowId))
    .innerJoin(pickupSlots, eq(pickupSlots.id, orders.pickupSlotId))
    .innerJoin(markets, eq(markets.id, orders.marketId))
    .innerJoin(orderLines, eq(orderLines.subOrderId, subOrders.id))
    .innerJoin(products, eq(products.id, orderLines.productId))
    .where(
      and(
        eq(subOrders.farmId, farmId),
        eq(orderWindows.marketDay, marketDay),
        inArray(subOrders.status, ["placed", "ready", "collected"]),
      ),
    )
    .orderBy(asc(pickupSlots.startsAt), asc(orders.number), asc(orderLines.id))
    .limit(20_000);
}

function subOrderOf(
  group: readonly Awaited<ReturnType<typeof selectLines>>[number][],
  now: Date,
): FarmSubOrder[] {
  const [first] = group;
  if (!first) return [];
  const { partId: id, number, contactName, status, subtotalCents, feeCents } = first;
  const collectedAt = first.collectedAt?.toISOString() ?? null;
  const lines = group.map((row) => row.line);
  const canUndo =
    status === "collected" && first.collectedAt !== null && canUndoCollection(first.collectedAt, now);
  return [{ id, number, contactName, status, subtotalCents, feeCents, collectedAt, canUndo, lines }];
}
