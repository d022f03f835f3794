import { apiKeys, sessions } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { Clock } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { and, inArray, isNull } from "drizzle-orm";

/** By what credentials run out: sessions in real time, also where the market's clock is set, and keys by the market's clock. */
export interface CredentialClocks {
  readonly clock: Clock;
  readonly wallClock: Clock;
}

/** The end of what was taken away. */
const longAgo = new Date(0);

/** The session or the API key that a caller came with; `undefined` for who came with neither. */
export function credentialOf({ sessionId, keyId }: Caller): string | undefined {
  return sessionId ?? keyId;
}

/**
 * When each caller's session or key ends, in their order: long ago for one that was taken away, `undefined` for one that
 * does not run out.
 */
export async function findCredentialEnds(
  db: Queryable,
  callers: readonly Caller[],
): Promise<(Date | undefined)[]> {
  const ids = [...new Set(callers.flatMap((caller) => credentialOf(caller) ?? []))];
  if (ids.length === 0) return callers.map(() => undefined);
  const found = await db
    .select({ id: apiKeys.id, endsAt: apiKeys.expiresAt })
    .from(apiKeys)
    .where(and(inArray(apiKeys.id, ids), isNull(apiKeys.revokedAt)))
    .unionAll(
      db
        .select({ id: sessions.id, endsAt: sessions.expiresAt })
        .from(sessions)
        .where(inArray(sessions.id, ids)),
    );
  const ends = new Map(found.map(({ id, endsAt }) => [id, endsAt]));
  return callers.map((caller) => {
    const id = credentialOf(caller);
    if (id === undefined) return undefined;
    const end = ends.get(id);
    return end === undefined ? longAgo : (end ?? undefined);
  });
}

/** @param end as `findCredentialEnds` answered it for this caller */
export function isOver(
  { sessionId }: Caller,
  end: Date | undefined,
  { clock, wallClock }: CredentialClocks,
): boolean {
  return end !== undefined && end <= (sessionId === undefined ? clock : wallClock).now();
}
