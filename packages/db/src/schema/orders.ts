import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import type {
  CartId,
  FarmId,
  LotId,
  MarketId,
  OrderId,
  OrderLineId,
  OrderWindowId,
  PaymentId,
  PickupSlotId,
  ProductId,
  ReservationId,
  ShopperId,
  StallSaleId,
  SubOrderId,
  UserId,
  VariantId,
} from "@almanac/kernel";
import { ofFarm, ofShopper, ofVariant } from "./belonging.ts";
import { farms, lots, markets, orderWindows, pickupSlots, products, variants } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";
import { shoppers } from "./identity.ts";
import { stallSales } from "./stall.ts";

/** Why stock moved. Positive: harvest, restock, return, import. Negative: sale, stall_sale, waste, donation. Either: recount, weighing. */
export type StockReason =
  | "harvest"
  | "restock"
  | "sale"
  | "stall_sale"
  | "return"
  | "waste"
  | "donation"
  | "recount"
  | "weighing"
  | "import";

/** The one stock truth: append-only, base units. On hand is the sum of a product's rows. */
export const stockEntries = pgTable(
  "stock_entries",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id),
    lotId: idColumn<LotId>().references(() => lots.id),
    deltaBase: integer().notNull(),
    reason: text().$type<StockReason>().notNull(),
    orderLineId: idColumn<OrderLineId>(),
    actorUserId: idColumn<UserId>(),
    device: text(),
    note: text().notNull().default(""),
    /** Set by whoever may repeat the request; a second row with the same key is refused. */
    idempotencyKey: text().unique(),
    at: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.productId, table.seq), index().on(table.orderLineId)],
);

/**
 * The row that is locked to sell: the ledger's sum and what active reservations hold, kept in the transaction that
 * writes the entry or the reservation. A replay of the ledger must give `onHandBase`.
 */
export const stockLevels = pgTable(
  "stock_levels",
  {
    productId: idColumn<ProductId>()
      .primaryKey()
      .references(() => products.id, { onDelete: "cascade" }),
    onHandBase: integer().notNull().default(0),
    reservedBase: integer().notNull().default(0),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    check("stock_not_negative", sql`${table.onHandBase} >= 0`),
    check(
      "reserved_within_stock",
      sql`${table.reservedBase} >= 0 and ${table.reservedBase} <= ${table.onHandBase}`,
    ),
  ],
);

/** Stock promised for a while: during checkout (10 minutes), or to a placed order until it is packed and leaves as a sale. */
export const reservations = pgTable(
  "reservations",
  {
    id: idColumn<ReservationId>().primaryKey(),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id),
    shopperId: idColumn<ShopperId>().notNull(),
    checkoutId: uuid(),
    quantityBase: integer().notNull(),
    status: text().$type<"active" | "consumed" | "released" | "expired">().notNull().default("active"),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index()
      .on(table.productId)
      .where(sql`status = 'active'`),
    index()
      .on(table.expiresAt)
      .where(sql`status = 'active'`),
    index().on(table.checkoutId),
    check("reservation_positive", sql`${table.quantityBase} > 0`),
  ],
);

export const carts = pgTable(
  "carts",
  {
    id: idColumn<CartId>().primaryKey(),
    shopperId: ofShopper(),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id),
    /** Grows by one with every change, so that two devices notice each other. */
    version: integer().notNull().default(0),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [uniqueIndex().on(table.shopperId)],
);

export const cartLines = pgTable(
  "cart_lines",
  {
    cartId: idColumn<CartId>()
      .notNull()
      .references(() => carts.id, { onDelete: "cascade" }),
    variantId: ofVariant(),
    quantity: integer().notNull(),
    addedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.cartId, table.variantId] }),
    check("cart_quantity_positive", sql`${table.quantity} > 0`),
  ],
);

/** One line of a checkout, with the price that was shown. */
export interface CheckoutLine {
  variantId: VariantId;
  productId: ProductId;
  farmId: FarmId;
  productName: string;
  variantName: string;
  quantity: number;
  unitQuantityBase: number;
  unitPriceCents: number;
  unitPricePer: number;
  isWeighed: boolean;
}

