import { date, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { FarmId, MarketId, ProductId } from "@almanac/kernel";
import { farms, markets, products } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** What is expected of a product on a coming market day, in base units; made anew each night, see packages/planning. */
export const demandForecasts = pgTable(
  "demand_forecasts",
  {
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id, { onDelete: "cascade" }),
    marketDay: date({ mode: "string" }).notNull(),
    /** In one of ten cases less is asked for. */
    p10: doublePrecision().notNull(),
    p50: doublePrecision().notNull(),
    p90: doublePrecision().notNull(),
    /** The models that were combined. */
    model: text().notNull(),
    demandClass: text().$type<"regular" | "intermittent">().notNull(),
    /** Market days that were learned from. */
    daysLearned: integer().notNull(),
    /** Of the latest market days, each forecast from what came before it: sum of errors, sum sold, days. */
    pastError: doublePrecision().notNull(),
    pastVolume: doublePrecision().notNull(),
    pastDays: integer().notNull(),
    /** Why, in the order of weight. */
    drivers: jsonb().$type<{ kind: string; text: string }[]>().notNull().default([]),
    /** Of all that it follows from: the same facts are not forecast twice. */
    fingerprint: text().notNull().default(""),
    madeAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.marketId, table.marketDay] }),
    index().on(table.farmId, table.marketDay),
  ],
);

/** What a farm was told during a market day: that a product may sell out, and when; once unless it got much worse. */
export const nowcastAlerts = pgTable(
  "nowcast_alerts",
  {
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id, { onDelete: "cascade" }),
    marketDay: date({ mode: "string" }).notNull(),
    sellsOutAt: moment().notNull(),
    /** 0 to 1, when it was told. */
    chance: doublePrecision().notNull(),
    toldAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.marketId, table.marketDay] }),
    index().on(table.farmId),
  ],
);
