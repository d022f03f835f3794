import type { IncomingMessage } from "node:http";
import type { DatabaseHandle } from "@almanac/db";
import type { Identity } from "@almanac/identity";
import { isAppError, type Clock } from "@almanac/kernel";
import { toTrpcError, type Logger, type RateLimiter, type RequestContext } from "@almanac/trpc";
import { addressOf, requestIdOf, type SiteSettings } from "./http/request-facts.ts";

export interface ContextParts {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limiter: RateLimiter;
  readonly identity: Identity;
  readonly site: SiteSettings;
}

export interface OpenedContext {
  readonly context: RequestContext;
  /** Headers that the answer has to carry: cookies of a new visitor, `Retry-After`. */
  answerHeaders(): Headers;
  giveVisitorCookie(): void;
}

/**
 * The context of one request or one socket.
 *
 * @throws TRPCError UNAUTHORIZED for an API key that is none
 */
export async function openContext(
  parts: ContextParts,
  incoming: IncomingMessage,
  headers: Headers,
  transport: RequestContext["transport"],
): Promise<OpenedContext> {
  const visit = await parts.identity.openVisit(headers).catch((error: unknown) => {
    throw isAppError(error) ? toTrpcError(error) : error;
  });
  const requestId = requestIdOf(incoming);
  const responseHeaders = new Headers({ "x-request-id": requestId });
  return {
    context: {
      caller: visit.caller,
      db: parts.handle.db,
      handle: parts.handle,
      clock: parts.clock,
      log: parts.log,
      requestId,
      traceId: requestId,
      transport,
      ip: addressOf(incoming, parts.site),
      limiter: parts.limiter,
      ensureShopper: () => visit.ensureShopper(),
      responseHeaders,
    },
    answerHeaders() {
      const headersOut = new Headers(responseHeaders);
      for (const cookie of visit.setCookies) headersOut.append("set-cookie", cookie);
      return headersOut;
    },
    giveVisitorCookie: () => visit.giveVisitorCookie(),
  };
}