/** A checkout under way: holds the place in the slot and the stock of its reservations until it expires. */
export const checkouts = pgTable(
  "checkouts",
  {
    id: uuid().primaryKey(),
    cartId: idColumn<CartId>().notNull(),
    shopperId: idColumn<ShopperId>().notNull(),
    pickupSlotId: idColumn<PickupSlotId>()
      .notNull()
      .references(() => pickupSlots.id),
    status: text().$type<"open" | "placed" | "expired" | "abandoned">().notNull().default("open"),
    /** The basket as it was priced and held: what the payment is asked for, whatever happens to the cart meanwhile. */
    lines: jsonb().$type<CheckoutLine[]>().notNull().default([]),
    startedAt: moment().notNull().defaultNow(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    index()
      .on(table.pickupSlotId)
      .where(sql`status = 'open'`),
    index().on(table.shopperId),
  ],
);

/** Where order numbers come from; see packages/orders for how they are written. */
export const orderNumbers = pgSequence("order_numbers", { startWith: 1 });

export type OrderStatus = "placed" | "ready" | "collected" | "cancelled";

export const orders = pgTable(
  "orders",
  {
    id: idColumn<OrderId>().primaryKey(),
    /** What people say aloud: "A-10234". */
    number: text().notNull().unique(),
    shopperId: idColumn<ShopperId>()
      .notNull()
      .references(() => shoppers.id),
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id),
    orderWindowId: idColumn<OrderWindowId>().references(() => orderWindows.id),
    pickupSlotId: idColumn<PickupSlotId>().references(() => pickupSlots.id),
    status: text().$type<OrderStatus>().notNull().default("placed"),
    subtotalCents: integer().notNull(),
    totalCents: integer().notNull(),
    /** What the card is held for: weighed lines x 1.15, rounded up per order, plus the rest. */
    holdCents: integer().notNull(),
    idempotencyKey: text().notNull(),
    /** Hash of what was asked with the key, so that a reused key with another basket is noticed. */
    requestHash: text().notNull(),
    contactName: text().notNull().default(""),
    /** Grows by one with every change, so that a change prepared on an older state is noticed. */
    version: integer().notNull().default(0),
    source: text().$type<"web" | "stall" | "demo" | "import">().notNull().default("web"),
    placedAt: moment().notNull(),
    updatedAt: moment().notNull(),
    collectedAt: moment(),
    cancelledAt: moment(),
    /** The time on the receipt, where an import moved the order to another week. */
    originalPlacedAt: moment(),
  },
  (table) => [
    uniqueIndex().on(table.shopperId, table.idempotencyKey),
    index().on(table.shopperId, table.placedAt),
    index().on(table.pickupSlotId),
    index().on(table.orderWindowId),
    index().on(table.placedAt),
  ],
);

/** One farm's part of an order. */
export const subOrders = pgTable(
  "sub_orders",
  {
    id: idColumn<SubOrderId>().primaryKey(),
    orderId: idColumn<OrderId>()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id),
    status: text().$type<OrderStatus>().notNull().default("placed"),
    subtotalCents: integer().notNull(),
    feeCents: integer().notNull(),
    collectedAt: moment(),
  },
  (table) => [uniqueIndex().on(table.orderId, table.farmId), index().on(table.farmId)],
);

export const orderLines = pgTable(
  "order_lines",
  {
    id: idColumn<OrderLineId>().primaryKey(),
    orderId: idColumn<OrderId>()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    subOrderId: idColumn<SubOrderId>()
      .notNull()
      .references(() => subOrders.id, { onDelete: "cascade" }),
    productId: idColumn<ProductId>()
      .notNull()
      .references(() => products.id),
    variantId: idColumn<VariantId>()
      .notNull()
      .references(() => variants.id),
    productName: text().notNull(),
    variantName: text().notNull(),
    quantity: integer().notNull(),
    /** Base units asked for; `weighedBase` replaces it when the scale has spoken. */
    quantityBase: integer().notNull(),
    weighedBase: integer(),
    unitPriceCents: integer().notNull(),
    unitPricePer: integer().notNull(),
    isWeighed: boolean().notNull().default(false),
    discountCents: integer().notNull().default(0),
    /** The estimate until weighed, then the price of what was weighed. */
    totalCents: integer().notNull(),
  },
  (table) => [
    // What was bought for how much is read by this index alone: lines of one shopper lie all over the table.
    index("order_lines_bought").on(table.orderId, table.productId, table.unitPriceCents, table.unitPricePer),
    index().on(table.subOrderId),
    index().on(table.productId),
    uniqueIndex().on(table.orderId, table.variantId),
  ],
);

