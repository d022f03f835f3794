import type { ShopperId } from "@almanac/kernel";
import { isUuid } from "@almanac/kernel";
import {
  cookieNamesFor,
  deriveSecret,
  parseCookies,
  serializeCookie,
  signValue,
  siteAddressOf,
  verifySignedValue,
  type CookieNames,
  type SiteAddress,
} from "./core/cookies.ts";
import type { HeaderReader } from "./core/headers.ts";
import { isOriginAllowed } from "./core/origin.ts";

const visitorSeconds = 180 * 24 * 60 * 60;

/** What a request's cookies say, each checked by its signature. */
export interface Credentials {
  readonly sessionToken?: string;
  readonly visitorId?: ShopperId;
}

/** Reads and writes our cookies, and knows which pages are ours. Holds no state. */
export interface Site {
  readonly origin: string;
  /** What our cookies are called where this request came in. */
  cookieNames(headers: HeaderReader): CookieNames;
  readCredentials(headers: HeaderReader): Credentials;
  isOwnPage(headers: HeaderReader): boolean;
  visitorCookie(names: CookieNames, shopperId: ShopperId): string;
  noVisitorCookie(names: CookieNames): string;
}

export interface SiteOptions {
  readonly baseUrl: string;
  readonly secret: string;
  readonly trustedOrigins: readonly string[];
}

const noCredentials: Credentials = {};

export function createSite({ baseUrl, secret, trustedOrigins }: SiteOptions): Site {
  const url = new URL(baseUrl);
  const configured: SiteAddress = { protocol: url.protocol.replace(":", ""), host: url.host };
  const visitorSecret = deriveSecret(secret, "visitor");
  const trusted = [url.origin, ...trustedOrigins];
  const cookieNames = (headers: HeaderReader): CookieNames =>
    cookieNamesFor(siteAddressOf(headers, configured));
  return {
    origin: url.origin,
    cookieNames,
    readCredentials(headers) {
      const header = headers.get("cookie");
      if (header === null) return noCredentials;
      const names = cookieNames(headers);
      const cookies = parseCookies(header);
      const visitorId = verifySignedValue(cookies.get(names.visitor) ?? "", visitorSecret);
      const sessionToken = verifySignedValue(cookies.get(names.session) ?? "", secret);
      return {
        ...(sessionToken !== undefined && { sessionToken }),
        ...(visitorId && isUuid(visitorId) && { visitorId: visitorId as ShopperId }),
      };
    },
    isOwnPage: (headers) => isOriginAllowed(headers, siteAddressOf(headers, configured), trusted),
    visitorCookie: ({ visitor, isSecure }, shopperId) =>
      serializeCookie({
        name: visitor,
        value: signValue(shopperId, visitorSecret),
        maxAgeSeconds: visitorSeconds,
        isSecure,
      }),
    noVisitorCookie: ({ visitor, isSecure }) =>
      serializeCookie({ name: visitor, value: "", maxAgeSeconds: 0, isSecure }),
  };
}
