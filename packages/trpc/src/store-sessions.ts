import type { Queryable } from "@almanac/db";
import { sessions } from "@almanac/db/schema";
import { eq, sql } from "drizzle-orm";

/** When the password of a session was last given: at the sign-in, or again since. `undefined` for a session that ended. */
export async function findPasswordMoment(db: Queryable, sessionId: string): Promise<Date | undefined> {
  const [row] = await db
    .select({
      at: sql`greatest(${sessions.createdAt}, ${sessions.passwordAt})`.mapWith(sessions.createdAt),
    })
    .from(sessions)
    .where(eq(sessions.id, sessionId));
  return row?.at;
}
