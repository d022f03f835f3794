import { insertMany, type Transaction } from "@almanac/db";
import { ledgerEntries, stallSales } from "@almanac/db/schema";
import { idFromName, minutes } from "@almanac/kernel";
import { marketFeeCents } from "@almanac/orders";
import { postingsOfSale } from "@almanac/stall";
import type { World } from "../core/model.ts";
import type { EmptyStall, StockRow } from "../core/stock-ledger.ts";
import { walkInsOf, type WalkInDay, type WalkInSale } from "../core/walk-ins.ts";

/**
 * Two years of sales to walk-ins: the sales, and their money.
 *
 * @returns what they did to the stock, which is to be written: what was picked for them, what was sold, and where it ran out
 */
export async function insertWalkIns(
  tx: Transaction,
  world: World,
): Promise<{ stock: StockRow[]; empty: EmptyStall[] }> {
  const walkIns = [...walkInsOf(world)];
  const sales = walkIns.flatMap((one) => one.sales);
  await insertMany(tx, stallSales, sales.map(saleRow));
  await insertMany(tx, ledgerEntries, sales.flatMap(moneyRows));
  return {
    stock: walkIns.flatMap(stockRows),
    empty: walkIns.flatMap(({ product, soldOut }) =>
      soldOut ? [{ productId: product.id, ...soldOut }] : [],
    ),
  };
}

const feeOf = ({ totalCents, day }: WalkInSale): number =>
  marketFeeCents(totalCents, day.market.seed.feeBasisPoints);

function saleRow(sale: WalkInSale): typeof stallSales.$inferInsert {
  const { id, product, day, quantityBase, unitPriceCents, totalCents, tender, soldAt } = sale;
  return {
    id,
    farmId: product.farm.id,
    marketId: day.market.id,
    marketDay: day.day,
    productId: product.id,
    variantId: product.variantId,
    quantityBase,
    unitPriceCents,
    unitPricePer: product.food.sale.pricePer,
    totalCents,
    feeCents: feeOf(sale),
    tender,
    idempotencyKey: `demo-${id}`,
    soldAt,
  };
}

function moneyRows(sale: WalkInSale): (typeof ledgerEntries.$inferInsert)[] {
  const worth = { farmId: sale.product.farm.id, totalCents: sale.totalCents, feeCents: feeOf(sale) };
  const transactionId = idFromName("demo/walk-in-transaction", sale.id);
  return postingsOfSale(worth).map(({ account, kind, farmId, amountCents }) => ({
    transactionId,
    stallSaleId: sale.id,
    farmId,
    account,
    kind,
    amountCents,
    at: sale.soldAt,
  }));
}

/** Picked in the morning, as much as is going to be sold. */
function stockRows({ product, sales }: WalkInDay): StockRow[] {
  const shared = { productId: product.id, orderLineId: null, note: "" };
  return [
    {
      ...shared,
      deltaBase: sales.reduce((sum, { quantityBase }) => sum + quantityBase, 0),
      reason: "harvest",
      at: new Date(sales[0]!.soldAt.getTime() - minutes(180)),
    },
    ...sales.map(({ quantityBase, soldAt }): StockRow => ({
      ...shared,
      deltaBase: -quantityBase,
      reason: "stall_sale",
      at: soldAt,
    })),
  ];
}
