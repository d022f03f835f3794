import { sql } from "drizzle-orm";
import { insertMany, type Transaction } from "@almanac/db";
import {
  ledgerEntries,
  orderEvents,
  orderLines,
  orders,
  payments,
  stockEntries,
  stockLevels,
  subOrders,
} from "@almanac/db/schema";
import type { OrderRows } from "./order-rows.ts";

/** Orders gathered before they are written: more cost memory, fewer cost time. */
export const ordersPerWrite = 2_000;

/** Writes gathered orders with all that hangs on them. */
export async function insertOrders(tx: Transaction, rows: OrderRows): Promise<void> {
  await insertMany(tx, orders, rows.orders);
  await insertMany(tx, subOrders, rows.subOrders);
  await insertMany(tx, orderLines, rows.orderLines);
  await insertMany(tx, payments, rows.payments);
  await insertMany(tx, ledgerEntries, rows.ledgerEntries);
  // Written as it happened, so that a replay in order never falls below zero.
  rows.stockEntries.sort((a, b) => timeOf(a) - timeOf(b));
  await insertMany(tx, stockEntries, rows.stockEntries);
  await insertMany(tx, orderEvents, rows.orderEvents);
}

/** Makes the stock level of every product the sum of its ledger. */
export async function countStock(tx: Transaction, now: Date): Promise<void> {
  await tx.execute(sql`
    insert into ${stockLevels} (product_id, on_hand_base, reserved_base, updated_at)
    select product_id, sum(delta_base), 0, ${now.toISOString()}::timestamptz from ${stockEntries} group by product_id`);
}

const timeOf = ({ at }: OrderRows["stockEntries"][number]): number => at?.getTime() ?? 0;
