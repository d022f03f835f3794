import { eq } from "drizzle-orm";
import { sessions, users } from "@almanac/db/schema";
import { retryTransaction, type DatabaseHandle, type Transaction } from "@almanac/db";
import { publishFact, wakeRelay, type Bus } from "@almanac/events";
import { AppError, isAppError, type Clock, type UserId } from "@almanac/kernel";
import { categoryTable, type Logger, type RateLimiter } from "@almanac/trpc";
import { isDemoEmail } from "./accounts.ts";
import { authBasePath, openAuthPaths, type Auth, type AuthPath } from "./auth.ts";
import type { CookieNames } from "./core/cookies.ts";
import { mergeVisitor, type MergeStep } from "./merge.ts";
import { ensureAccountShopper } from "./shoppers.ts";
import type { Credentials, Site } from "./site.ts";

const maxBodyBytes = 16_384;

export interface SignInOptions {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly site: Site;
  readonly log: Logger;
  readonly limiter: RateLimiter;
  readonly allowDemoSignIn: boolean;
  readonly mergeSteps: readonly MergeStep[];
  readonly bus?: Bus;
  authFor(names: CookieNames): Auth;
}

export type AuthRequestHandler = (request: Request, from: { ip: string }) => Promise<Response>;

/**
 * Answers `/api/auth/*`: checks the origin, limits, lets better-auth do the signing in, then joins the visitor to the
 * account. The session's token leaves only in its HttpOnly cookie, never in the answer's body.
 */
export function createAuthHandler(options: SignInOptions): AuthRequestHandler {
  return async (request, { ip }) => {
    try {
      return await answer(request, ip, options);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return refusalResponse(error);
    }
  };
}

async function answer(request: Request, ip: string, options: SignInOptions): Promise<Response> {
  const { site, limiter, allowDemoSignIn } = options;
  const path = openPathOf(request);
  if (!path) throw new AppError("not_found", "There is nothing at this address.");
  if (!site.isOwnPage(request.headers)) {
    throw new AppError("origin_not_allowed", "This has to be sent from a page of this site.");
  }
  const body = await readBody(request);
  const email = emailIn(body, request.headers.get("content-type"));
  await limit(limiter, `${ip}:${email ?? ""}`);
  if (email && isDemoEmail(email) && !allowDemoSignIn) {
    throw new AppError("demo_accounts_off", "Demo accounts are switched off here.");
  }
  const credentials = site.readCredentials(request.headers);
  const names = site.cookieNames(request.headers);
  const headers = new Headers(request.headers);
  headers.set("x-almanac-client-ip", ip);
  const forwarded = new Request(site.origin + authBasePath + path, {
    method: "POST",
    headers,
    ...(body !== "" && { body }),
  });
  const response = await options.authFor(names).handler(forwarded);
  if (path === "/sign-up/email" && response.status === 422) return refusedSignUp(response, email, options);
  const isSignIn = path === "/sign-in/email" || path === "/sign-up/email";
  return isSignIn && response.ok ? welcome(response, { ...credentials, names }, options) : response;
}

/**
 * Who signs up with an address at the same moment as another is told what they would be told a moment later; better-auth only says
 * that it failed.
 *
 * @throws AppError `database_unavailable` when it failed for another reason
 */
async function refusedSignUp(
  response: Response,
  email: string | undefined,
  { handle }: SignInOptions,
): Promise<Response> {
  const { code } = (await response.clone().json()) as { code?: string };
  if (code !== "FAILED_TO_CREATE_USER") return response;
  const isTaken = email !== undefined && (await handle.db.$count(users, eq(users.email, email))) > 0;
  if (!isTaken)
    throw new AppError("database_unavailable", "The account could not be made just now; try again.");
  const taken = {
    code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    message: "User already exists. Use another email.",
  };
  return Response.json(taken, { status: 422 });
}

/** The answer to a successful sign-in, after the visitor was joined to the account. */
async function welcome(
  response: Response,
  credentials: Credentials & { names: CookieNames },
  options: SignInOptions,
): Promise<Response> {
  const { handle, site, log, bus } = options;
  const answered = (await response.json()) as { token?: string; user: { id: UserId } };
  delete answered.token;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  try {
    await retryTransaction(handle, (tx) => join(tx, answered.user.id, credentials, options));
    if (credentials.visitorId) headers.append("set-cookie", site.noVisitorCookie(credentials.names));
    if (bus) await wakeRelay(bus);
  } catch (error) {
    // The password was right, so the person gets in; the visitor's cookie stays and the next sign-in tries again.
    log.error({ err: error, userId: answered.user.id }, "joining a visitor to an account failed");
  }
  return Response.json(answered, { status: response.status, headers });
}

async function join(
  tx: Transaction,
  userId: UserId,
  { visitorId, sessionToken }: Credentials,
  { clock, mergeSteps }: SignInOptions,
): Promise<void> {
  const shopperId = await ensureAccountShopper(tx, userId, { clock });
  if (visitorId) {
    await mergeVisitor(tx, visitorId, shopperId, { clock, steps: mergeSteps });
    // Also without a row to merge: an open connection would write one.
    await publishFact(tx, { topic: "session.revoked", payload: { visitorId } });
  }
  if (!sessionToken) return;
  // Whoever was signed in here before is signed out.
  const ended = await tx.delete(sessions).where(eq(sessions.token, sessionToken)).returning();
  for (const session of ended) {
    const payload = { userId: session.userId, sessionId: session.id };
    await publishFact(tx, { topic: "session.revoked", payload });
  }
}

function openPathOf(request: Request): AuthPath | undefined {
  const { pathname } = new URL(request.url);
  if (request.method !== "POST" || !pathname.startsWith(authBasePath)) return undefined;
  const path = pathname.slice(authBasePath.length);
  return openAuthPaths.find((open) => open === path);
}

async function readBody(request: Request): Promise<string> {
  const body = await request.text();
  if (body.length > maxBodyBytes) throw new AppError("input_invalid", "The request is too large.");
  return body;
}

function emailIn(body: string, contentType: string | null): string | undefined {
  const email = contentType?.includes("x-www-form-urlencoded")
    ? new URLSearchParams(body).get("email")
    : emailInJson(body);
  return typeof email === "string" ? email.trim().toLowerCase().slice(0, 320) : undefined;
}

function emailInJson(body: string): unknown {
  if (body.trim() === "") return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && "email" in parsed ? parsed.email : undefined;
  } catch (error) {
    throw new AppError("input_invalid", "The request is not valid JSON.", { cause: error });
  }
}

async function limit(limiter: RateLimiter, key: string): Promise<void> {
  const retryAfterMs = await limiter.take("auth", key);
  if (retryAfterMs === undefined) return;
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
  throw new AppError("too_many_requests", `Too many attempts; try again in ${retryAfterSeconds} s.`, {
    details: { retryAfterSeconds },
  });
}

function refusalResponse(error: AppError): Response {
  const { http } = categoryTable[error.category];
  const retryAfter = error.details["retryAfterSeconds"];
  return Response.json(
    { code: error.code, message: error.message, details: error.details },
    { status: http, headers: typeof retryAfter === "number" ? { "retry-after": `${retryAfter}` } : {} },
  );
}
