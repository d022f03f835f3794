import { and, eq, inArray } from "drizzle-orm";
import { retryTransaction, type Transaction } from "@almanac/db";
import { orderLines, orders, subOrders } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import { AppError, type FarmId, type OrderLineId, type UserId } from "@almanac/kernel";
import { lineQuantityBase } from "../core/pricing.ts";
import { weighingEntries } from "../core/stock.ts";
import { findPaymentOfOrder, updatePayment } from "../store/checkouts.ts";
import { findOrder, lockOrder, noteOrderEvent, type StoredLine, type StoredOrder } from "../store/orders.ts";
import { appendStock, lockStock, saveStock } from "../store/stock.ts";
import type { Trade } from "../trade.ts";
import { askProvider, chargeKey } from "./charges.ts";
import { planOf, saveOrderLines } from "./order-lines.ts";
import { notEditable, orderNotFound } from "./refusals.ts";
import { settleOrder } from "./settle.ts";

export interface WeighRequest {
  readonly farmId: FarmId;
  readonly lineId: OrderLineId;
  /** What the scale says for the whole line, in base units; 0 when there was nothing to pack. */
  readonly weighedBase: number;
  readonly actorUserId?: UserId;
}

/** More than this many times the estimate is a slip of the finger (grams for kilograms), not a generous hand. */
const plausibleFactor = 5;

/**
 * Writes what the scale says: the line's price and the stock follow it. When nothing is left to weigh, the order is ready
 * and its money is taken: what was weighed, while the rest of the hold is freed. Until then a weight can be
 * corrected.
 *
 * @throws AppError `order_not_found` (also for another farm's line), `order_not_editable` once it is ready, collected or
 *   cancelled, `input_invalid` for a line that is not weighed or a weight that cannot be meant, `payment_declined` when
 *   the card does not cover what was packed
 */
export async function weighLine(trade: Trade, request: WeighRequest): Promise<void> {
  const { lineId, farmId, weighedBase } = request;
  const [owner] = await trade.handle.db
    .select({ orderId: orderLines.orderId })
    .from(orderLines)
    .innerJoin(subOrders, eq(subOrders.id, orderLines.subOrderId))
    .where(and(eq(orderLines.id, lineId), eq(subOrders.farmId, farmId)));
  const current = owner && (await findOrder(trade.handle.db, { id: owner.orderId }));
  const line = current?.lines.find((candidate) => candidate.id === lineId);
  if (!current || !line) throw orderNotFound();
  assertWeighable(current, line, weighedBase);

  const plan = planOf(current, weighed(current, lineId, weighedBase));
  const payment = await findPaymentOfOrder(trade.handle.db, current.id);
  if (payment?.status === "authorised" && plan.subtotalCents > payment.authorisedCents) {
    const charge = await askProvider(() =>
      trade.payments.adjust({
        reference: payment.reference,
        idempotencyKey: `${chargeKey(payment.id)}:adjust:${current.version}:${plan.subtotalCents}`,
        amountCents: plan.subtotalCents,
      }),
    );
    if (charge.status !== "authorised") {
      throw new AppError("payment_declined", "The card does not cover what was packed.", {
        details: { authorisedCents: payment.authorisedCents, totalCents: plan.subtotalCents },
      });
    }
    await updatePayment(
      trade.handle.db,
      payment.id,
      { authorisedCents: charge.authorisedCents },
      trade.clock.now(),
    );
  }
  const outcome = await retryTransaction(trade.handle, (tx) =>
    writeWeight(tx, trade, { request, expected: current }),
  );
  if (outcome === "changed-meanwhile") return weighLine(trade, request);
  if (outcome === "complete") await settleOrder(trade, current.id);
}

async function writeWeight(
  tx: Transaction,
  { clock, traceId }: Trade,
  { request, expected }: { request: WeighRequest; expected: StoredOrder },
): Promise<"changed-meanwhile" | "open" | "complete"> {
  const order = await lockOrder(tx, { id: expected.id });
  if (order?.version !== expected.version) return "changed-meanwhile";
  const { lineId, weighedBase, actorUserId } = request;
  const line = order.lines.find((candidate) => candidate.id === lineId);
  if (!line) throw orderNotFound();
  assertWeighable(order, line, weighedBase);
  const now = clock.now();
  const lines = weighed(order, lineId, weighedBase);
  const plan = planOf(order, lines);
  await saveOrderLines(tx, order, { plan, holdCents: order.holdCents, now });

  const { productId } = line;
  const stock = await lockStock(tx, [productId]);
  const level = stock.get(productId) ?? { onHandBase: 0, reservedBase: 0 };
  const { foundBase, weighingBase } = weighingEntries(lineQuantityBase(line), weighedBase, level);
  const actor = { productId, orderLineId: lineId, actorUserId };
  await appendStock(
    tx,
    stock,
    [
      { ...actor, deltaBase: foundBase, reason: "recount", note: "found by weighing" },
      { ...actor, deltaBase: weighingBase, reason: "weighing" },
    ],
    now,
  );
  await saveStock(tx, stock, { now, traceId });

  const details = { name: line.productName, weighedBase, totalCents: plan.subtotalCents };
  await noteOrderEvent(tx, order.id, { kind: "weighed", details, now });
  const isOpen = (candidate: (typeof lines)[number]) => candidate.isWeighed && candidate.weighedBase == null;
  const isComplete = !lines.some(isOpen);
  const readyIds = order.subOrders
    .filter((part) => part.status === "placed")
    .filter(
      (part) =>
        isComplete || !lines.some((candidate) => candidate.farmId === part.farmId && isOpen(candidate)),
    )
    .filter((part) => isComplete || part.farmId === line.farmId)
    .map((part) => part.id);
  if (readyIds.length > 0)
    await tx.update(subOrders).set({ status: "ready" }).where(inArray(subOrders.id, readyIds));
  if (isComplete) {
    await tx.update(orders).set({ status: "ready" }).where(eq(orders.id, order.id));
    await noteOrderEvent(tx, order.id, { kind: "ready", now });
  }
  const payload = { orderId: order.id, shopperId: order.shopperId };
  await publishFact(tx, { topic: "order.changed", payload }, { traceId, priority: 0 });
  return isComplete ? "complete" : "open";
}

function weighed(order: StoredOrder, lineId: OrderLineId, weighedBase: number): StoredLine[] {
  return order.lines.map((line) => (line.id === lineId ? { ...line, weighedBase } : line));
}

function assertWeighable(order: StoredOrder, line: StoredLine, weighedBase: number): void {
  if (order.status === "cancelled") throw notEditable("cancelled", order.closesAt);
  if (order.status === "collected") throw notEditable("collected", order.closesAt);
  if (order.status === "ready") throw notEditable("settled", order.closesAt);
  if (!line.isWeighed) throw new AppError("input_invalid", "This line is sold by the piece, not by weight.");
  if (
    !Number.isInteger(weighedBase) ||
    weighedBase < 0 ||
    weighedBase > line.quantityBase * plausibleFactor
  ) {
    throw new AppError("input_invalid", "This weight is far from what was ordered.", {
      details: {
        weighedBase,
        expectedBase: line.quantityBase,
        maximumBase: line.quantityBase * plausibleFactor,
      },
    });
  }
}
