import { and, asc, eq, gt } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { priceChanges, variants } from "@almanac/db/schema";
import type { UserId, VariantId } from "@almanac/kernel";
import type { PriceChange } from "../core/price-drop.ts";
import { groupBy, isAnyOf } from "./sql.ts";

export interface RecordedPriceChange extends PriceChange {
  readonly variantId: VariantId;
  readonly reason: string;
}

export interface NewPriceChange extends RecordedPriceChange {
  readonly changedBy?: UserId;
}

/** Sets the list price and writes the change into the history. */
export async function savePrice(tx: Queryable, change: NewPriceChange): Promise<void> {
  await tx
    .update(variants)
    .set({ unitPriceCents: change.newPriceCents })
    .where(eq(variants.id, change.variantId));
  await tx.insert(priceChanges).values(change);
}

/**
 * Changes after a moment by variant, oldest first.
 *
 * @param variantIds all variants when absent (reads by the index on the time)
 */
export async function listPriceChanges(
  db: Queryable,
  { since, variantIds }: { since: Date; variantIds?: readonly VariantId[] },
): Promise<Map<VariantId, RecordedPriceChange[]>> {
  const rows = await db
    .select({
      variantId: priceChanges.variantId,
      oldPriceCents: priceChanges.oldPriceCents,
      newPriceCents: priceChanges.newPriceCents,
      reason: priceChanges.reason,
      changedAt: priceChanges.changedAt,
    })
    .from(priceChanges)
    .where(
      and(
        gt(priceChanges.changedAt, since),
        variantIds ? isAnyOf(priceChanges.variantId, variantIds) : undefined,
      ),
    )
    .orderBy(asc(priceChanges.changedAt), asc(priceChanges.seq));
  return groupBy(rows, (row) => row.variantId);
}
