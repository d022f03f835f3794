import { and, desc, eq, isNull, lt, or } from "drizzle-orm";
import { apiKeys } from "@almanac/db/schema";
import type { Queryable, Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, minutes, newId, type Clock, type UserId } from "@almanac/kernel";
import type { Right } from "@almanac/trpc";
import { writeAudit } from "./audit.ts";
import { apiKeyFrom } from "./core/api-key.ts";

export interface ApiKeyListing {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: Right[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly userId: UserId;
}

/** At most this many keys of one person work at a time. */
export const maxLiveKeys = 50;

/**
 * Writes a key's hash and answers the key: the only time anybody can read it.
 *
 * @param randomBytes 32 bytes from a cryptographic source
 */
export async function createApiKey(
  tx: Transaction,
  input: { userId: UserId; name: string; scopes: readonly Right[]; expiresAt?: Date },
  { clock, randomBytes }: { clock: Clock; randomBytes: Uint8Array },
): Promise<{ id: string; key: string; prefix: string; scopes: Right[] }> {
  const at = clock.now();
  const live = await tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, input.userId), isNull(apiKeys.revokedAt)));
  if (live.length >= maxLiveKeys) {
    throw new AppError("input_invalid", "Revoke a key before making another.", { details: { maxLiveKeys } });
  }
  const { key, prefix, hash } = apiKeyFrom(randomBytes);
  const id = newId(at.getTime());
  const scopes = [...new Set(input.scopes)];
  await tx.insert(apiKeys).values({
    id,
    name: input.name,
    prefix,
    hash,
    scopes,
    userId: input.userId,
    createdAt: at,
    expiresAt: input.expiresAt ?? null,
  });
  await writeAudit(tx, {
    at,
    actorUserId: input.userId,
    action: "api_key.created",
    subject: id,
    details: { prefix, scopes },
  });
  return { id, key, prefix, scopes };
}

/** Newest first, revoked ones too; at most 200. */
export async function listApiKeys(db: Queryable, ownerId?: UserId): Promise<ApiKeyListing[]> {
  const rows = await db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      userId: apiKeys.userId,
    })
    .from(apiKeys)
    .where(ownerId ? eq(apiKeys.userId, ownerId) : undefined)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(200);
  return rows.map((row) => ({ ...row, scopes: row.scopes as Right[] }));
}

/**
 * Stops a key at once: nothing is cached, and the connections that it opened end.
 *
 * @param ownerId whose key it must be; absent for operators, who may stop anybody's
 * @throws AppError `api_key_not_found`, also for somebody else's key
 */
export async function revokeApiKey(
  tx: Transaction,
  { id, ownerId }: { id: string; ownerId?: UserId },
  { actorUserId, clock }: { actorUserId: UserId; clock: Clock },
): Promise<void> {
  const at = clock.now();
  const [key] = await tx
    .select({ revokedAt: apiKeys.revokedAt, prefix: apiKeys.prefix, userId: apiKeys.userId })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), ownerId ? eq(apiKeys.userId, ownerId) : undefined))
    .for("update");
  if (!key) throw new AppError("api_key_not_found", "There is no such key.");
  if (key.revokedAt) return;
  await tx.update(apiKeys).set({ revokedAt: at }).where(eq(apiKeys.id, id));
  await publishFact(tx, { topic: "session.revoked", payload: { userId: key.userId, keyId: id } });
  await writeAudit(tx, {
    at,
    actorUserId,
    action: "api_key.revoked",
    subject: id,
    details: { prefix: key.prefix },
  });
}

/** Notes the use of a key, at most once a minute. */
export async function touchApiKey(db: Queryable, id: string, clock: Clock): Promise<void> {
  const now = clock.now();
  const aMinuteAgo = new Date(now.getTime() - minutes(1));
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, aMinuteAgo))));
}
