import {
  bigserial,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { FarmId, MarketId, ProductId, ShopperId, UserId } from "@almanac/kernel";
import { ofProduct, ofShopper } from "./belonging.ts";
import { idColumn, moment } from "./columns.ts";

/** What operators asked of recommendations: to lift, place or push back, somewhere, for some days. Kept when ended. */
export const recommendationRules = pgTable(
  "recommendation_rules",
  {
    id: uuid().primaryKey(),
    kind: text().$type<"boost" | "pin" | "bury">().notNull(),
    target: text().$type<"product" | "category" | "farm">().notNull(),
    /** Id of a product or farm, slug of a category. */
    targetId: text().notNull(),
    /** Boost: the factor. Pin: the place, from 1. Bury: 1. */
    strength: real().notNull(),
    /** Everywhere where these are null. */
    marketId: idColumn<MarketId>(),
    region: text(),
    season: text().$type<"SPRING" | "SUMMER" | "FALL" | "WINTER">(),
    /** Days by the market's calendar, both included. */
    firstDay: date({ mode: "string" }).notNull(),
    lastDay: date({ mode: "string" }).notNull(),
    note: text().notNull().default(""),
    createdBy: idColumn<UserId>(),
    createdAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [index().on(table.lastDay)],
);

/**
 * Lists as they were shown, by which arm; and what came of them. One row a list, as rows of twenty places would cost more than the list:
 * what is told of each place is an array in the order of the places. Erasing a person nulls `shopperId`.
 */
export const recommendationSlates = pgTable(
  "recommendation_slates",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    slateId: uuid().notNull(),
    place: text().$type<"for-shopper" | "home">().notNull(),
    shopperId: idColumn<ShopperId>(),
    marketId: idColumn<MarketId>(),
    arm: text().notNull(),
    shownAt: moment().notNull(),
    productIds: idColumn<ProductId>().array().notNull(),
    farmIds: idColumn<FarmId>().array().notNull(),
    reasons: text().array().notNull(),
    /** Chance with which each got its place; 1 where nothing was left to chance. */
    propensities: real().array().notNull(),
    /** 1 where the farm was new or small then, else 0. */
    newFarms: integer().array().notNull(),
    /** By place, from 1; what was not clicked is null or beyond the bounds of the array. */
    clickedAt: moment().array(),
    cartedAt: moment().array(),
  },
  (table) => [index().on(table.shopperId, table.shownAt), index().on(table.shownAt)],
);

/** "Not interested": stays out of a shopper's recommendations until taken back. */
export const hiddenRecommendations = pgTable(
  "hidden_recommendations",
  {
    shopperId: ofShopper(),
    productId: ofProduct(),
    hiddenAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.shopperId, table.productId] }), index().on(table.productId)],
);

/** How the arms did on the shop's own past, one row an evaluation. */
export const recommendationEvaluations = pgTable(
  "recommendation_evaluations",
  {
    id: uuid().primaryKey(),
    evaluatedAt: moment().notNull(),
    figures: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index().on(table.evaluatedAt)],
);
