import type { Queryable } from "@almanac/db";
import { systemClock, type Clock } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { redeemTicket } from "./tickets.ts";

/** Close codes of the live socket, beside those of RFC 6455. */
export const closeCodes = {
  goingAway: 1001,
  tooBig: 1009,
  tryAgainLater: 1013,
  /** No identity that holds, or its session has ended. */
  unauthenticated: 4401,
  /** Too many bad messages, or silent for too long. */
  misbehaved: 4408,
  /** The reader stays too far behind. */
  tooSlow: 4413,
} as const;

export interface SocketRequest {
  /** Path and query, as in the request line. */
  readonly url: string;
  readonly headers: Headers;
}

export interface AdmissionOptions {
  db: Queryable;
  clock: Clock;
  /** By which sessions run out; the market's clock may be set to another year. */
  wallClock?: Clock;
  /** By session cookie, visitor cookie or API key; an anonymous caller when there is none. */
  resolveCaller: (headers: Headers) => Promise<Caller>;
  isOriginAllowed: (origin: string) => boolean;
}

export type Admission =
  | { readonly kind: "admitted"; readonly caller: Caller; readonly resumeFrom: string | undefined }
  /** Answer the upgrade with this status. */
  | { readonly kind: "refused"; readonly httpStatus: 403 }
  /** Upgrade, then close with this code, since a browser cannot see the status of a refused upgrade. */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string };

/**
 * Who may connect to `/ws/recommendations`: by single-use ticket (`?ticket=`), or by cookie from a page of ours. A user id in
 * the address proves nothing and is refused (decision D1). Browsers always send `Origin`; what sends none carries no cookie
 * that it does not own.
 */
export async function admitSocket(
  { url, headers }: SocketRequest,
  { db, clock, wallClock = systemClock, resolveCaller, isOriginAllowed }: AdmissionOptions,
): Promise<Admission> {
  const origin = headers.get("origin");
  if (origin !== null && !isOriginAllowed(origin)) return { kind: "refused", httpStatus: 403 };
  const { searchParams } = new URL(url, "http://localhost");
  const resumeFrom = searchParams.get("resumeFrom") ?? undefined;
  const ticket = searchParams.get("ticket");
  if (ticket !== null) {
    const caller = await redeemTicket(db, { clock, wallClock }, ticket);
    if (caller) return { kind: "admitted", caller, resumeFrom };
    return { kind: "closed", code: closeCodes.unauthenticated, reason: "ticket_invalid" };
  }
  if (searchParams.has("userId")) {
    return { kind: "closed", code: closeCodes.unauthenticated, reason: "sign_in_required" };
  }
  return { kind: "admitted", caller: await resolveCaller(headers), resumeFrom };
}
