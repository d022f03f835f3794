import { and, eq, gt, isNull, or, sql, type SQL } from "drizzle-orm";
import {
  apiKeys,
  farmMembers,
  marketManagers,
  roleGrants,
  sessions,
  shoppers,
  users,
} from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { FarmId, MarketId, ShopperId } from "@almanac/kernel";
import type { Caller, Right, Role } from "@almanac/trpc";
import { hashApiKey } from "./core/api-key.ts";

// A list as JSON, since the drivers disagree on how arrays of UUIDs and JSON values come out of a bare expression.
function jsonList<T>(query: SQL) {
  return sql`coalesce((${query}), '[]'::json)`.mapWith((value: unknown): T[] =>
    typeof value === "string" ? (JSON.parse(value) as T[]) : (value as T[]),
  );
}

const personColumns = {
  userId: users.id,
  name: users.name,
  email: users.email,
  shopperId: shoppers.id,
  roles: jsonList<Role>(
    sql`select json_agg(${roleGrants.role} order by ${roleGrants.role}) from ${roleGrants} where ${roleGrants.userId} = ${users.id}`,
  ),
  farmIds: jsonList<FarmId>(
    sql`select json_agg(${farmMembers.farmId} order by ${farmMembers.farmId}) from ${farmMembers} where ${farmMembers.userId} = ${users.id}`,
  ),
  marketIds: jsonList<MarketId>(
    sql`select json_agg(${marketManagers.marketId} order by ${marketManagers.marketId}) from ${marketManagers} where ${marketManagers.userId} = ${users.id}`,
  ),
};

/**
 * Who holds a session, with all they may do, in one query by the unique index on the token.
 *
 * @param now wall-clock time: sessions run out in real time, also where the market's clock is set
 */
export async function findCallerBySession(
  db: Queryable,
  token: string,
  now: Date,
): Promise<(Caller & { sessionId: string }) | undefined> {
  const [row] = await db
    .select({ sessionId: sessions.id, ...personColumns })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(shoppers, eq(shoppers.userId, users.id))
    .where(and(eq(sessions.token, token), gt(sessions.expiresAt, now)));
  if (!row) return undefined;
  const { shopperId, ...rest } = row;
  return { kind: "user", ...rest, ...(shopperId && { shopperId }) };
}

/** Who made an API key and what it may do at most; `undefined` for unknown, revoked and expired keys alike. */
export async function findCallerByApiKey(
  db: Queryable,
  key: string,
  now: Date,
): Promise<{ lastUsedAt: Date | null; caller: Caller & { keyId: string } } | undefined> {
  const [row] = await db
    .select({
      keyId: apiKeys.id,
      scopes: apiKeys.scopes,
      lastUsedAt: apiKeys.lastUsedAt,
      ...personColumns,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(shoppers, eq(shoppers.userId, users.id))
    .where(
      and(
        eq(apiKeys.hash, hashApiKey(key)),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    );
  if (!row) return undefined;
  const { lastUsedAt, shopperId, scopes, ...rest } = row;
  return {
    lastUsedAt,
    caller: { kind: "api-key", ...rest, scopes: scopes as Right[], ...(shopperId && { shopperId }) },
  };
}

/**
 * The visitor behind the id in a cookie: "gone" when it was merged into an account or erased, `undefined` when the
 * browser has an id but has not shopped yet.
 */
export async function findVisitor(
  db: Queryable,
  shopperId: ShopperId,
): Promise<ShopperId | "gone" | undefined> {
  const [row] = await db.select().from(shoppers).where(eq(shoppers.id, shopperId));
  if (!row) return undefined;
  return row.userId || row.mergedIntoId || row.erasedAt ? "gone" : row.id;
}
