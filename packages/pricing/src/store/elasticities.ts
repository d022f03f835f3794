import { eq, sql } from "drizzle-orm";
import { insertMany, type Queryable, type Transaction } from "@almanac/db";
import { productElasticities } from "@almanac/db/schema";
import type { FarmId } from "@almanac/kernel";

export type StoredElasticity = typeof productElasticities.$inferSelect;

/** Replaces what is known of all products. Whoever does it at the same moment waits. */
export async function replaceElasticities(
  tx: Transaction,
  elasticities: readonly StoredElasticity[],
): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('pricing.elasticities'))`);
  await tx.delete(productElasticities);
  await insertMany(tx, productElasticities, elasticities);
}

export async function listElasticities(db: Queryable, farmId: FarmId): Promise<StoredElasticity[]> {
  return db.select().from(productElasticities).where(eq(productElasticities.farmId, farmId));
}

/** Whether anything was ever learned, of any farm. */
export async function hasElasticities(db: Queryable): Promise<boolean> {
  return (
    (await db.select({ id: productElasticities.productId }).from(productElasticities).limit(1)).length > 0
  );
}
