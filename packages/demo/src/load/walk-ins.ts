import { sql } from "drizzle-orm";
import type { Transaction } from "@almanac/db";
import { ledgerEntries, stallSales, stockEntries } from "@almanac/db/schema";
import { idFromName, minutes } from "@almanac/kernel";
import { marketFeeCents } from "@almanac/orders";
import { postingsOfSale } from "@almanac/stall";
import { insertBulk } from "../bulk.ts";
import type { World } from "../core/model.ts";
import { walkInsOf, type WalkInDay, type WalkInSale } from "../core/walk-ins.ts";

/** Two years of sales to walk-ins: what was picked for them, the sales, and their money. Stock levels are counted after it. */
export async function insertWalkIns(tx: Transaction, world: World): Promise<void> {
  const walkIns = [...walkInsOf(world)];
  const sales = walkIns.flatMap((one) => one.sales);
  await insertBulk(tx, stallSales, sales.map(saleRow));
  await insertBulk(tx, ledgerEntries, sales.flatMap(moneyRows));
  await insertBulk(
    tx,
    stockEntries,
    walkIns.flatMap(stockRows).sort((a, b) => a.at.getTime() - b.at.getTime()),
  );
  await emptyStalls(tx, walkIns);
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
function stockRows({ product, sales }: WalkInDay) {
  const shared = { productId: product.id, note: "" };
  return [
    {
      ...shared,
      deltaBase: sales.reduce((sum, { quantityBase }) => sum + quantityBase, 0),
      reason: "harvest" as const,
      at: new Date(sales[0]!.soldAt.getTime() - minutes(180)),
    },
    ...sales.map(({ quantityBase, soldAt }) => ({
      ...shared,
      deltaBase: -quantityBase,
      reason: "stall_sale" as const,
      at: soldAt,
    })),
  ];
}

/**
 * Where a stall was sold out, what the ledger holds at that moment was picked for the orders of the next week. The farmer
 * counts the stall at nothing and, a minute later, what is in the barn: so the day is known as sold out.
 */
async function emptyStalls(tx: Transaction, walkIns: readonly WalkInDay[]): Promise<void> {
  const empty = walkIns.flatMap(({ product, soldOutAt }) =>
    soldOutAt ? [{ p: product.id, t: soldOutAt.toISOString() }] : [],
  );
  await tx.execute(sql`
    with empty as materialized (
      select p, t from json_to_recordset(${JSON.stringify(empty)}::json) as one(p uuid, t timestamptz)
    ),
    held as materialized (
      select e.p, e.t, sum(s.delta_base)::int as base from empty e
      join stock_entries s on s.product_id = e.p and s.at <= e.t group by e.p, e.t
    )
    insert into stock_entries (product_id, delta_base, reason, note, at)
    select p, -base, 'recount', 'sold out at the stall', t from held where base > 0
    union all
    select p, base, 'recount', 'kept for orders', t + interval '1 minute' from held where base > 0`);
}
