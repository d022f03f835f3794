import type { Transaction } from "@almanac/db";
import { orderLines, orders, subOrders } from "@almanac/db/schema";
import { newId, type OrderLineId, type SubOrderId, type VariantId } from "@almanac/kernel";
import { and, eq, notInArray } from "drizzle-orm";
import { planOrder, type OrderPlan } from "../core/order-plan.ts";
import { orderLineRow, type OrderLineInput } from "../store/insert-order.ts";
import { postLedger, type StoredLine, type StoredOrder } from "../store/orders.ts";

/** A line as an order would hold it; without an id when it is new. */
export type DraftLine = OrderLineInput & { readonly id?: OrderLineId; readonly weighedBase?: number | null };

export function draftOf(line: StoredLine): DraftLine {
  return line;
}

export function planOf(order: StoredOrder, lines: readonly DraftLine[]): OrderPlan<DraftLine> {
  return planOrder(lines, order.feeBasisPoints);
}

/**
 * Makes a locked order hold exactly these lines: writes, changes and removes lines and sub-orders, the totals, and the
 * ledger rows that the difference needs. The stock is the caller's.
 *
 * @returns the ids of the lines by variant
 */
export async function saveOrderLines(
  tx: Transaction,
  order: StoredOrder,
  { plan, holdCents, now }: { plan: OrderPlan<DraftLine>; holdCents: number; now: Date },
): Promise<Map<VariantId, OrderLineId>> {
  const partIds = new Map(order.subOrders.map((part) => [part.farmId, part.id]));
  const lineIds = new Map<VariantId, OrderLineId>();
  for (const part of plan.subOrders) {
    const { farmId, subtotalCents, feeCents } = part;
    const known = partIds.get(farmId);
    const subOrderId = known ?? newId<SubOrderId>(now.getTime());
    if (known) await tx.update(subOrders).set({ subtotalCents, feeCents }).where(eq(subOrders.id, known));
    else
      await tx
        .insert(subOrders)
        .values({ id: subOrderId, orderId: order.id, farmId, subtotalCents, feeCents });
    for (const { line, totalCents } of part.lines) {
      const id = line.id ?? newId<OrderLineId>(now.getTime());
      lineIds.set(line.variantId, id);
      await saveLine(tx, order, { line, id, subOrderId, totalCents });
    }
  }
  await tx
    .delete(orderLines)
    .where(and(eq(orderLines.orderId, order.id), notInArray(orderLines.id, [...lineIds.values()])));
  const farmIds = plan.subOrders.map((part) => part.farmId);
  await tx
    .delete(subOrders)
    .where(and(eq(subOrders.orderId, order.id), notInArray(subOrders.farmId, farmIds)));
  await tx
    .update(orders)
    .set({
      subtotalCents: plan.subtotalCents,
      totalCents: plan.subtotalCents,
      holdCents,
      version: order.version + 1,
      updatedAt: now,
    })
    .where(eq(orders.id, order.id));
  await postLedger(tx, order.id, { worth: { farms: plan.subOrders, receivedCents: 0 }, now });
  return lineIds;
}

interface SaveLineInput {
  readonly line: DraftLine;
  readonly id: OrderLineId;
  readonly subOrderId: SubOrderId;
  readonly totalCents: number;
}

async function saveLine(
  tx: Transaction,
  order: StoredOrder,
  { line, id, subOrderId, totalCents }: SaveLineInput,
) {
  const weighedBase = line.weighedBase ?? null;
  if (!line.id) {
    await tx.insert(orderLines).values(orderLineRow(line, { id, orderId: order.id, subOrderId, totalCents }));
    return;
  }
  const before = order.lines.find((candidate) => candidate.id === line.id);
  const isSame =
    before?.quantity === line.quantity &&
    before.weighedBase === weighedBase &&
    before.totalCents === totalCents;
  if (isSame) return;
  await tx
    .update(orderLines)
    .set({ quantity: line.quantity, quantityBase: line.quantityBase, weighedBase, totalCents })
    .where(eq(orderLines.id, line.id));
}