export const payments = pgTable(
  "payments",
  {
    id: idColumn<PaymentId>().primaryKey(),
    /** Set when the order is placed: until then a payment belongs to its checkout alone. */
    orderId: idColumn<OrderId>().references(() => orders.id, { onDelete: "cascade" }),
    checkoutId: uuid(),
    provider: text().notNull(),
    providerReference: text().notNull().default(""),
    status: text()
      .$type<"pending" | "authorised" | "captured" | "released" | "declined">()
      .notNull()
      .default("pending"),
    authorisedCents: integer().notNull(),
    capturedCents: integer().notNull().default(0),
    idempotencyKey: text().notNull().unique(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index().on(table.orderId),
    index().on(table.checkoutId),
    index()
      .on(table.createdAt)
      .where(sql`status in ('pending', 'authorised')`),
  ],
);

/** The local card provider's own books. It plays the outside world: only the simulator reads and writes them. */
export const simulatedCharges = pgTable("simulated_charges", {
  idempotencyKey: text().primaryKey(),
  reference: text().notNull().unique(),
  status: text().$type<"authorised" | "captured" | "released" | "declined">().notNull(),
  authorisedCents: integer().notNull(),
  capturedCents: integer().notNull().default(0),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

export type OrderEventKind =
  | "placed"
  | "line_changed"
  | "slot_changed"
  | "weighed"
  | "ready"
  | "collected"
  | "collection_undone"
  | "cancelled"
  | "paid";

/** What happened to an order, for its timeline. Append-only. */
export const orderEvents = pgTable(
  "order_events",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    orderId: idColumn<OrderId>()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    kind: text().$type<OrderEventKind>().notNull(),
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    at: moment().notNull(),
  },
  (table) => [index().on(table.orderId, table.seq)],
);

/**
 * The money ledger, double entry in cents. The rows of one `transactionId` sum to zero, so does every order and every
 * sale at a stall; a row belongs to one of the two.
 * Accounts: "shopper" (owes), "farm" (is owed), "market" (fees), "provider" (money received), "payout".
 */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    transactionId: uuid().notNull(),
    orderId: idColumn<OrderId>().references(() => orders.id),
    stallSaleId: idColumn<StallSaleId>().references(() => stallSales.id),
    farmId: idColumn<FarmId>(),
    account: text().$type<"shopper" | "farm" | "market" | "provider" | "payout">().notNull(),
    kind: text().$type<"sale" | "fee" | "payment" | "refund" | "payout">().notNull(),
    amountCents: integer().notNull(),
    at: moment().notNull(),
  },
  (table) => [
    index().on(table.orderId),
    index().on(table.stallSaleId),
    index().on(table.transactionId),
    index().on(table.farmId, table.at),
    check("ledger_of_one_sale", sql`num_nonnulls(${table.orderId}, ${table.stallSaleId}) = 1`),
  ],
);

/** Ratings by buyers: of a product (`productId` set) or of a farm. */
export const ratings = pgTable(
  "ratings",
  {
    id: uuid().primaryKey(),
    shopperId: ofShopper(),
    farmId: ofFarm(),
    productId: idColumn<ProductId>().references(() => products.id, { onDelete: "cascade" }),
    stars: integer().notNull(),
    body: text().notNull().default(""),
    ratedAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex("ratings_one_per_product")
      .on(table.shopperId, table.productId)
      .where(sql`product_id is not null`),
    uniqueIndex("ratings_one_per_farm")
      .on(table.shopperId, table.farmId)
      .where(sql`product_id is null`),
    index().on(table.productId),
    check("stars_one_to_five", sql`${table.stars} between 1 and 5`),
  ],
);
