import { and, asc, desc, eq, lt, or } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import {
  farms,
  markets,
  orderEvents,
  orderLines,
  orders,
  orderWindows,
  payments,
  pickupSlots,
  products,
  subOrders,
  type OrderEventKind,
  type OrderStatus,
} from "@almanac/db/schema";
import type {
  BaseUnit,
  Cents,
  FarmId,
  MarketId,
  OrderId,
  OrderLineId,
  PickupSlotId,
  ProductId,
  ShopperId,
  SubOrderId,
  VariantId,
} from "@almanac/kernel";
import { editRefusal, type EditRefusal } from "../core/windows.ts";
import { groupBy, isAnyOf } from "./sql.ts";

export interface OrderLineView {
  readonly id: OrderLineId;
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly variantName: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  readonly quantity: number;
  readonly quantityBase: number;
  readonly weighedBase: number | null;
  readonly unitPriceCents: Cents;
  readonly unitPricePer: number;
  readonly isWeighed: boolean;
  /** The estimate until weighed. */
  readonly totalCents: Cents;
}

export interface SubOrderView {
  readonly id: SubOrderId;
  readonly farm: { readonly id: FarmId; readonly slug: string; readonly name: string };
  readonly status: OrderStatus;
  readonly subtotalCents: Cents;
  readonly collectedAt: string | null;
  readonly lines: readonly OrderLineView[];
}

export interface OrderSummary {
  readonly id: OrderId;
  readonly number: string;
  readonly status: OrderStatus;
  readonly marketId: MarketId;
  readonly marketName: string;
  readonly timeZone: string;
  readonly marketDay: string | null;
  readonly slot: { readonly id: PickupSlotId; readonly startsAt: string; readonly endsAt: string } | null;
  readonly placedAt: string;
  readonly editableUntil: string | null;
  readonly isEditable: boolean;
  /** Why not, when it is not. */
  readonly editRefusal?: EditRefusal;
  readonly subtotalCents: Cents;
  readonly totalCents: Cents;
  readonly holdCents: Cents;
  readonly farmNames: readonly string[];
  readonly lineCount: number;
}

export interface OrderView extends OrderSummary {
  readonly contactName: string;
  readonly subOrders: readonly SubOrderView[];
  /** `null` for orders that were paid elsewhere, such as imported ones. */
  readonly payment: {
    readonly status: "authorised" | "captured" | "released";
    readonly authorisedCents: Cents;
    readonly capturedCents: Cents;
  } | null;
  /** What happened, the first first. */
  readonly timeline: readonly {
    readonly kind: OrderEventKind;
    readonly at: string;
    readonly details: Record<string, unknown>;
  }[];
}

/** Where a list of orders goes on: the placing time and the id of the last one shown. */
export interface OrderListPlace {
  readonly placedAt: Date;
  readonly id: OrderId;
}

type OrderFilter =
  { readonly number: string; readonly shopperId: ShopperId } | { readonly shopperId: ShopperId };

/** A shopper's orders, the latest first. */
export async function listOrders(
  db: Queryable,
  {
    shopperId,
    after,
    limit,
    now,
  }: { shopperId: ShopperId; after?: OrderListPlace; limit: number; now: Date },
): Promise<OrderSummary[]> {
  const rows = await selectOrders(db, { shopperId }, { after, limit });
  return summarise(db, rows, now);
}

/** One of a shopper's orders with all its parts. */
export async function viewOrder(
  db: Queryable,
  { number, shopperId, now }: { number: string; shopperId: ShopperId; now: Date },
): Promise<OrderView | undefined> {
  const [row] = await selectOrders(db, { number, shopperId }, { limit: 1 });
  if (!row) return undefined;
  const parts = await readParts(db, [row.id]);
  const [summary] = await summarise(db, [row], now, parts);
  if (!summary) return undefined;
  const [payment] = await db
    .select({
      status: payments.status,
      authorisedCents: payments.authorisedCents,
      capturedCents: payments.capturedCents,
    })
    .from(payments)
    .where(eq(payments.orderId, row.id))
    .orderBy(desc(payments.createdAt))
    .limit(1);
  const events = await db
    .select({ kind: orderEvents.kind, at: orderEvents.at, details: orderEvents.details })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, row.id))
    .orderBy(asc(orderEvents.seq));
  const { status } = payment ?? {};
  const isSettled = status === "authorised" || status === "captured" || status === "released";
  return {
    ...summary,
    contactName: row.contactName,
    subOrders: parts.get(row.id) ?? [],
    payment: payment && isSettled ? { ...payment, status } : null,
    timeline: (events.length > 0 ? events : eventsOf(row)).map((event) => ({
      ...event,
      at: event.at.toISOString(),
    })),
  };
}

type OrderRow = Awaited<ReturnType<typeof selectOrders>>[number];

