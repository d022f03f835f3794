import type { DatabaseHandle } from "@almanac/db";
import { publishFact, wakeRelay, type Bus } from "@almanac/events";
import { AppError, invariant, minutes, systemClock, type Clock } from "@almanac/kernel";
import { anonymousCaller, type Caller, type Logger, type RateLimiter } from "@almanac/trpc";
import type { SendAccountMessage } from "./account-message.ts";
import { isDemoEmail } from "./accounts.ts";
import { touchApiKey } from "./api-keys.ts";
import { writeAudit } from "./audit.ts";
import { createAuth, resetLinkMinutes, type Auth } from "./auth.ts";
import { findCallerByApiKey, findCallerBySession, findVisitor } from "./callers.ts";
import { bearerTokenOf, looksLikeApiKey } from "./core/api-key.ts";
import { headersOf, type HeaderReader } from "./core/headers.ts";
import { cookieNamesFor, type CookieNames } from "./core/cookies.ts";
import { historyMergeStep, type MergeStep } from "./merge.ts";
import { createAuthHandler, type AuthRequestHandler } from "./sign-in.ts";
import { createSite } from "./site.ts";
import { createVisit, type Visit } from "./visit.ts";

export interface IdentityOptions {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Signs cookies; at least 32 characters. Changing it signs everybody out. */
  readonly secret: string;
  /** Where the site is found, "https://shop.example"; links in mails start with it. */
  readonly baseUrl: string;
  readonly sendMail: SendAccountMessage;
  readonly log: Logger;
  readonly limiter: RateLimiter;
  /** Whether accounts at demo.example may sign in, or keep the sessions and keys they have: false in production. */
  readonly allowDemoSignIn: boolean;
  /** Further origins whose pages may call us. */
  readonly trustedOrigins?: readonly string[];
  /** What each package does when a visitor turns out to be an account, in this order. */
  readonly mergeSteps?: readonly MergeStep[];
  /** Woken after a sign-in, so that the other devices of the account hear of it at once. */
  readonly bus?: Bus;
  /** By which sessions run out; the market's clock may be set to another year. */
  readonly wallClock?: Clock;
}

export interface Identity {
  /** Answers `/api/auth/*`. `ip` is the caller's address as the server sees it. */
  readonly handleAuthRequest: AuthRequestHandler;
  /**
   * Who is asking, by API key, session cookie or visitor cookie. One query, nothing cached: what was revoked is refused
   * at once.
   *
   * @throws AppError `api_key_invalid` for a bearer token that is no live key
   */
  resolveCaller(from: Request | HeaderReader): Promise<Caller>;
  /** The same, with what is needed to write the visitor's row and cookie later on. */
  openVisit(from: Request | HeaderReader): Promise<Visit>;
  /** Whether a request that changes something, or opens a socket, comes from a page of ours or from no page at all. */
  isOriginAllowed(from: Request | HeaderReader): boolean;
}

/** Signing in, sessions, visitors and keys over one database. */
export function createIdentity(options: IdentityOptions): Identity {
  const { handle, clock, secret, baseUrl, wallClock = systemClock, trustedOrigins = [] } = options;
  invariant(secret.length >= 32, "the secret that signs cookies needs at least 32 characters");
  const site = createSite({ baseUrl, secret, trustedOrigins });
  const authFor = bothKindsOfAuth(options, site.origin);
  const mergeSteps = [historyMergeStep, ...(options.mergeSteps ?? [])];

  const isBarred = ({ email = "" }: Caller): boolean => !options.allowDemoSignIn && isDemoEmail(email);

  const callerOfKey = async (key: string): Promise<Caller> => {
    const found = looksLikeApiKey(key) ? await findCallerByApiKey(handle.db, key, clock.now()) : undefined;
    if (!found || isBarred(found.caller))
      throw new AppError("api_key_invalid", "This API key is not known, or was revoked.");
    const { lastUsedAt, caller } = found;
    const isNoted = lastUsedAt && clock.now().getTime() - lastUsedAt.getTime() < minutes(1);
    if (!isNoted) await touchApiKey(handle.db, caller.keyId, clock);
    return caller;
  };

  const openVisit = async (from: Request | HeaderReader): Promise<Visit> => {
    const headers = headersOf(from);
    const { sessionToken, visitorId } = site.readCredentials(headers);
    const cookieNames = (): CookieNames => site.cookieNames(headers);
    const shared = { visitorId, cookieNames, site, handle, clock, isVisitorGone: false };
    const key = bearerTokenOf(headers);
    if (key !== undefined) return createVisit({ ...shared, caller: await callerOfKey(key) });
    const person = sessionToken && (await findCallerBySession(handle.db, sessionToken, wallClock.now()));
    if (person && !isBarred(person)) return createVisit({ ...shared, caller: person });
    const visitor = visitorId && (await findVisitor(handle.db, visitorId));
    if (visitor === "gone") return createVisit({ ...shared, caller: anonymousCaller, isVisitorGone: true });
    return createVisit({
      ...shared,
      caller: visitor ? { ...anonymousCaller, shopperId: visitor } : anonymousCaller,
    });
  };

  return {
    handleAuthRequest: createAuthHandler({ ...options, site, authFor, mergeSteps }),
    openVisit,
    resolveCaller: async (from) => (await openVisit(from)).caller,
    isOriginAllowed: (from) => site.isOwnPage(headersOf(from)),
  };
}

/** better-auth fixes its cookie names when it is made, so there is one for each kind. */
function bothKindsOfAuth(
  { handle, clock, secret, baseUrl, log, sendMail, bus }: IdentityOptions,
  origin: string,
): (names: CookieNames) => Auth {
  const make = (names: CookieNames): Auth =>
    createAuth({
      db: handle.db,
      secret,
      baseUrl,
      names,
      log,
      sendResetLink: ({ email, name, token }) =>
        sendMail({
          kind: "password-reset",
          to: email,
          name,
          link: `${origin}/reset-password?token=${encodeURIComponent(token)}`,
          validMinutes: resetLinkMinutes,
        }),
      onPasswordReset: (userId) =>
        writeAudit(handle.db, {
          at: clock.now(),
          actorUserId: userId,
          action: "password.reset",
          subject: userId,
        }),
      async onSessionEnd({ id, userId }) {
        await publishFact(handle.db, { topic: "session.revoked", payload: { userId, sessionId: id } });
        if (bus) await wakeRelay(bus);
      },
    });
  const secure = make(cookieNamesFor({ protocol: "https", host: "" }));
  const plain = make(cookieNamesFor({ protocol: "http", host: "" }));
  return (names) => (names.isSecure ? secure : plain);
}
