import { sql } from "drizzle-orm";
import {
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { UserId } from "@almanac/kernel";
import { ofMarket, productOnDay } from "./belonging.ts";
import { idColumn, moment } from "./columns.ts";

/**
 * What was expected of a product on a market day, in base units, by each version of the models that forecast it; made anew
 * each night, see packages/planning. One a day is the current one; those of days that are over stay to be looked back on.
 */
export const demandForecasts = pgTable(
  "demand_forecasts",
  {
    ...productOnDay(),
    /** Of what makes forecasts; the same version makes the same row anew. */
    modelVersion: text().notNull().default("1"),
    /** Whether it is the one that holds; false for older versions, and for what is no longer forecast. */
    isCurrent: boolean().notNull().default(true),
    /** In one of ten cases less is asked for. */
    p10: doublePrecision().notNull(),
    p50: doublePrecision().notNull(),
    p90: doublePrecision().notNull(),
    /** Cents for the product's usual quantity that it is expected at: those of the day where they are reckoned with, else those of late. */
    priceCents: doublePrecision(),
    /** The models that were combined. */
    model: text().notNull(),
    demandClass: text().$type<"regular" | "intermittent">().notNull(),
    /** Market days that were learned from. */
    daysLearned: integer().notNull(),
    /** Of the latest market days, each forecast from what came before it: sum of errors, sum sold, days. */
    pastError: doublePrecision().notNull(),
    pastVolume: doublePrecision().notNull(),
    /** Sum of what was forecast less what was sold: above 0 where too much was forecast. */
    pastBias: doublePrecision().notNull().default(0),
    pastDays: integer().notNull(),
    /** Why, in the order of weight. */
    drivers: jsonb().$type<{ kind: string; text: string }[]>().notNull().default([]),
    /** Of all that it follows from: the same facts are not forecast twice. */
    fingerprint: text().notNull().default(""),
    madeAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.marketId, table.marketDay, table.modelVersion] }),
    uniqueIndex("demand_forecasts_current")
      .on(table.productId, table.marketId, table.marketDay)
      .where(sql`is_current`),
    index().on(table.farmId, table.marketDay),
    index().on(table.marketDay),
  ],
);

/** What a farm was told during a market day: that a product may sell out, and when; once unless it got much worse. */
export const nowcastAlerts = pgTable(
  "nowcast_alerts",
  {
    ...productOnDay(),
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

export type UnusualReason = "none" | "stall" | "sold out" | "holiday" | "price" | "weather";

/**
 * Market days on which far more or far less was sold of a product than was forecast before, in base units, and what the farm
 * says of them. An answer of `slip` leaves the day out of the product's history.
 */
export const unusualDays = pgTable(
  "unusual_days",
  {
    ...productOnDay(),
    soldBase: doublePrecision().notNull(),
    /** The bounds that 8 of 10 days were meant to lie within, as forecast before the day. */
    lowBase: doublePrecision().notNull(),
    highBase: doublePrecision().notNull(),
    /** How many times the distance from the middle to the bound it lies away; at least 0. */
    surprise: doublePrecision().notNull(),
    /** What explains it, `none` where nothing that is known does; `stall` where nothing at all was sold at the farm's stall. */
    reason: text().$type<UnusualReason>().notNull(),
    reasonText: text().notNull().default(""),
    /** The largest single entry where most of the day comes from it; nothing where none stands out. */
    largestBase: doublePrecision(),
    /** It was told as an alarm: nothing explains it, and the farm had not heard too many that week. */
    isTold: boolean().notNull(),
    answer: text().$type<"right" | "slip">(),
    answeredAt: moment(),
    answeredBy: idColumn<UserId>(),
    foundAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.marketId, table.marketDay] }),
    index().on(table.farmId, table.marketDay),
    index("unusual_days_slips")
      .on(table.productId)
      .where(sql`answer = 'slip'`),
  ],
);

/** Market days that were held against what was forecast of them; each is once. */
export const judgedMarketDays = pgTable(
  "judged_market_days",
  {
    marketId: ofMarket(),
    marketDay: date({ mode: "string" }).notNull(),
    judgedAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.marketId, table.marketDay] }), index().on(table.marketDay)],
);
