import { insertMany, type Transaction } from "@almanac/db";
import { orderLines, orders, subOrders } from "@almanac/db/schema";
import {
  newId,
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
import type { FarmLine, OrderPlan } from "../core/order-plan.ts";

/** A line with what the order keeps of its product. */
export interface OrderLineInput extends FarmLine {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly productName: string;
  readonly variantName: string;
  readonly quantity: number;
}

export interface NewOrder {
  readonly number: string;
  readonly shopperId: ShopperId;
  readonly marketId: MarketId;
  readonly orderWindowId: OrderWindowId;
  readonly pickupSlotId: PickupSlotId;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly contactName: string;
  readonly source: "web" | "stall" | "demo";
  readonly plan: OrderPlan<OrderLineInput>;
  readonly now: Date;
}

/** Writes an order with its sub-orders and lines; answers the ids that it gave. */
export async function insertOrder(
  tx: Transaction,
  { plan, now, ...order }: NewOrder,
): Promise<{ orderId: OrderId; lineIds: Map<VariantId, OrderLineId> }> {
  const orderId = newId<OrderId>(now.getTime());
  const { subtotalCents, holdCents } = plan;
  await tx.insert(orders).values({
    ...order,
    id: orderId,
    subtotalCents,
    totalCents: subtotalCents,
    holdCents,
    placedAt: now,
    updatedAt: now,
  });
  const parts = plan.subOrders.map((part) => ({ ...part, id: newId<SubOrderId>(now.getTime()) }));
  await insertMany(
    tx,
    subOrders,
    parts.map(({ id, farmId, subtotalCents: partCents, feeCents }) => ({
      id,
      orderId,
      farmId,
      subtotalCents: partCents,
      feeCents,
    })),
  );
  const lineIds = new Map<VariantId, OrderLineId>();
  const lines = parts.flatMap((part) =>
    part.lines.map(({ line, totalCents }) => {
      const id = newId<OrderLineId>(now.getTime());
      lineIds.set(line.variantId, id);
      return orderLineRow(line, { id, orderId, subOrderId: part.id, totalCents });
    }),
  );
  await insertMany(tx, orderLines, lines);
  return { orderId, lineIds };
}

/** One row of `order_lines`. */
export function orderLineRow(
  line: OrderLineInput,
  ids: { id: OrderLineId; orderId: OrderId; subOrderId: SubOrderId; totalCents: number },
) {
  return {
    ...ids,
    productId: line.productId,
    variantId: line.variantId,
    productName: line.productName,
    variantName: line.variantName,
    quantity: line.quantity,
    quantityBase: line.quantityBase,
    unitPriceCents: line.unitPriceCents,
    unitPricePer: line.unitPricePer,
    isWeighed: line.isWeighed,
    discountCents: line.discountCents ?? 0,
  };
}
