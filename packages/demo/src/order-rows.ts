import {
  formatOrderNumber,
  lineTotalCents,
  marketFeeCents,
  postingsToReach,
  totalsOf,
  type LedgerRow,
  type PricedLine,
} from "@almanac/orders";
import type {
  ledgerEntries,
  orderEvents,
  orderLines,
  orders,
  payments,
  stockEntries,
  subOrders,
} from "@almanac/db/schema";
import { idFromName, type FarmId, type OrderLineId, type SubOrderId } from "@almanac/kernel";
import type { WorldLine, WorldOrder } from "./core/model.ts";

/** Rows of one or many orders, by table. */
export interface OrderRows {
  readonly orders: (typeof orders.$inferInsert)[];
  readonly subOrders: (typeof subOrders.$inferInsert)[];
  readonly orderLines: (typeof orderLines.$inferInsert)[];
  readonly payments: (typeof payments.$inferInsert)[];
  readonly ledgerEntries: (typeof ledgerEntries.$inferInsert)[];
  readonly stockEntries: (typeof stockEntries.$inferInsert)[];
  readonly orderEvents: (typeof orderEvents.$inferInsert)[];
}

export function noOrderRows(): OrderRows {
  return {
    orders: [],
    subOrders: [],
    orderLines: [],
    payments: [],
    ledgerEntries: [],
    stockEntries: [],
    orderEvents: [],
  };
}

/** Adds what the shop itself would have written for this order: the same prices, fees, postings and stock entries. */
export function addOrder(rows: OrderRows, order: WorldOrder): void {
  const isCollected = order.collectedAt !== undefined;
  const { market } = order.shopper;
  const priced = order.lines.map((line) => pricedLine(line, isCollected));
  const totals = totalsOf(priced);
  const updatedAt = order.collectedAt ?? order.placedAt;
  const status = isCollected ? "collected" : "placed";

  rows.orders.push({
    id: order.id,
    number: formatOrderNumber(order.sequence),
    shopperId: order.shopper.id,
    marketId: market.id,
    orderWindowId: order.windowId,
    pickupSlotId: order.slotId,
    status,
    subtotalCents: totals.subtotalCents,
    totalCents: totals.subtotalCents,
    holdCents: totalsOf(order.lines.map((line) => pricedLine(line, false))).holdCents,
    idempotencyKey: `demo-${order.sequence}`,
    requestHash: "demo",
    contactName: firstNames[order.sequence % firstNames.length]!,
    source: "demo",
    placedAt: order.placedAt,
    updatedAt,
    collectedAt: order.collectedAt ?? null,
  });
  rows.orderEvents.push({ orderId: order.id, kind: "placed", details: {}, at: order.placedAt });
  if (order.collectedAt) {
    rows.orderEvents.push({ orderId: order.id, kind: "collected", details: {}, at: order.collectedAt });
  }

  const farms: { farmId: FarmId; subtotalCents: number; feeCents: number }[] = [];
  for (const [farmId, lines] of Map.groupBy(order.lines, (line) => line.product.farm.id)) {
    const subOrderId = idFromName<SubOrderId>("demo/sub-order", `${order.sequence}/${farmId}`);
    const subtotalCents = lines.reduce((sum, line) => sum + lineTotalCents(pricedLine(line, isCollected)), 0);
    const feeCents = marketFeeCents(subtotalCents, market.seed.feeBasisPoints);
    farms.push({ farmId, subtotalCents, feeCents });
    rows.subOrders.push({
      id: subOrderId,
      orderId: order.id,
      farmId,
      status,
      subtotalCents,
      feeCents,
      collectedAt: order.collectedAt ?? null,
    });
    for (const line of lines) addLine(rows, order, subOrderId, line, isCollected);
  }
  addMoney(rows, order, farms, totals);
}

/** For the bags; nobody in particular. */
const firstNames = (
  "Ada,Ben,Clara,Dev,Elif,Farid,Greta,Hugo,Ida,Jonas,Kira,Luis,Mina,Noor,Otto,Paula,Quinn,Ruth,Sami,Tess,Uma,Viktor," +
  "Wanda,Xenia,Yusuf,Zoe,Amir,Bea,Carlos,Dana,Emil,Freya,Gus"
).split(",");

function pricedLine(line: WorldLine, isCollected: boolean): PricedLine {
  const { sale } = line.product.food;
  return {
    quantityBase: line.quantity * sale.unitQuantityBase,
    unitPriceCents: line.unitPriceCents,
    unitPricePer: sale.pricePer,
    isWeighed: sale.isWeighed,
    weighedBase: isCollected ? (line.weighedBase ?? null) : null,
  };
}

function addLine(
  rows: OrderRows,
  order: WorldOrder,
  subOrderId: SubOrderId,
  line: WorldLine,
  isCollected: boolean,
): void {
  const { product } = line;
  const priced = pricedLine(line, isCollected);
  const id = idFromName<OrderLineId>("demo/line", `${order.sequence}/${product.slug}`);
  rows.orderLines.push({
    id,
    orderId: order.id,
    subOrderId,
    productId: product.id,
    variantId: product.variantId,
    productName: product.name,
    variantName: product.food.sale.variantName,
    quantity: line.quantity,
    quantityBase: line.quantity * product.food.sale.unitQuantityBase,
    weighedBase: priced.weighedBase ?? null,
    unitPriceCents: line.unitPriceCents,
    unitPricePer: product.food.sale.pricePer,
    isWeighed: product.food.sale.isWeighed,
    totalCents: lineTotalCents(priced),
  });
  rows.stockEntries.push({
    productId: product.id,
    deltaBase: -(priced.weighedBase ?? priced.quantityBase),
    reason: "sale",
    orderLineId: id,
    at: order.placedAt,
    note: "",
  });
}

function addMoney(
  rows: OrderRows,
  order: WorldOrder,
  farms: readonly { farmId: FarmId; subtotalCents: number; feeCents: number }[],
  totals: { subtotalCents: number; holdCents: number },
): void {
  const receivedCents = order.collectedAt ? totals.subtotalCents : 0;
  const transactionId = idFromName("demo/transaction", String(order.sequence));
  const at = order.collectedAt ?? order.placedAt;
  for (const posting of postingsToReach([], { farms, receivedCents }) satisfies LedgerRow[]) {
    rows.ledgerEntries.push({
      transactionId,
      orderId: order.id,
      farmId: posting.farmId,
      account: posting.account,
      kind: posting.kind,
      amountCents: posting.amountCents,
      at,
    });
  }
  rows.payments.push({
    id: idFromName("demo/payment", String(order.sequence)),
    orderId: order.id,
    provider: "demo",
    providerReference: `demo-${order.sequence}`,
    status: order.collectedAt ? "captured" : "authorised",
    authorisedCents: totals.holdCents,
    capturedCents: receivedCents,
    idempotencyKey: `demo-${order.sequence}`,
    createdAt: order.placedAt,
    updatedAt: at,
  });
}
