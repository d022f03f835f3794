import { and, eq } from "drizzle-orm";
import { accounts, sessions } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { AppError } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { verifyPassword } from "./password.ts";

/**
 * Notes on the session that its person gave the password again.
 *
 * @param now real time, as sessions go by it
 * @throws AppError `password_wrong`, `sign_in_required` when there is no session, or none any more
 */
export async function confirmPassword(
  db: Queryable,
  { userId, sessionId }: Caller,
  { password, now }: { password: string; now: Date },
): Promise<void> {
  if (!userId || !sessionId) throw new AppError("sign_in_required", "Sign in to do this.");
  const [account] = await db
    .select({ hash: accounts.password })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, "credential")));
  if (!account?.hash || !(await verifyPassword(account.hash, password))) {
    throw new AppError("password_wrong", "That is not your password.", { details: { field: "password" } });
  }
  const noted = await db
    .update(sessions)
    .set({ passwordAt: now })
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)))
    .returning({ id: sessions.id });
  if (noted.length === 0) throw new AppError("sign_in_required", "This session has ended.");
}
