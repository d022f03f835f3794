import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { FarmId, MarketId, ProductId, StallSaleId, UserId, VariantId } from "@almanac/kernel";
import { farms, markets, products, variants } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** What a walk-in paid with: money in the farm's till, or the farm's own card reader. */
export type Tender = "cash" | "card";

/** A sale to a walk-in at a farm's stall, one product each. Never deleted: taking one back sets `undoneAt`. */
export const stallSales = pgTable(
  "stall_sales",
  {
    id: idColumn<StallSaleId>().primaryKey(),
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id),
    /** The day on the market's calendar when it was sold. */
    marketDay: date({ mode: "string" }).notNull(),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id),
    variantId: idColumn<VariantId>()
      .notNull()
      .references(() => variants.id),
    quantityBase: integer().notNull(),
    /** The price when it was sold, `unitPriceCents` for `unitPricePer` base units. */
    unitPriceCents: integer().notNull(),
    unitPricePer: integer().notNull(),
    totalCents: integer().notNull(),
    feeCents: integer().notNull(),
    tender: text().$type<Tender>().notNull(),
    /** Chosen by whoever sells, before it is sent. */
    idempotencyKey: text().notNull(),
    actorUserId: idColumn<UserId>(),
    soldAt: moment().notNull(),
    undoneAt: moment(),
  },
  (table) => [
    uniqueIndex().on(table.farmId, table.idempotencyKey),
    index().on(table.farmId, table.marketDay),
    index().on(table.productId, table.marketDay),
    index().on(table.marketId, table.marketDay),
    check("stall_sale_positive", sql`${table.quantityBase} > 0 and ${table.totalCents} >= 0`),
  ],
);
