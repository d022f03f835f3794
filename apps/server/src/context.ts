import type { IncomingMessage } from "node:http";
import type { DatabaseHandle } from "@almanac/db";
import type { HeaderReader, Identity, Visit } from "@almanac/identity";
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
  try {
    return new OpenRequest(parts, await parts.identity.openVisit(headers), incoming, transport);
  } catch (error) {
    throw isAppError(error) ? toTrpcError(error) : error;
  }
}

/**
 * No object here has a getter of its own: one in an object literal gives each object a hidden class of its own, which lives
 * until a full collection and holds the whole request with it.
 */
class OpenRequest implements OpenedContext {
  readonly context: RequestContext;
  readonly #visit: Visit;
  readonly #headers = new SetHeaders();

  constructor(
    { handle, clock, log, limiter, site }: ContextParts,
    visit: Visit,
    incoming: IncomingMessage,
    transport: RequestContext["transport"],
  ) {
    const requestId = requestIdOf(incoming);
    this.#visit = visit;
    this.context = {
      caller: visit.caller,
      db: handle.db,
      handle,
      clock,
      log,
      requestId,
      traceId: requestId,
      transport,
      ip: addressOf(incoming, site),
      limiter,
      ensureShopper: () => visit.ensureShopper(),
      visitorId: () => visit.visitorId(),
      responseHeaders: this.#headers,
    };
  }

  nodeAnswerHeaders(): Record<string, string | string[]> {
    const out: Record<string, string | string[]> = { "x-request-id": this.context.requestId };
    for (const [name, value] of this.#headers.list()) out[name] = value;
    if (this.#visit.setCookies.length > 0) out["set-cookie"] = [...this.#visit.setCookies];
    return out;
  }

  answerHeaders(): Headers {
    const out = new Headers([...this.#headers.list()]);
    out.set("x-request-id", this.context.requestId);
    for (const cookie of this.#visit.setCookies) out.append("set-cookie", cookie);
    return out;
  }

  giveVisitorCookie(): void {
    this.#visit.giveVisitorCookie();
  }
}

/** What a procedure sets on its answer; most set nothing. */
class SetHeaders {
  #given: Map<string, string> | undefined;

  set(name: string, value: string): void {
    this.#given ??= new Map();
    this.#given.set(name.toLowerCase(), value);
  }

  list(): Iterable<[string, string]> {
    return this.#given ?? [];
  }
}
