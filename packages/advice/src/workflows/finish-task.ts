import { recordStock, type RecordableReason, type Trade } from "@almanac/orders";
import type { AdviceId } from "@almanac/db/schema";
import { AppError, type FarmId, type UserId } from "@almanac/kernel";
import type { AdviceType } from "../core/facts.ts";
import { lockAdvice, updateAdvice } from "../store/advice.ts";
import { taskTypes } from "./answer.ts";

/** What the stock ledger is told when a task is done; the others leave stock as it is. */
const recorded: Partial<Record<AdviceType, { reason: RecordableReason; sign: 1 | -1 }>> = {
  HARVEST_MORE: { reason: "harvest", sign: 1 },
  RESTOCK: { reason: "restock", sign: 1 },
  DONATE: { reason: "donation", sign: -1 },
};

/**
 * Ticks off a task that came of an advice, and writes what it did to stock, once however often it is said.
 *
 * @param quantityBase what it was in the end; as advised without
 * @throws AppError `advice_not_found`, `advice_answered` for what was not accepted, `stock_would_be_negative`
 */
export async function finishTask(
  trade: Pick<Trade, "handle" | "clock" | "traceId">,
  { farmId, adviceId, userId }: { farmId: FarmId; adviceId: AdviceId; userId: UserId },
  quantityBase?: number,
): Promise<void> {
  const now = trade.clock.now();
  const task = await trade.handle.transaction((tx) => lockAdvice(tx, farmId, adviceId));
  if (!task || !taskTypes.has(task.type)) throw new AppError("advice_not_found", "There is no such task.");
  if (task.status !== "ACCEPTED")
    throw new AppError("advice_answered", "This is no task: it was not accepted.");
  if (task.doneAt !== null) return;
  const record = recorded[task.type];
  const quantity = Math.round(quantityBase ?? task.recommendedBase);
  // First the ledger, which knows the key again: whoever stops in between and says it again changes nothing twice.
  if (record && quantity > 0) {
    await recordStock(trade, {
      farmId,
      productId: task.productId,
      reason: record.reason,
      deltaBase: record.sign * quantity,
      note: "From an advice",
      actorUserId: userId,
      idempotencyKey: `advice-${adviceId}`,
    });
  }
  await trade.handle.transaction((tx) =>
    updateAdvice(tx, adviceId, { doneAt: now, recommendedBase: quantity }),
  );
}
