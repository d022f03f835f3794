import {
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
  bigserial,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import type {
  BaseUnit,
  FarmId,
  LotId,
  MarketId,
  OrderWindowId,
  PickupSlotId,
  ProductId,
  UserId,
  VariantId,
} from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

export const markets = pgTable("markets", {
  id: idColumn<MarketId>().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull().default(""),
  address: text().notNull().default(""),
  region: text().notNull().default(""),
  timeZone: text().notNull(),
  currency: text().notNull().default("USD"),
  latitude: doublePrecision().notNull(),
  longitude: doublePrecision().notNull(),
  /** Market fee taken from each farm's sub-order: 500 means 5 %. */
  feeBasisPoints: integer().notNull().default(0),
  acceptsSnap: boolean().notNull().default(false),
  /** 1 Monday to 7 Sunday. */
  weekday: integer().notNull().default(6),
  /** Wall-clock times at the market, "08:00". */
  opensAt: text().notNull().default("08:00"),
  closesAt: text().notNull().default("13:00"),
  createdAt: moment().notNull().defaultNow(),
});

export const farms = pgTable("farms", {
  id: idColumn<FarmId>().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  story: text().notNull().default(""),
  town: text().notNull().default(""),
  latitude: doublePrecision().notNull(),
  longitude: doublePrecision().notNull(),
  isOrganic: boolean().notNull().default(false),
  acceptsSnap: boolean().notNull().default(false),
  /** A picture name of packages/ui/pictures, used where no photo was uploaded. */
  picture: text().notNull().default("farmer"),
  imageId: uuid(),
  joinedAt: moment().notNull().defaultNow(),
});

export const marketFarms = pgTable(
  "market_farms",
  {
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id, { onDelete: "cascade" }),
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
    stall: text().notNull().default(""),
    joinedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.marketId, table.farmId] }), index().on(table.farmId)],
);

export const categories = pgTable("categories", {
  slug: text().primaryKey(),
  name: text().notNull(),
  picture: text().notNull(),
  position: integer().notNull().default(0),
});

export const products = pgTable(
  "products",
  {
    id: idColumn<ProductId>().primaryKey(),
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id),
    slug: text().notNull().unique(),
    name: text().notNull(),
    description: text().notNull().default(""),
    category: text()
      .notNull()
      .references(() => categories.slug),
    /** What grows: links products of all farms to one harvest window, "tomato", "basil". Empty for what has no season. */
    crop: text().notNull().default(""),
    picture: text().notNull(),
    imageId: uuid(),
    baseUnit: text().$type<BaseUnit>().notNull(),
    isOrganic: boolean().notNull().default(false),
    snapEligible: boolean().notNull().default(true),
    /** Bought again and again (milk) rather than once (a wreath). */
    isReplenishable: boolean().notNull().default(true),
    storageTips: text().notNull().default(""),
    status: text().$type<"draft" | "live" | "hidden" | "archived">().notNull().default("draft"),
    /** First moment it went live; `undefined` while it never was. */
    listedAt: moment(),
    lastHarvestAt: moment(),
    /** Warn the farmer when available stock falls below; 0 means never. */
    lowStockBase: integer().notNull().default(0),
    /** Days that it keeps after the harvest, where its lots do not say; nothing where nobody said. */
    shelfLifeDays: integer(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index().on(table.farmId),
    index().on(table.category),
    index("products_words").using(
      "gin",
      sql`to_tsvector('english', ${table.name} || ' ' || ${table.description})`,
    ),
    index("products_name_trgm").using("gin", table.name.op("gin_trgm_ops")),
    check("products_shelf_life_positive", sql`${table.shelfLifeDays} > 0`),
  ],
);

/**
 * How a product is sold. Price is `unitPriceCents` for `unitPricePer` base units: 490 per 1000 g, or 250 per 1 piece.
 * One unit in a cart takes `unitQuantityBase` base units: about 750 g of tomatoes, exactly 1 bunch of basil.
 */
