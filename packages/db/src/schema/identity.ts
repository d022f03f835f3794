import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
  bigserial,
} from "drizzle-orm/pg-core";
import type { FarmId, MarketId, ShopperId, UserId } from "@almanac/kernel";
import { farms, markets } from "./catalog.ts";
import { idColumn, moment } from "./columns.ts";

/** People who can sign in. Shape fixed by better-auth's core schema. */
export const users = pgTable("users", {
  id: idColumn<UserId>().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey(),
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text().notNull().unique(),
    expiresAt: moment().notNull(),
    ipAddress: text(),
    userAgent: text(),
    /** When the password was last asked for again, in real time; before the first time `createdAt` says it. */
    passwordAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
);

/** Ways to prove who one is: here a password hash (argon2id). Shape fixed by better-auth. */
export const accounts = pgTable(
  "accounts",
  {
    id: uuid().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    password: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
);

export const verifications = pgTable(
  "verifications",
  {
    id: uuid().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.identifier)],
);

/** Platform-wide roles. Farm and market roles hang on the farm and the market, below. */
export const roleGrants = pgTable(
  "role_grants",
  {
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text().$type<"operator" | "analyst">().notNull(),
    grantedBy: idColumn<UserId>(),
    grantedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.role] })],
);

export const farmMembers = pgTable(
  "farm_members",
  {
    farmId: idColumn<FarmId>()
      .notNull()
      .references(() => farms.id, { onDelete: "cascade" }),
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text().$type<"owner" | "staff">().notNull().default("staff"),
    addedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.farmId, table.userId] }), index().on(table.userId)],
);

export const marketManagers = pgTable(
  "market_managers",
  {
    marketId: idColumn<MarketId>()
      .notNull()
      .references(() => markets.id, { onDelete: "cascade" }),
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    addedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.marketId, table.userId] }), index().on(table.userId)],
);

/** Keys for the typed client. Only a SHA-256 of the key is kept; `prefix` is what a person recognises it by. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    prefix: text().notNull(),
    hash: text().notNull().unique(),
    scopes: text().array().notNull(),
    userId: idColumn<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: moment().notNull().defaultNow(),
    lastUsedAt: moment(),
    expiresAt: moment(),
    revokedAt: moment(),
  },
  (table) => [index().on(table.userId)],
);

/**
 * Who shops: one row for an anonymous browser, one for an account. Signing in merges the first into the second, and the
 * first then points to it by `mergedIntoId`.
 */
export const shoppers = pgTable(
  "shoppers",
  {
    id: idColumn<ShopperId>().primaryKey(),
    userId: idColumn<UserId>().references(() => users.id, { onDelete: "set null" }),
    mergedIntoId: idColumn<ShopperId>(),
    /** How many visitors were merged into this one: events that come this way are older than what was there. */
    visitorsMerged: integer().notNull().default(0),
    /** Where the row came from: "visitor", "account", "demo", "import". */
    origin: text().notNull().default("visitor"),
    trackingConsent: text().$type<"unset" | "granted" | "denied">().notNull().default("unset"),
    marketingConsent: boolean().notNull().default(false),
    personalise: boolean().notNull().default(true),
    marketId: idColumn<MarketId>().references(() => markets.id),
    latitude: doublePrecision(),
    longitude: doublePrecision(),
    createdAt: moment().notNull().defaultNow(),
    lastSeenAt: moment().notNull().defaultNow(),
    erasedAt: moment(),
  },
  (table) => [uniqueIndex().on(table.userId)],
);

/** Who did what to whom, for acts of power: roles, keys, erasures, resets. Append-only. */
export const auditLog = pgTable(
  "audit_log",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    at: moment().notNull().defaultNow(),
    actorUserId: idColumn<UserId>(),
    action: text().notNull(),
    subject: text().notNull(),
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index().on(table.at)],
);
