import type { Database, DatabaseHandle } from "@almanac/db";
import type { Clock, ShopperId } from "@almanac/kernel";
import type { RateLimiter } from "./limits.ts";
import type { Caller } from "./rights.ts";

/** The part of a structured logger that the packages use. Facts first, then one sentence. */
export interface Logger {
  debug(facts: Record<string, unknown>, message: string): void;
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What every procedure is given. */
export interface RequestContext {
  readonly caller: Caller;
  readonly db: Database;
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** Real time, by which passwords and sessions age; the system's unless a test sets another. */
  readonly wallClock?: Clock;
  readonly log: Logger;
  readonly requestId: string;
  readonly traceId: string;
  readonly transport: "http" | "ws" | "in-process";
  readonly ip: string;
  readonly limiter: RateLimiter;
  /** The caller's shopper; makes the row (and the visitor's cookie) the first time an anonymous browser needs one. */
  ensureShopper(): Promise<ShopperId>;
  /** The id in an anonymous browser's cookie, which `ensureShopper` would answer; nothing is written for it. */
  visitorId?(): ShopperId | undefined;
  /** For answers that want a header, such as `Retry-After`. Absent where there are none (WebSocket, in process). */
  readonly responseHeaders?: Pick<Headers, "set">;
}
