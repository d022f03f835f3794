import { date, doublePrecision, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { BaseUnit, FarmId, Id, ProductId, UserId } from "@almanac/kernel";
import { ofFarm } from "./belonging.ts";
import { farms, products } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** Where a farm grows: its frosts and beds, see packages/growing. What it does not say is reckoned from its latitude. */
export const growingPlaces = pgTable("growing_places", {
  farmId: idColumn<FarmId>()
    .primaryKey()
    .references(() => farms.id, { onDelete: "cascade" }),
  /** "MM-DD": after it a frost comes in one of ten years. */
  lastFrost: text(),
  firstFrost: text(),
  /** Metres of bed that can be planted at a time. */
  bedMetres: integer().notNull().default(0),
  updatedAt: moment().notNull(),
});

/** What a farm knows of a crop, in place of the built-in reference. */
export const farmCrops = pgTable(
  "farm_crops",
  {
    farmId: ofFarm(),
    crop: text().notNull(),
    /** From sowing to the first harvest. */
    daysToMaturity: integer().notNull(),
    /** Of them, in trays; 0 when it is sown where it grows. */
    daysInTrays: integer().notNull().default(0),
    harvestDays: integer().notNull(),
    germinationBasisPoints: integer().notNull(),
    spacingCm: doublePrecision().notNull(),
    rowsPerBed: integer().notNull(),
    /** What one plant gives over its harvest, in base units. */
    yieldBasePerPlant: doublePrecision().notNull(),
    baseUnit: text().$type<BaseUnit>().notNull(),
    /** Days from the last frost to the first day it may be outside; negative for what bears frost. */
    outsideFromFrostDays: integer().notNull(),
    /** Days from the first frost of autumn to its last harvest; negative for what bears none. */
    lastHarvestFromFrostDays: integer().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.farmId, table.crop] })],
);

/** A sowing in a farm's calendar. */
export const plantings = pgTable(
  "plantings",
  {
    id: idColumn<Id<"planting">>().primaryKey(),
    farmId: ofFarm(),
    productId: idColumn<ProductId>().references(() => products.id, { onDelete: "set null" }),
    crop: text().notNull(),
    sowOn: date({ mode: "string" }).notNull(),
    transplantOn: date({ mode: "string" }),
    harvestFrom: date({ mode: "string" }).notNull(),
    harvestTo: date({ mode: "string" }).notNull(),
    seeds: integer().notNull(),
    bedMetres: doublePrecision().notNull(),
    /** The plan it came with; nothing when it was written by hand. */
    planId: uuid(),
    note: text().notNull().default(""),
    /** Raised with each change, for calendars that subscribe. */
    revision: integer().notNull().default(0),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [index().on(table.farmId, table.sowOn), index().on(table.productId)],
);

/** Addresses under which a farm's calendar can be subscribed to. Only the hash of the secret part is kept. */
export const calendarFeeds = pgTable(
  "calendar_feeds",
  {
    id: idColumn<Id<"calendar-feed">>().primaryKey(),
    farmId: ofFarm(),
    tokenHash: text().notNull().unique(),
    label: text().notNull().default(""),
    createdBy: idColumn<UserId>(),
    createdAt: moment().notNull(),
    lastReadAt: moment(),
    revokedAt: moment(),
  },
  (table) => [index().on(table.farmId)],
);