export const variants = pgTable(
  "variants",
  {
    id: idColumn<VariantId>().primaryKey(),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    /** "each, about 750 g", "bunch", "dozen". */
    name: text().notNull(),
    /** Shown behind the price: "kg", "bunch", "jar". */
    priceUnit: text().notNull(),
    unitPriceCents: integer().notNull(),
    unitPricePer: integer().notNull(),
    unitQuantityBase: integer().notNull(),
    /** Weighed when packed, so that the final price follows the scale. */
    isWeighed: boolean().notNull().default(false),
    position: integer().notNull().default(0),
    status: text().$type<"live" | "archived">().notNull().default("live"),
  },
  (table) => [
    index().on(table.productId),
    check("variants_price_not_negative", sql`${table.unitPriceCents} >= 0`),
    check("variants_units_positive", sql`${table.unitPricePer} > 0 and ${table.unitQuantityBase} > 0`),
  ],
);

export const lots = pgTable(
  "lots",
  {
    id: idColumn<LotId>().primaryKey(),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    code: text().notNull(),
    harvestedOn: date({ mode: "string" }).notNull(),
    bestBefore: date({ mode: "string" }),
    quantityBase: integer().notNull(),
    note: text().notNull().default(""),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [uniqueIndex().on(table.productId, table.code)],
);

/**
 * When a crop is harvested in a region. The most specific row wins: product, then farm and crop, then region and crop,
 * then crop alone (`region` empty), which is written for the northern hemisphere and turned by half a year south of it.
 * Days are "MM-DD"; a window may run over the new year.
 */
export const harvestWindows = pgTable(
  "harvest_windows",
  {
    id: uuid().primaryKey(),
    crop: text().notNull(),
    region: text().notNull().default(""),
    farmId: idColumn<FarmId>().references(() => farms.id, { onDelete: "cascade" }),
    productId: idColumn<ProductId>().references(() => products.id, { onDelete: "cascade" }),
    kind: text().$type<"field" | "greenhouse" | "stored" | "year_round">().notNull().default("field"),
    firstDay: text().notNull(),
    peakStart: text().notNull(),
    peakEnd: text().notNull(),
    lastDay: text().notNull(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.crop, table.region), index().on(table.productId), index().on(table.farmId)],
);

export const priceChanges = pgTable(
  "price_changes",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    variantId: idColumn<VariantId>()
      .notNull()
      .references(() => variants.id, { onDelete: "cascade" }),
    oldPriceCents: integer().notNull(),
    newPriceCents: integer().notNull(),
    changedBy: idColumn<UserId>(),
    reason: text().notNull().default(""),
    changedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.variantId, table.changedAt), index().on(table.changedAt)],
);

/** When orders for one market day are taken. */
export const orderWindows = pgTable(
  "order_windows",
  {
    id: idColumn<OrderWindowId>().primaryKey(),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id, { onDelete: "cascade" }),
    marketDay: date({ mode: "string" }).notNull(),
    opensAt: moment().notNull(),
    closesAt: moment().notNull(),
    isCancelled: boolean().notNull().default(false),
  },
  (table) => [uniqueIndex().on(table.marketId, table.marketDay), index().on(table.closesAt)],
);

export const pickupSlots = pgTable(
  "pickup_slots",
  {
    id: idColumn<PickupSlotId>().primaryKey(),
    orderWindowId: idColumn<OrderWindowId>()
      .notNull()
      .references(() => orderWindows.id, { onDelete: "cascade" }),
    startsAt: moment().notNull(),
    endsAt: moment().notNull(),
    capacityOrders: integer().notNull(),
  },
  (table) => [uniqueIndex().on(table.orderWindowId, table.startsAt)],
);

export const images = pgTable("images", {
  id: uuid().primaryKey(),
  farmId: idColumn<FarmId>()
    .notNull()
    .references(() => farms.id, { onDelete: "cascade" }),
  width: integer().notNull(),
  height: integer().notNull(),
  /** The picture's own mean colour, "oklch(...)", shown until it has loaded. */
  tint: text().notNull().default(""),
  createdAt: moment().notNull().defaultNow(),
});

/** One WebP file per width. */
export const imageFiles = pgTable(
  "image_files",
  {
    imageId: uuid()
      .notNull()
      .references(() => images.id, { onDelete: "cascade" }),
    width: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.imageId, table.width] })],
);
