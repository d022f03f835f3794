import { orders, subOrders } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { Cents, FarmId, OrderId } from "@almanac/kernel";
import { eq } from "drizzle-orm";

export interface OrderAtFarm {
  readonly farmId: FarmId;
  readonly number: string;
  /** Of this farm's part alone. */
  readonly totalCents: Cents;
}

/** The farms that an order is from, each with its own part of it. */
export function farmsOfOrder(db: Queryable, orderId: OrderId): Promise<OrderAtFarm[]> {
  return db
    .select({ farmId: subOrders.farmId, number: orders.number, totalCents: subOrders.subtotalCents })
    .from(subOrders)
    .innerJoin(orders, eq(orders.id, subOrders.orderId))
    .where(eq(subOrders.orderId, orderId))
    .orderBy(subOrders.farmId)
    .limit(100);
}
