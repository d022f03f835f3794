import { and, desc, eq } from "drizzle-orm";
import { insertMany, type Queryable, type Transaction } from "@almanac/db";
import { ledgerEntries, products, stallSales, variants } from "@almanac/db/schema";
import {
  newId,
  type BaseUnit,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type StallSaleId,
} from "@almanac/kernel";
import type { LedgerRow } from "@almanac/orders";

export type StoredSale = typeof stallSales.$inferSelect;

export async function findSaleByKey(
  db: Queryable,
  farmId: FarmId,
  idempotencyKey: string,
): Promise<StoredSale | undefined> {
  const [row] = await db
    .select()
    .from(stallSales)
    .where(and(eq(stallSales.farmId, farmId), eq(stallSales.idempotencyKey, idempotencyKey)));
  return row;
}

/** A farm's own sale; another farm's is not found. */
export async function findSale(
  db: Queryable,
  farmId: FarmId,
  saleId: StallSaleId,
): Promise<StoredSale | undefined> {
  const [row] = await db
    .select()
    .from(stallSales)
    .where(and(eq(stallSales.id, saleId), eq(stallSales.farmId, farmId)));
  return row;
}

export async function insertSale(tx: Transaction, sale: typeof stallSales.$inferInsert): Promise<void> {
  await tx.insert(stallSales).values(sale);
}

export async function markUndone(tx: Transaction, saleId: StallSaleId, undoneAt: Date): Promise<void> {
  await tx.update(stallSales).set({ undoneAt }).where(eq(stallSales.id, saleId));
}

/** Appends one transaction of the money ledger. */
export async function postSale(
  tx: Transaction,
  stallSaleId: StallSaleId,
  { postings, now }: { postings: readonly LedgerRow[]; now: Date },
): Promise<void> {
  const transactionId = newId(now.getTime());
  await insertMany(
    tx,
    ledgerEntries,
    postings.map((row) => ({ ...row, stallSaleId, transactionId, at: now })),
  );
}

export interface SaleView {
  readonly id: StallSaleId;
  readonly name: string;
  readonly variantName: string;
  readonly baseUnit: BaseUnit;
  readonly quantityBase: number;
  readonly totalCents: number;
  readonly tender: StoredSale["tender"];
  readonly soldAt: string;
  readonly undoneAt: string | null;
}

/** A farm's latest sales of a market day, the latest first, those that were taken back among them. */
export async function listSales(
  db: Queryable,
  {
    farmId,
    marketId,
    marketDay,
    limit,
  }: { farmId: FarmId; marketId: MarketId; marketDay: CalendarDay; limit: number },
): Promise<SaleView[]> {
  const found = await db
    .select({
      id: stallSales.id,
      name: products.name,
      variantName: variants.name,
      baseUnit: products.baseUnit,
      quantityBase: stallSales.quantityBase,
      totalCents: stallSales.totalCents,
      tender: stallSales.tender,
      soldAt: stallSales.soldAt,
      undoneAt: stallSales.undoneAt,
    })
    .from(stallSales)
    .innerJoin(products, eq(products.id, stallSales.productId))
    .innerJoin(variants, eq(variants.id, stallSales.variantId))
    .where(
      and(
        eq(stallSales.farmId, farmId),
        eq(stallSales.marketId, marketId),
        eq(stallSales.marketDay, marketDay),
      ),
    )
    .orderBy(desc(stallSales.soldAt), desc(stallSales.id))
    .limit(limit);
  return found.map((row) => ({
    ...row,
    soldAt: row.soldAt.toISOString(),
    undoneAt: row.undoneAt?.toISOString() ?? null,
  }));
}
