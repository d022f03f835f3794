import type { Queryable } from "@almanac/db";
import {
  farms,
  orderLines,
  orders,
  products,
  stockEntries,
  stockLevels,
  subOrders,
  variants,
} from "@almanac/db/schema";
import { idFromName, invariant, newId } from "@almanac/kernel";
import type { MarketId, OrderId, OrderLineId, ProductId, ShopperId, SubOrderId } from "@almanac/kernel";
import { eq } from "drizzle-orm";

/** Rows for tests of what follows from stock and orders, written past all rules and without facts. */

/** Sets what a product has in stock, with nothing reserved. */
export async function stockProduct(db: Queryable, productId: ProductId, onHandBase: number): Promise<void> {
  await db
    .insert(stockLevels)
    .values({ productId, onHandBase })
    .onConflictDoUpdate({ target: stockLevels.productId, set: { onHandBase } });
  if (onHandBase > 0) {
    await db.insert(stockEntries).values({ productId, deltaBase: onHandBase, reason: "recount" });
  }
}

export interface TestOrder {
  readonly shopperId: ShopperId;
  readonly marketId: MarketId;
  readonly productIds: readonly ProductId[];
  readonly placedAt: Date;
  readonly status?: "placed" | "collected" | "cancelled";
}

/** Writes a placed order: one unit of the first variant of each product. */
export async function writeOrder(db: Queryable, order: TestOrder): Promise<OrderId> {
  const { shopperId, marketId, productIds, placedAt, status = "placed" } = order;
  const id = newId<OrderId>(placedAt.getTime());
  const times = { placedAt, updatedAt: placedAt };
  const money = { subtotalCents: 100, totalCents: 100, holdCents: 100 };
  await db.insert(orders).values({
    id,
    number: `T-${id}`,
    shopperId,
    marketId,
    status,
    ...money,
    idempotencyKey: id,
    requestHash: "",
    ...times,
  });
  for (const productId of productIds) {
    const [product] = await db
      .select({ name: products.name, farmId: farms.id, variant: variants })
      .from(products)
      .innerJoin(farms, eq(farms.id, products.farmId))
      .innerJoin(variants, eq(variants.productId, products.id))
      .where(eq(products.id, productId))
      .orderBy(variants.position)
      .limit(1);
    invariant(product, "a test orders what is there");
    const { variant, farmId } = product;
    const subOrderId = idFromName<SubOrderId>("test/sub-order", `${id}/${farmId}`);
    await db
      .insert(subOrders)
      .values({ id: subOrderId, orderId: id, farmId, status, subtotalCents: 100, feeCents: 5 })
      .onConflictDoNothing();
    await db.insert(orderLines).values({
      id: newId<OrderLineId>(),
      orderId: id,
      subOrderId,
      productId,
      variantId: variant.id,
      productName: product.name,
      variantName: variant.name,
      quantity: 1,
      quantityBase: variant.unitQuantityBase,
      unitPriceCents: variant.unitPriceCents,
      unitPricePer: variant.unitPricePer,
      totalCents: 100,
    });
  }
  return id;
}
