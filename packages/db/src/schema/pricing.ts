import { doublePrecision, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { FarmId, ProductId, UserId, VariantId } from "@almanac/kernel";
import { farms, products, variants } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** What a farm says that a product costs it, see packages/pricing. Amounts are for `perBase` base units, as prices are. */
export const productCosts = pgTable(
  "product_costs",
  {
    productId: idColumn<ProductId>()
      .primaryKey()
      .references(() => products.id, { onDelete: "cascade" }),
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
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
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
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
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
    variantId: idColumn<VariantId>()
      .notNull()
      .references(() => variants.id, { onDelete: "cascade" }),
    fromCents: integer().notNull(),
    suggestedCents: integer().notNull(),
    outcome: text().$type<"accepted" | "dismissed" | "undone">().notNull(),
    decidedBy: idColumn<UserId>(),
    decidedAt: moment().notNull(),
  },
  (table) => [index().on(table.farmId, table.decidedAt), index().on(table.variantId)],
);
