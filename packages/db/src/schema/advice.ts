import {
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import type { FarmId, Id, MarketId, ProductId, UserId } from "@almanac/kernel";
import { ofFarm, ofMarket, ofProduct } from "./belonging.ts";
import { farms, markets, products } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

export type AdviceId = Id<"advice">;
export type AdviceStatus = "PENDING" | "ACCEPTED" | "REJECTED" | "EXPIRED";

/** How a farm wants to be advised, see packages/advice. */
export const adviceSettings = pgTable("advice_settings", {
  farmId: idColumn<FarmId>()
    .primaryKey()
    .references(() => farms.id, { onDelete: "cascade" }),
  /** -100 "rather sell out" to 100 "rather never run out". */
  leaning: integer().notNull().default(0),
  /** What one crate holds, by base unit. */
  crateGrams: integer().notNull().default(2_000),
  crateMillilitres: integer().notNull().default(1_000),
  cratePieces: integer().notNull().default(1),
  /** Crates that the van takes to a market; nothing for as many as there are. */
  vanCrates: integer(),
  /** Minutes of work there are for a market day, and what one crate takes of them; nothing for as many as it takes. */
  labourMinutes: integer(),
  minutesPerCrate: integer().notNull().default(6),
  /** "2025-08-16": market days on which the farm stays at home. */
  closedDays: jsonb().$type<string[]>().notNull().default([]),
  /** Of the price, where the cost of a product is not known, and what is left of the cost when it is not sold. */
  costBasisPoints: integer().notNull().default(4_000),
  salvageBasisPoints: integer().notNull().default(1_000),
  /** Least gain in cents that an advice has to promise, by type; learned from what was refused. */
  leastGainCents: jsonb().$type<Record<string, number>>().notNull().default({}),
  /** When advice was last made; nothing before the first time. */
  advisedAt: moment(),
  updatedAt: moment().notNull(),
});

/** What a farm is advised to do. Quantities are in base units. */
export const advice = pgTable(
  "advice",
  {
    id: idColumn<AdviceId>().primaryKey(),
    farmId: ofFarm(),
    productId: ofProduct(),
    marketId: idColumn<MarketId>().references(() => markets.id, { onDelete: "cascade" }),
    marketDay: date({ mode: "string" }),
    /** Type, product, market and day: there is one advice of each. */
    key: text().notNull(),
    type: text().notNull(),
    currentBase: doublePrecision().notNull(),
    recommendedBase: doublePrecision().notNull(),
    reasoning: text().notNull(),
    priority: text().$type<"LOW" | "MEDIUM" | "HIGH" | "URGENT">().notNull(),
    gainCents: integer(),
    /** What follows from accepting it, by type. */
    details: jsonb().$type<Record<string, unknown>>().notNull(),
    status: text().$type<AdviceStatus>().notNull().default("PENDING"),
    validUntil: moment().notNull(),
    decidedBy: idColumn<UserId>(),
    decidedAt: moment(),
    rejectionReason: text(),
    /** How things were before it was accepted, to take it back. */
    before: jsonb().$type<Record<string, unknown>>(),
    /** What was to be done by hand has been done. */
    doneAt: moment(),
    madeAt: moment().notNull(),
  },
  (table) => [
    unique().on(table.farmId, table.key),
    index().on(table.farmId, table.status, table.validUntil),
    index().on(table.status, table.validUntil),
    index().on(table.productId),
  ],
);

/** What a farm means to bring to a market day, in base units. */
export const stallPlans = pgTable(
  "stall_plans",
  {
    productId: ofProduct(),
    marketId: ofMarket(),
    marketDay: date({ mode: "string" }).notNull(),
    farmId: ofFarm(),
    quantityBase: integer().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.marketId, table.marketDay] }),
    index().on(table.farmId, table.marketDay),
  ],
);

/** What ran low of a farm's products: one alert a product and day, however often the mark is crossed. */
export const stockAlerts = pgTable(
  "stock_alerts",
  {
    id: idColumn<Id<"stock-alert">>().primaryKey(),
    farmId: ofFarm(),
    productId: ofProduct(),
    /** On the calendar of the farm's first market. */
    day: date({ mode: "string" }).notNull(),
    priority: text().$type<"MEDIUM" | "HIGH" | "URGENT">().notNull(),
    availableBase: integer().notNull(),
    thresholdBase: integer().notNull(),
    /** What is still expected to be ordered for the next market day; nothing where that is not known. */
    expectedBase: doublePrecision(),
    /** Nothing while it waits for the market to be over. */
    toldAt: moment(),
    madeAt: moment().notNull(),
  },
  (table) => [
    unique().on(table.productId, table.day),
    index().on(table.farmId, table.madeAt),
    index()
      .on(table.madeAt)
      .where(sql`told_at is null`),
  ],
);

/** Products of which a farmer does not want to hear for a while. */
export const stockAlertSnoozes = pgTable(
  "stock_alert_snoozes",
  {
    productId: idColumn<ProductId>()
      .primaryKey()
      .references(() => products.id, { onDelete: "cascade" }),
    farmId: ofFarm(),
    until: moment().notNull(),
  },
  (table) => [index().on(table.farmId)],
);
