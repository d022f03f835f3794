import { and, eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { productCosts } from "@almanac/db/schema";
import type { FarmId, ProductId } from "@almanac/kernel";

export type StoredCost = typeof productCosts.$inferSelect;

export async function listCosts(db: Queryable, farmId: FarmId): Promise<StoredCost[]> {
  return db.select().from(productCosts).where(eq(productCosts.farmId, farmId));
}

export async function saveCost(tx: Queryable, cost: StoredCost): Promise<void> {
  await tx
    .insert(productCosts)
    .values(cost)
    .onConflictDoUpdate({ target: productCosts.productId, set: cost });
}

export async function deleteCost(tx: Queryable, farmId: FarmId, productId: ProductId): Promise<void> {
  await tx
    .delete(productCosts)
    .where(and(eq(productCosts.farmId, farmId), eq(productCosts.productId, productId)));
}
