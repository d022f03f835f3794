import { formatOrderNumber, marketFeeCents, postingsToReach } from "@almanac/orders";
import {
  idFromName,
  type FarmId,
  type MarketId,
  type OrderId,
  type OrderLineId,
  type ShopperId,
  type SubOrderId,
} from "@almanac/kernel";
import type { OrderRows } from "../order-rows.ts";
import type { Assortment } from "./assortment.ts";
import type { ReceiptLine } from "./receipts.ts";

export interface ReceiptWorld {
  readonly assortment: Assortment;
  readonly marketId: MarketId;
  readonly now: Date;
  /** Added to every time on a receipt: whole weeks, in milliseconds. */
  readonly shiftMs: number;
}

/** Adds one receipt as a collected order: what was paid is what the receipt says, to the cent, with its discounts. */
export function addReceipt(
  rows: OrderRows,
  receipt: readonly ReceiptLine[],
  sequence: number,
  { assortment, marketId, shiftMs }: ReceiptWorld,
): void {
  const basket = oneLineAProduct(receipt);
  const first = basket[0]!;
  const orderId = idFromName<OrderId>("import/basket", first.basket);
  const placedAt = new Date(first.at.getTime() + shiftMs);
  const totalCents = basket.reduce((sum, line) => sum + line.paidCents, 0);
  rows.orders.push({
    id: orderId,
    number: formatOrderNumber(sequence),
    shopperId: idFromName<ShopperId>("import/household", first.household),
    marketId,
    status: "collected",
    subtotalCents: totalCents,
    totalCents,
    holdCents: totalCents,
    idempotencyKey: `import-${first.basket}`,
    requestHash: "import",
    source: "import",
    placedAt,
    updatedAt: placedAt,
    collectedAt: placedAt,
    originalPlacedAt: first.at,
  });
  rows.orderEvents.push({ orderId, kind: "collected", details: {}, at: placedAt });

  const farms: { farmId: FarmId; subtotalCents: number; feeCents: number }[] = [];
  for (const [farmId, lines] of Map.groupBy(
    basket,
    (line) => assortment.productOf.get(line.product)!.farm.id,
  )) {
    const subOrderId = idFromName<SubOrderId>("import/sub-order", `${first.basket}/${farmId}`);
    const subtotalCents = lines.reduce((sum, line) => sum + line.paidCents, 0);
    const feeCents = marketFeeCents(subtotalCents, 500);
    farms.push({ farmId, subtotalCents, feeCents });
    rows.subOrders.push({
      id: subOrderId,
      orderId,
      farmId,
      status: "collected",
      subtotalCents,
      feeCents,
      collectedAt: placedAt,
    });
    for (const line of lines) addLine(rows, orderId, subOrderId, line, placedAt, assortment);
  }
  rows.payments.push({
    id: idFromName("import/payment", first.basket),
    orderId,
    provider: "receipt",
    providerReference: first.basket,
    status: "captured",
    authorisedCents: totalCents,
    capturedCents: totalCents,
    idempotencyKey: `import-${first.basket}`,
    createdAt: placedAt,
    updatedAt: placedAt,
  });
  const transactionId = idFromName("import/transaction", first.basket);
  for (const posting of postingsToReach([], { farms, receivedCents: totalCents })) {
    rows.ledgerEntries.push({
      transactionId,
      orderId,
      farmId: posting.farmId,
      account: posting.account,
      kind: posting.kind,
      amountCents: posting.amountCents,
      at: placedAt,
    });
  }
}

/** A product that was scanned twice is one line of an order, with the sums of both. */
function oneLineAProduct(receipt: readonly ReceiptLine[]): ReceiptLine[] {
  return [...Map.groupBy(receipt, (line) => line.product).values()].map((lines) =>
    lines.reduce((sum, line) => ({
      ...sum,
      quantity: sum.quantity + line.quantity,
      paidCents: sum.paidCents + line.paidCents,
      discountCents: sum.discountCents + line.discountCents,
    })),
  );
}

function addLine(
  rows: OrderRows,
  orderId: OrderId,
  subOrderId: SubOrderId,
  line: ReceiptLine,
  at: Date,
  assortment: Assortment,
): void {
  const product = assortment.productOf.get(line.product)!;
  const variant = assortment.variantOf.get(line.product)!;
  const id = idFromName<OrderLineId>("import/line", `${line.basket}/${line.product}`);
  rows.orderLines.push({
    id,
    orderId,
    subOrderId,
    productId: product.id,
    variantId: variant.id,
    productName: product.name,
    variantName: variant.name,
    quantity: line.quantity,
    quantityBase: line.quantity,
    unitPriceCents: Math.round(
      ((line.paidCents + line.discountCents) / line.quantity) * variant.unitPricePer,
    ),
    unitPricePer: variant.unitPricePer,
    isWeighed: false,
    discountCents: line.discountCents,
    totalCents: line.paidCents,
  });
  const shared = { productId: product.id, at, note: "" };
  rows.stockEntries.push({ ...shared, deltaBase: line.quantity, reason: "import", orderLineId: null });
  rows.stockEntries.push({ ...shared, deltaBase: -line.quantity, reason: "sale", orderLineId: id });
}
