import { createHmac, timingSafeEqual } from "node:crypto";
import type { HeaderReader } from "./headers.ts";

/** What is known of a request's address when its cookies are chosen. */
export interface SiteAddress {
  /** "http" or "https", as the browser sees it. */
  readonly protocol: string;
  /** Host as the browser sees it, with its port: "localhost:3000", "[::1]:3000". */
  readonly host: string;
}

export interface CookieNames {
  readonly isSecure: boolean;
  readonly session: string;
  readonly visitor: string;
}

const secureNames: CookieNames = {
  isSecure: true,
  session: "__Host-almanac-session",
  visitor: "__Host-almanac-visitor",
};
const plainNames: CookieNames = { isSecure: false, session: "almanac-session", visitor: "almanac-visitor" };

/**
 * The address under which the browser opened the site.
 *
 * `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: a page cannot set them, and a client that lies about itself
 * only picks other names for its own cookies. Without them, the configured address tells the protocol of its own host (a
 * proxy that ends TLS may say nothing) and any other host is taken for plain http.
 */
export function siteAddressOf(headers: HeaderReader, configured: SiteAddress): SiteAddress {
  const host = firstOf(headers.get("x-forwarded-host")) ?? headers.get("host") ?? configured.host;
  const fallback = host === configured.host ? configured.protocol : "http";
  return { host, protocol: firstOf(headers.get("x-forwarded-proto")) ?? fallback };
}

/**
 * Cookies carry the `__Host-` prefix (and so must be Secure) over https and on localhost, which browsers treat as a safe
 * origin. Any other host over plain http, such as 127.0.0.1 or a machine in the local network, would lose them, so there
 * they have plain names.
 */
export function cookieNamesFor({ protocol, host }: SiteAddress): CookieNames {
  return protocol === "https" || isLocalhost(host) ? secureNames : plainNames;
}

/** The cookies of a request by name; the first of two with one name wins, as browsers send the narrower one first. */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, decode(part.slice(at + 1).trim()));
  }
  return cookies;
}

export interface CookieToSet {
  readonly name: string;
  /** Empty to remove the cookie. */
  readonly value: string;
  readonly maxAgeSeconds: number;
  readonly isSecure: boolean;
}

/** A `Set-Cookie` line: HttpOnly, SameSite=Lax, for the whole host and no other. */
export function serializeCookie({ name, value, maxAgeSeconds, isSecure }: CookieToSet): string {
  const line = `${name}=${encodeURIComponent(value)}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax`;
  return isSecure ? `${line}; Secure` : line;
}

/** `value.signature` with HMAC-SHA-256 in base64, the form that better-auth gives its own cookies. */
export function signValue(value: string, secret: string): string {
  return `${value}.${signatureOf(value, secret)}`;
}

/** The value when its signature is ours, else `undefined`. Takes the same time for every wrong signature. */
export function verifySignedValue(signed: string, secret: string): string | undefined {
  const at = signed.lastIndexOf(".");
  if (at <= 0) return undefined;
  const value = signed.slice(0, at);
  const given = Buffer.from(signed.slice(at + 1));
  const expected = Buffer.from(signatureOf(value, secret));
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : undefined;
}

/** A secret for one purpose, so that a value signed for one place is worthless in another. */
export function deriveSecret(secret: string, purpose: string): string {
  return createHmac("sha256", secret).update(`almanac/${purpose}`).digest("base64");
}

function signatureOf(value: string, secret: string): string {
  return createHmac("sha256", secret).update(value).digest("base64");
}

function isLocalhost(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost");
}

function firstOf(list: string | null): string | undefined {
  const first = list?.split(",")[0]?.trim();
  return first === "" ? undefined : first;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a malformed escape is somebody else's cookie
  }
}
