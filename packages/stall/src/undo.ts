import { retryTransaction, type Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, days, type FarmId, type StallSaleId, type UserId } from "@almanac/kernel";
import { appendStock, lockStock, saveStock } from "@almanac/orders";
import { postingsOfUndo } from "./core/money.ts";
import type { StallDeps } from "./sell.ts";
import { findSale, markUndone, postSale } from "./store/sales.ts";

/** After so long a sale stands. */
const undoMs = days(1);

export interface UndoRequest {
  readonly farmId: FarmId;
  readonly saleId: StallSaleId;
  readonly actorUserId?: UserId;
}

/**
 * Takes a sale back: the goods return to the stock and the money to the buyer. Sent again it changes nothing.
 *
 * @throws AppError `stall_sale_not_found` also for another farm's, `stall_sale_final` after a day
 */
export async function undoStallSale(deps: StallDeps, request: UndoRequest): Promise<{ isRepeat: boolean }> {
  return retryTransaction(deps.handle, (tx) => undo(tx, deps, request));
}

async function undo(
  tx: Transaction,
  { clock, traceId }: StallDeps,
  { farmId, saleId, actorUserId }: UndoRequest,
): Promise<{ isRepeat: boolean }> {
  const found = await findSale(tx, farmId, saleId);
  if (!found) throw new AppError("stall_sale_not_found", "There is no such sale.");
  const { productId, quantityBase } = found;
  const stock = await lockStock(tx, [productId]);
  // Read again under the lock: two who undo at once wait for each other here.
  const sale = (await findSale(tx, farmId, saleId)) ?? found;
  if (sale.undoneAt) return { isRepeat: true };
  const now = clock.now();
  if (now.getTime() - sale.soldAt.getTime() > undoMs) {
    throw new AppError("stall_sale_final", "This was sold more than a day ago, so it stands.");
  }
  await markUndone(tx, saleId, now);
  const entry = {
    productId,
    deltaBase: quantityBase,
    reason: "return" as const,
    note: "sale at the stall taken back",
    idempotencyKey: `stall:${saleId}:undo`,
  };
  await appendStock(tx, stock, [{ ...entry, ...(actorUserId && { actorUserId }) }], now);
  await saveStock(tx, stock, { now, ...(traceId && { traceId }) });
  await postSale(tx, saleId, { postings: postingsOfUndo(sale), now });
  const { marketId, marketDay } = sale;
  const payload = { farmId, marketId, marketDay, productId };
  await publishFact(tx, { topic: "stall.changed", payload }, { ...(traceId && { traceId }), priority: 0 });
  return { isRepeat: false };
}
