import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { ofFarm, ofProduct, ofShopper } from "./belonging.ts";
import { moment } from "./columns.ts";

export const wishes = pgTable(
  "wishes",
  {
    shopperId: ofShopper(),
    productId: ofProduct(),
    addedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.shopperId, table.productId] }), index().on(table.productId)],
);

export const farmFollows = pgTable(
  "farm_follows",
  {
    shopperId: ofShopper(),
    farmId: ofFarm(),
    followedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.shopperId, table.farmId] }), index().on(table.farmId)],
);

/** "Tell me when it is back": in stock or in season. */
export const stockSubscriptions = pgTable(
  "stock_subscriptions",
  {
    shopperId: ofShopper(),
    productId: ofProduct(),
    kind: text().$type<"BACK_IN_STOCK" | "BACK_IN_SEASON">().notNull(),
    subscribedAt: moment().notNull().defaultNow(),
    notifiedAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.shopperId, table.productId, table.kind] }),
    index().on(table.productId),
  ],
);
