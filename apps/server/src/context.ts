import type { IncomingMessage } from "node:http";
import type { DatabaseHandle } from "@almanac/db";
import type { HeaderReader, Identity } from "@almanac/identity";
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
  /** The same as Node writes them. */
  nodeAnswerHeaders(): Record<string, string | string[]>;
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
  headers: HeaderReader,
  transport: RequestContext["transport"],
): Promise<OpenedContext> {
  const visit = await parts.identity.openVisit(headers).catch((error: unknown) => {
    throw isAppError(error) ? toTrpcError(error) : error;
  });
  const requestId = requestIdOf(incoming);
  // Made when a procedure sets one, which is rare.
  let responseHeaders: Headers | undefined;
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
      get responseHeaders() {
        return (responseHeaders ??= new Headers());
      },
    },
    nodeAnswerHeaders() {
      const out: Record<string, string | string[]> = { "x-request-id": requestId };
      if (responseHeaders) for (const [name, value] of responseHeaders) out[name] = value;
      if (visit.setCookies.length > 0) out["set-cookie"] = [...visit.setCookies];
      return out;
    },
    answerHeaders() {
      const headersOut = new Headers(responseHeaders);
      headersOut.set("x-request-id", requestId);
      for (const cookie of visit.setCookies) headersOut.append("set-cookie", cookie);
      return headersOut;
    },
    giveVisitorCookie: () => visit.giveVisitorCookie(),
  };
}