function selectOrders(
  db: Queryable,
  filter: OrderFilter,
  { after, limit }: { after?: OrderListPlace; limit: number },
) {
  const older = after
    ? or(
        lt(orders.placedAt, after.placedAt),
        and(eq(orders.placedAt, after.placedAt), lt(orders.id, after.id)),
      )
    : undefined;
  return db
    .select({
      id: orders.id,
      number: orders.number,
      status: orders.status,
      marketId: orders.marketId,
      marketName: markets.name,
      timeZone: markets.timeZone,
      marketDay: orderWindows.marketDay,
      closesAt: orderWindows.closesAt,
      slotId: pickupSlots.id,
      startsAt: pickupSlots.startsAt,
      endsAt: pickupSlots.endsAt,
      placedAt: orders.placedAt,
      collectedAt: orders.collectedAt,
      cancelledAt: orders.cancelledAt,
      subtotalCents: orders.subtotalCents,
      totalCents: orders.totalCents,
      holdCents: orders.holdCents,
      contactName: orders.contactName,
    })
    .from(orders)
    .innerJoin(markets, eq(markets.id, orders.marketId))
    .leftJoin(orderWindows, eq(orderWindows.id, orders.orderWindowId))
    .leftJoin(pickupSlots, eq(pickupSlots.id, orders.pickupSlotId))
    .where(
      and(
        eq(orders.shopperId, filter.shopperId),
        "number" in filter ? eq(orders.number, filter.number) : undefined,
        older,
      ),
    )
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit);
}

async function summarise(
  db: Queryable,
  rows: readonly OrderRow[],
  now: Date,
  known?: ReadonlyMap<OrderId, readonly SubOrderView[]>,
): Promise<OrderSummary[]> {
  const ids = rows.map((row) => row.id);
  const partsOf = known ?? (await readParts(db, ids));
  return rows.map((row) => {
    const parts = partsOf.get(row.id) ?? [];
    const lines = parts.flatMap((part) => part.lines);
    const hasWeighedLine = lines.some((line) => line.weighedBase !== null);
    const refusal = editRefusal({ status: row.status, closesAt: row.closesAt, hasWeighedLine }, now);
    return {
      id: row.id,
      number: row.number,
      status: row.status,
      marketId: row.marketId,
      marketName: row.marketName,
      timeZone: row.timeZone,
      marketDay: row.marketDay,
      slot:
        row.slotId && row.startsAt && row.endsAt
          ? { id: row.slotId, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() }
          : null,
      placedAt: row.placedAt.toISOString(),
      editableUntil: row.closesAt?.toISOString() ?? null,
      isEditable: refusal === undefined,
      editRefusal: refusal,
      subtotalCents: row.subtotalCents,
      totalCents: row.totalCents,
      holdCents: row.holdCents,
      farmNames: parts.map((part) => part.farm.name),
      lineCount: lines.length,
    };
  });
}

/** Sub-orders with their lines, by order. */
async function readParts(db: Queryable, orderIds: readonly OrderId[]): Promise<Map<OrderId, SubOrderView[]>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db
    .select({
      orderId: subOrders.orderId,
      partId: subOrders.id,
      status: subOrders.status,
      partCents: subOrders.subtotalCents,
      collectedAt: subOrders.collectedAt,
      farm: { id: farms.id, slug: farms.slug, name: farms.name },
      line: {
        id: orderLines.id,
        variantId: orderLines.variantId,
        productId: orderLines.productId,
        slug: products.slug,
        name: orderLines.productName,
        variantName: orderLines.variantName,
        picture: products.picture,
        baseUnit: products.baseUnit,
        quantity: orderLines.quantity,
        quantityBase: orderLines.quantityBase,
        weighedBase: orderLines.weighedBase,
        unitPriceCents: orderLines.unitPriceCents,
        unitPricePer: orderLines.unitPricePer,
        isWeighed: orderLines.isWeighed,
        totalCents: orderLines.totalCents,
      },
    })
    .from(subOrders)
    .innerJoin(farms, eq(farms.id, subOrders.farmId))
    .innerJoin(orderLines, eq(orderLines.subOrderId, subOrders.id))
    .innerJoin(products, eq(products.id, orderLines.productId))
    .where(isAnyOf(subOrders.orderId, orderIds))
    .orderBy(asc(farms.name), asc(subOrders.id), asc(orderLines.productName), asc(orderLines.id));
  const parts = new Map<OrderId, SubOrderView[]>();
  for (const group of groupBy(rows, (row) => row.partId).values()) {
    const [first] = group;
    if (!first) continue;
    const part: SubOrderView = {
      id: first.partId,
      farm: first.farm,
      status: first.status,
      subtotalCents: first.partCents,
      collectedAt: first.collectedAt?.toISOString() ?? null,
      lines: group.map((row) => row.line),
    };
    parts.set(first.orderId, [...(parts.get(first.orderId) ?? []), part]);
  }
  return parts;
}

/** The timeline of an order that came without one, from the times it carries. */
function eventsOf(row: OrderRow): { kind: OrderEventKind; at: Date; details: Record<string, unknown> }[] {
  const moments: [OrderEventKind, Date | null][] = [
    ["placed", row.placedAt],
    ["collected", row.collectedAt],
    ["cancelled", row.cancelledAt],
  ];
  return moments.flatMap(([kind, at]) => (at ? [{ kind, at, details: {} }] : []));
}
