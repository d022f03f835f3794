import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { Id, MarketId, ProductId, UserId } from "@almanac/kernel";
import { ofFarm, ofProduct, ofVariant } from "./belonging.ts";
import { markets, products } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** What a farm says that a product costs it, see packages/pricing. Amounts are for `perBase` base units, as prices are. */
export const productCosts = pgTable(
  "product_costs",
  {
    productId: idColumn<ProductId>()
      .primaryKey()
      .references(() => products.id, { onDelete: "cascade" }),
    farmId: ofFarm(),
    /** To grow, harvest and bring. */
    costCents: integer().notNull(),
    /** 1000 g, 1000 ml or 1 piece. */
    perBase: integer().notNull(),
    /** What the farm wants on top of the cost at least: 2500 means 25 %. */
    marginBasisPoints: integer().notNull(),
    /** What is still earned by what is not sold: by jam, feed or compost. */
    salvageCents: integer().notNull().default(0),
    updatedAt: moment().notNull(),
  },
  (table) => [index().on(table.farmId)],
);

/** How much less is bought of a product when it costs more, learned each night. */
export const productElasticities = pgTable(
  "product_elasticities",
  {
    productId: idColumn<ProductId>()
      .primaryKey()
      .references(() => products.id, { onDelete: "cascade" }),
    farmId: ofFarm(),
    /** Change of demand for a change of price, both in per cent: -1.8. */
    elasticity: doublePrecision().notNull(),
    standardError: doublePrecision().notNull(),
    /** Where most of it comes from. */
    source: text().$type<"product" | "category" | "market">().notNull(),
    /** In [0, 1]: how much of it is the product's own. */
    ownShare: doublePrecision().notNull(),
    /** Of the product alone, with a price and a demand. */
    marketDays: integer().notNull(),
    priceLevels: integer().notNull(),
    /** Base units that are asked for on a market day of late, over all markets of the farm. */
    baseADay: doublePrecision().notNull(),
    madeAt: moment().notNull(),
  },
  (table) => [index().on(table.farmId)],
);

/** What became of a suggested price. */
export const priceDecisions = pgTable(
  "price_decisions",
  {
    id: uuid().primaryKey(),
    farmId: ofFarm(),
    variantId: ofVariant(),
    fromCents: integer().notNull(),
    suggestedCents: integer().notNull(),
    outcome: text().$type<"accepted" | "dismissed" | "undone">().notNull(),
    decidedBy: idColumn<UserId>(),
    decidedAt: moment().notNull(),
  },
  (table) => [index().on(table.farmId, table.decidedAt), index().on(table.variantId)],
);

export type PricePlanId = Id<"price-plan">;

/** A price that a farm asks from a day on, or from one day to another; see packages/pricing. It takes effect by itself. */
export const pricePlans = pgTable(
  "price_plans",
  {
    id: idColumn<PricePlanId>().primaryKey(),
    farmId: ofFarm(),
    productId: ofProduct(),
    variantId: ofVariant(),
    /** For the amount that the variant's price is for. */
    unitPriceCents: integer().notNull(),
    /** "Two for 9": units and what they cost together; the price is what one of them comes to. */
    promotionUnits: integer(),
    promotionCents: integer(),
    reason: text().notNull().default(""),
    /** Days at the market, both included; without a last one the price stays. */
    fromDay: date({ mode: "string" }).notNull(),
    toDay: date({ mode: "string" }),
    /** The market day that it is for, where it is for one. */
    marketId: idColumn<MarketId>().references(() => markets.id, { onDelete: "set null" }),
    marketDay: date({ mode: "string" }),
    /** The same as moments: midnight at the market. */
    startsAt: moment().notNull(),
    endsAt: moment(),
    /** It lies below the farm's own floor, and the farm said that it may. */
    isBelowFloor: boolean().notNull().default(false),
    status: text()
      .$type<"planned" | "running" | "over" | "cancelled" | "missed">()
      .notNull()
      .default("planned"),
    /** What was asked before it took effect: what is asked again when it is over. */
    beforeCents: integer(),
    startedAt: moment(),
    endedAt: moment(),
    plannedBy: idColumn<UserId>(),
    plannedAt: moment().notNull(),
  },
  (table) => [
    index().on(table.farmId, table.startsAt),
    index().on(table.productId),
    index().on(table.variantId),
    index().on(table.marketId),
    index("price_plans_open")
      .on(table.startsAt)
      .where(sql`status in ('planned', 'running')`),
    check("price_plans_price_not_negative", sql`${table.unitPriceCents} >= 0`),
    check(
      "price_plans_ends_after_it_starts",
      sql`${table.endsAt} is null or ${table.endsAt} > ${table.startsAt}`,
    ),
  ],
);
