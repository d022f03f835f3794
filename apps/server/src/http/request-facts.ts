import type { IncomingMessage } from "node:http";
import { newId } from "@almanac/kernel";

export interface SiteSettings {
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
}

/** Scheme and host under which the browser reached us, "http://localhost:3000". */
export function originOf(incoming: IncomingMessage, { publicUrl, trustProxy }: SiteSettings): string {
  if (publicUrl) return new URL(publicUrl).origin;
  const forwardedHost = trustProxy ? firstOf(incoming.headers["x-forwarded-host"]) : undefined;
  const forwardedProtocol = trustProxy ? firstOf(incoming.headers["x-forwarded-proto"]) : undefined;
  const host = forwardedHost ?? incoming.headers.host ?? "localhost";
  const origin = `${forwardedProtocol === "https" ? "https" : "http"}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : "http://localhost";
}

/**
 * What a request asks for, at our own address: a path that begins with two slashes names no other host, and neither does one
 * that was sent with a host in front, as to a proxy.
 */
export function urlOf(incoming: Pick<IncomingMessage, "url">, origin: string): URL {
  const target = incoming.url ?? "/";
  if (target.startsWith("/")) return new URL(origin + target);
  const { pathname, search } = URL.canParse(target) ? new URL(target) : { pathname: "/", search: "" };
  return new URL(origin + pathname + search);
}

/** The caller's address: the proxy's word for it only where the proxy is trusted. */
export function addressOf(incoming: IncomingMessage, { trustProxy }: SiteSettings): string {
  const forwarded = trustProxy ? firstOf(incoming.headers["x-forwarded-for"]) : undefined;
  return forwarded ?? incoming.socket.remoteAddress ?? "unknown";
}

const requestIdPattern = /^[A-Za-z0-9_-]{8,64}$/;

/** The proxy's request id when it sent a sane one, else one that no other request of any process has. */
export function requestIdOf(incoming: IncomingMessage): string {
  const given = firstOf(incoming.headers["x-request-id"]);
  return given && requestIdPattern.test(given) ? given : `${processName}-${(++requestCount).toString(36)}`;
}

/** Unlike that of any other process; with a count behind it, a name for a request that costs next to nothing. */
const processName = newId().slice(-12);
let requestCount = 0;

function firstOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(",")[0]?.trim() || undefined;
}
