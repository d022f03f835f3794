import { createHash } from "node:crypto";
import type { HeaderReader } from "./headers.ts";

const keyPattern = /^alm_[A-Za-z0-9_-]{43}$/;

/** How many characters of a key are kept in clear, for a person to recognise it by. */
const prefixLength = 12;

export interface NewApiKey {
  /** Shown once, never stored. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

/**
 * A new key.
 *
 * @param randomBytes 32 bytes from a cryptographic source
 */
export function apiKeyFrom(randomBytes: Uint8Array): NewApiKey {
  const key = `alm_${Buffer.from(randomBytes).toString("base64url")}`;
  return { key, prefix: key.slice(0, prefixLength), hash: hashApiKey(key) };
}

/**
 * SHA-256 in hex. A key has 256 random bits, so a slow hash would add nothing.
 */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** The bearer token of a request, whatever it looks like; other schemes belong to somebody in between, such as a proxy. */
export function bearerTokenOf(headers: HeaderReader): string | undefined {
  const header = headers.get("authorization");
  if (header === null) return undefined;
  const [scheme, token] = header.trim().split(/\s+/, 2);
  return scheme?.toLowerCase() === "bearer" ? (token ?? "") : undefined;
}

export function looksLikeApiKey(token: string): boolean {
  return keyPattern.test(token);
}
