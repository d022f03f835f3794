import type { DatabaseHandle } from "@almanac/db";
import { newId, type Clock, type ShopperId } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { createVisitor, ensureAccountShopper } from "./shoppers.ts";
import type { CookieNames } from "./core/cookies.ts";
import type { Credentials, Site } from "./site.ts";

/** One request: who makes it, and the cookies that its answer has to set. */
export interface Visit {
  readonly caller: Caller;
  /** The caller's shopper. For a browser that never shopped, its row is written now, once per visit. */
  ensureShopper(): Promise<ShopperId>;
  /** The id of the visitor's cookie, whether or not there is a row for it; `undefined` without a cookie, and for an account. */
  visitorId(): ShopperId | undefined;
  /**
   * Gives a browser without one its visitor cookie, before there is a row for it. Called when a page is served, so that
   * the several requests which the page then makes at once are all the same visitor.
   */
  giveVisitorCookie(): void;
  /** `Set-Cookie` lines so far. */
  readonly setCookies: readonly string[];
}

export interface VisitOptions {
  readonly caller: Caller;
  readonly visitorId: Credentials["visitorId"];
  /** Of this request. */
  readonly cookieNames: () => CookieNames;
  readonly site: Site;
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Whether the cookie's id is that of a row which is no visitor any more. */
  readonly isVisitorGone: boolean;
}

export function createVisit({
  caller,
  visitorId: givenId,
  cookieNames,
  site,
  handle,
  clock,
  isVisitorGone,
}: VisitOptions): Visit {
  const setCookies: string[] = [];
  let visitorId = isVisitorGone ? undefined : givenId;
  let shopper: Promise<ShopperId> | undefined;

  const giveId = (): ShopperId => {
    if (visitorId) return visitorId;
    visitorId = newId<ShopperId>(clock.now().getTime());
    setCookies.push(site.visitorCookie(cookieNames(), visitorId));
    return visitorId;
  };

  const findOrMake = async (): Promise<ShopperId> => {
    if (caller.shopperId) return caller.shopperId;
    if (caller.userId) return ensureAccountShopper(handle.db, caller.userId, { clock });
    const id = giveId();
    await createVisitor(handle.db, id, clock);
    return id;
  };

  return {
    caller,
    setCookies,
    ensureShopper: () => (shopper ??= findOrMake()),
    visitorId: () => (caller.userId ? undefined : visitorId),
    giveVisitorCookie() {
      if (!caller.userId) giveId();
    },
  };
}
