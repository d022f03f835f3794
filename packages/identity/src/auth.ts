import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { accounts, sessions, users, verifications } from "@almanac/db/schema";
import type { Database } from "@almanac/db";
import { newId, type UserId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { CookieNames } from "./core/cookies.ts";
import { hashPassword, passwordLength, verifyPassword } from "./password.ts";

export const authBasePath = "/api/auth";

/** What better-auth may answer; everything else it knows (sessions as JSON, social sign-in) is closed. */
export const openAuthPaths = [
  "/sign-up/email",
  "/sign-in/email",
  "/sign-out",
  "/request-password-reset",
  "/reset-password",
  "/change-password",
] as const;

export type AuthPath = (typeof openAuthPaths)[number];

export const sessionSeconds = 30 * 24 * 60 * 60;
const resetLinkSeconds = 30 * 60;
export const resetLinkMinutes = resetLinkSeconds / 60;

export interface AuthOptions {
  readonly db: Database;
  readonly secret: string;
  readonly baseUrl: string;
  readonly names: CookieNames;
  readonly log: Logger;
  sendResetLink(person: { email: string; name: string; token: string }): Promise<void>;
  onPasswordReset(userId: UserId): Promise<void>;
  onSessionEnd(session: { id: string; userId: UserId }): Promise<void>;
}

/**
 * better-auth over our tables, for one of the two kinds of cookie names. Its own limiter, origin check and log are off:
 * `handleAuthRequest` limits and checks before it, and its log would name e-mail addresses.
 */
export function createAuth({ db, secret, baseUrl, names, log, ...on }: AuthOptions) {
  return betterAuth({
    appName: "Almanac",
    baseURL: baseUrl,
    basePath: authBasePath,
    secret,
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
      transaction: true,
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
      resetPasswordTokenExpiresIn: resetLinkSeconds,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => on.sendResetLink({ email: user.email, name: user.name, token }),
      onPasswordReset: ({ user }) => on.onPasswordReset(user.id as UserId),
    },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    // A link's token is as good as a password while it lives, so only its hash is kept.
    verification: { storeIdentifier: "hashed" },
    databaseHooks: {
      session: {
        delete: { after: (session) => on.onSessionEnd({ id: session.id, userId: session.userId as UserId }) },
      },
    },
    advanced: {
      database: { generateId: () => newId() },
      useSecureCookies: false, // its own prefix is `__Secure-`; ours is part of the name
      cookies: {
        session_token: { name: names.session, attributes: { secure: names.isSecure } },
        dont_remember: { name: `${names.session}-short`, attributes: { secure: names.isSecure } },
      },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: names.isSecure },
      disableCSRFCheck: true,
      disableOriginCheck: false, // keeps redirect targets to our own origins
      ipAddress: { ipAddressHeaders: ["x-almanac-client-ip"] },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: {
      onError(error) {
        if (error instanceof Error && !("statusCode" in error))
          log.error({ err: error }, "signing in failed on our side");
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
