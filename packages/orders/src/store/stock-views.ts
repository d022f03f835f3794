import { and, asc, desc, eq, lt, ne, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import {
  lots,
  orderLines,
  orders,
  products,
  stockEntries,
  stockLevels,
  type StockReason,
} from "@almanac/db/schema";
import type { BaseUnit, FarmId, LotId, ProductId, UserId } from "@almanac/kernel";

export interface StockLevelView {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  readonly status: string;
  readonly onHandBase: number;
  readonly reservedBase: number;
  readonly availableBase: number;
  readonly lowStockBase: number;
  readonly isLow: boolean;
}

/** What a farm has of each of its products that are not archived, by name. */
export async function listStockLevels(db: Queryable, farmId: FarmId): Promise<StockLevelView[]> {
  const rows = await db
    .select({
      productId: products.id,
      slug: products.slug,
      name: products.name,
      picture: products.picture,
      baseUnit: products.baseUnit,
      status: products.status,
      onHandBase: sql<number>`coalesce(${stockLevels.onHandBase}, 0)`.mapWith(Number),
      reservedBase: sql<number>`coalesce(${stockLevels.reservedBase}, 0)`.mapWith(Number),
      lowStockBase: products.lowStockBase,
    })
    .from(products)
    .leftJoin(stockLevels, eq(stockLevels.productId, products.id))
    .where(and(eq(products.farmId, farmId), ne(products.status, "archived")))
    .orderBy(asc(products.name), asc(products.id))
    .limit(2_000);
  return rows.map((row) => {
    const availableBase = row.onHandBase - row.reservedBase;
    return { ...row, availableBase, isLow: row.lowStockBase > 0 && availableBase < row.lowStockBase };
  });
}

export interface StockEntryView {
  readonly seq: number;
  readonly at: string;
  readonly deltaBase: number;
  /** On hand after this row. */
  readonly onHandBase: number;
  readonly reason: StockReason;
  readonly note: string;
  readonly lot: { readonly id: LotId; readonly code: string } | null;
  readonly orderNumber: string | null;
  readonly actorUserId: UserId | null;
  readonly device: string | null;
}

/**
 * A product's stock ledger, the latest row first, each with what was on hand after it.
 *
 * @param before only rows older than this one
 */
export async function listStockEntries(
  db: Queryable,
  { productId, before, limit }: { productId: ProductId; before?: number; limit: number },
): Promise<StockEntryView[]> {
  const replay = db.$with("replay").as(
    db
      .select({
        seq: stockEntries.seq,
        onHandBase: sql<number>`sum(${stockEntries.deltaBase}) over (order by ${stockEntries.seq})::int`.as(
          "on_hand",
        ),
      })
      .from(stockEntries)
      .where(eq(stockEntries.productId, productId)),
  );
  const rows = await db
    .with(replay)
    .select({
      seq: stockEntries.seq,
      at: stockEntries.at,
      deltaBase: stockEntries.deltaBase,
      onHandBase: replay.onHandBase,
      reason: stockEntries.reason,
      note: stockEntries.note,
      lotId: lots.id,
      lotCode: lots.code,
      orderNumber: orders.number,
      actorUserId: stockEntries.actorUserId,
      device: stockEntries.device,
    })
    .from(stockEntries)
    .innerJoin(replay, eq(replay.seq, stockEntries.seq))
    .leftJoin(lots, eq(lots.id, stockEntries.lotId))
    .leftJoin(orderLines, eq(orderLines.id, stockEntries.orderLineId))
    .leftJoin(orders, eq(orders.id, orderLines.orderId))
    .where(
      and(
        eq(stockEntries.productId, productId),
        before === undefined ? undefined : lt(stockEntries.seq, before),
      ),
    )
    .orderBy(desc(stockEntries.seq))
    .limit(limit);
  return rows.map(({ lotId, lotCode, at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    lot: lotId && lotCode !== null ? { id: lotId, code: lotCode } : null,
  }));
}

/** Whether a product is a farm's own. */
export async function isProductOf(db: Queryable, farmId: FarmId, productId: ProductId): Promise<boolean> {
  const [row] = await db
    .select({ id: products.id })
    .from(products)
    .where(and(eq(products.id, productId), eq(products.farmId, farmId)));
  return row !== undefined;
}
