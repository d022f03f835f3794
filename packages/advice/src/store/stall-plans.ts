import { and, asc, eq, gte } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { markets, products, stallPlans } from "@almanac/db/schema";
import type { BaseUnit, CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";
import { isStillOn } from "@almanac/planning";

export interface StallPlace {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
}

const at = ({ productId, marketId, marketDay }: StallPlace) =>
  and(
    eq(stallPlans.productId, productId),
    eq(stallPlans.marketId, marketId),
    eq(stallPlans.marketDay, marketDay),
  );

/** Says what is brought; `null` takes it off the plan. @returns what was planned before */
export async function planToBring(
  tx: Transaction,
  place: StallPlace,
  quantityBase: number | null,
  now: Date,
): Promise<number | null> {
  const [before] = await tx.select().from(stallPlans).where(at(place)).for("update");
  if (quantityBase === null) {
    await tx.delete(stallPlans).where(at(place));
  } else {
    await tx
      .insert(stallPlans)
      .values({ ...place, quantityBase, updatedAt: now })
      .onConflictDoUpdate({
        target: [stallPlans.productId, stallPlans.marketId, stallPlans.marketDay],
        set: { quantityBase, updatedAt: now },
      });
  }
  return before?.quantityBase ?? null;
}

/** What is planned to be brought; `null` where nothing is. It stays so until the transaction ends. */
export async function lockPlanned(tx: Transaction, place: StallPlace): Promise<number | null> {
  const [row] = await tx.select().from(stallPlans).where(at(place)).for("update");
  return row?.quantityBase ?? null;
}

export interface PlannedProduct {
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly marketId: MarketId;
  readonly marketName: string;
  readonly marketDay: CalendarDay;
  readonly quantityBase: number;
}

/** What a farm means to bring from a day on, where that still has a point (see `isStillOn`), by day and name. */
export async function listStallPlan(
  db: Queryable,
  farmId: FarmId,
  from: CalendarDay,
): Promise<PlannedProduct[]> {
  const found = await db
    .select({
      productId: stallPlans.productId,
      name: products.name,
      baseUnit: products.baseUnit,
      marketId: stallPlans.marketId,
      marketName: markets.name,
      marketDay: stallPlans.marketDay,
      quantityBase: stallPlans.quantityBase,
    })
    .from(stallPlans)
    .innerJoin(products, eq(products.id, stallPlans.productId))
    .innerJoin(markets, eq(markets.id, stallPlans.marketId))
    .where(and(eq(stallPlans.farmId, farmId), gte(stallPlans.marketDay, from), isStillOn("stall_plans")))
    .orderBy(asc(stallPlans.marketDay), asc(products.name));
  return found;
}
