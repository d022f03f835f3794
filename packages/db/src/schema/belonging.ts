import { date } from "drizzle-orm/pg-core";
import type { FarmId, MarketId, ProductId, ShopperId, VariantId } from "@almanac/kernel";
import { farms, markets, products, variants } from "./catalog.ts";
import { idColumn } from "./columns.ts";
import { shoppers } from "./identity.ts";

/** Whose row it is: the row goes with the farm. */
export const ofFarm = () =>
  idColumn<FarmId>()
    .notNull()
    .references(() => farms.id, { onDelete: "cascade" });

/** The product that the row is about, and goes with. */
export const ofProduct = () =>
  idColumn<ProductId>()
    .notNull()
    .references(() => products.id, { onDelete: "cascade" });

/** The variant that the row is about, and goes with. */
export const ofVariant = () =>
  idColumn<VariantId>()
    .notNull()
    .references(() => variants.id, { onDelete: "cascade" });

/** The market that the row is about, and goes with. */
export const ofMarket = () =>
  idColumn<MarketId>()
    .notNull()
    .references(() => markets.id, { onDelete: "cascade" });

/** The shopper whose row it is: the row goes with them. */
export const ofShopper = () =>
  idColumn<ShopperId>()
    .notNull()
    .references(() => shoppers.id, { onDelete: "cascade" });

/** Whose product it is about, at which market, on which day of it. */
export const productOnDay = () => ({
  farmId: ofFarm(),
  productId: ofProduct(),
  marketId: ofMarket(),
  marketDay: date({ mode: "string" }).notNull(),
});
