import { and, eq } from "drizzle-orm";
import { noteHarvest } from "@almanac/catalog";
import { retryTransaction, type Transaction } from "@almanac/db";
import { lots, products, stockEntries, type StockReason } from "@almanac/db/schema";
import { AppError, type FarmId, type LotId, type ProductId, type UserId } from "@almanac/kernel";
import { appendStock, lockStock, saveStock } from "../store/stock.ts";
import type { Trade } from "../trade.ts";

/** What a farm may say about its stock; sales, returns and weighings are written by orders. */
export const recordableReasons = [
  "harvest",
  "restock",
  "stall_sale",
  "waste",
  "donation",
  "recount",
] as const satisfies readonly StockReason[];
export type RecordableReason = (typeof recordableReasons)[number];

const outward = new Set<RecordableReason>(["stall_sale", "waste", "donation"]);

export interface RecordStockRequest {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly reason: RecordableReason;
  /** By how much stock moves, in base units: positive for harvest and restock, negative for what leaves. */
  readonly deltaBase?: number;
  /** Instead: what was counted, for a recount. */
  readonly countedBase?: number;
  readonly note?: string;
  readonly lotId?: LotId;
  readonly device?: string;
  readonly actorUserId?: UserId;
  /** Sent again when the answer was lost: the second time changes nothing. */
  readonly idempotencyKey: string;
}

/**
 * Appends what a farm says about its stock. A harvest is the product's latest, and one before its time begins its season.
 *
 * @returns what is on hand and available now, and whether this key was known already
 * @throws AppError `product_not_found`, `lot_not_found`, `input_invalid` for a sign that does not fit the reason,
 *   `stock_would_be_negative`, `idempotency_key_reused`
 */
export async function recordStock(
  trade: Pick<Trade, "handle" | "clock" | "traceId">,
  request: RecordStockRequest,
): Promise<{ onHandBase: number; availableBase: number; isRepeat: boolean }> {
  assertSigns(request);
  return retryTransaction(trade.handle, async (tx) => {
    await assertOwned(tx, request);
    const { productId, reason, note, lotId, device, actorUserId } = request;
    const stock = await lockStock(tx, [productId]);
    const level = stock.get(productId) ?? { onHandBase: 0, reservedBase: 0 };
    const idempotencyKey = `${request.farmId}:${request.idempotencyKey}`;
    const [known] = await tx
      .select()
      .from(stockEntries)
      .where(eq(stockEntries.idempotencyKey, idempotencyKey));
    if (known) {
      const isSame =
        known.productId === productId &&
        known.reason === reason &&
        (request.deltaBase === undefined || known.deltaBase === request.deltaBase);
      if (!isSame) throw new AppError("idempotency_key_reused", "This key came with another record before.");
    } else {
      const deltaBase = request.deltaBase ?? (request.countedBase ?? 0) - level.onHandBase;
      const now = trade.clock.now();
      const entry = { productId, deltaBase, reason, note, lotId, device, actorUserId, idempotencyKey };
      await appendStock(tx, stock, [entry], now);
      await saveStock(tx, stock, { now, traceId: trade.traceId });
      // A lot that it names has told its day already.
      if (reason === "harvest" && !lotId)
        await noteHarvest(tx, request.farmId, productId, {
          now,
          traceId: trade.traceId,
          userId: actorUserId,
        });
    }
    const after = stock.get(productId) ?? level;
    return {
      onHandBase: after.onHandBase,
      availableBase: after.onHandBase - after.reservedBase,
      isRepeat: known !== undefined,
    };
  });
}

function assertSigns({ reason, deltaBase, countedBase }: RecordStockRequest): void {
  const isCounted = countedBase !== undefined;
  if (isCounted === (deltaBase !== undefined)) {
    throw new AppError("input_invalid", "Give either deltaBase or countedBase.");
  }
  if (isCounted) {
    if (reason !== "recount") throw new AppError("input_invalid", "A count is a recount.");
    if (countedBase < 0) throw new AppError("input_invalid", "A count is not negative.");
    return;
  }
  if (deltaBase === 0) throw new AppError("quantity_not_positive", "Nothing would change.");
  const isOutward = (deltaBase ?? 0) < 0;
  if (reason !== "recount" && isOutward !== outward.has(reason)) {
    throw new AppError("input_invalid", `"${reason}" ${isOutward ? "adds to" : "takes from"} stock.`, {
      details: { reason, deltaBase },
    });
  }
}

async function assertOwned(tx: Transaction, { farmId, productId, lotId }: RecordStockRequest): Promise<void> {
  const [product] = await tx
    .select({ id: products.id })
    .from(products)
    .where(and(eq(products.id, productId), eq(products.farmId, farmId)));
  if (!product) throw new AppError("product_not_found", "The farm has no such product.");
  if (!lotId) return;
  const [lot] = await tx
    .select({ id: lots.id })
    .from(lots)
    .where(and(eq(lots.id, lotId), eq(lots.productId, productId)));
  if (!lot) throw new AppError("lot_not_found", "The product has no such lot.");
}
