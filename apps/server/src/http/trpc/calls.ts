import type { IncomingMessage } from "node:http";
import type { AnyProcedure, AnyRouter } from "@trpc/server";

/** A call that the thin way can make: a procedure that is there, asked for as its kind is asked for. */
export interface PlannedCall {
  readonly path: string;
  readonly procedure: AnyProcedure;
}

export interface CallPlan {
  readonly calls: readonly PlannedCall[];
  readonly isBatch: boolean;
  readonly type: "query" | "mutation" | "subscription";
  readonly search: QueryReader;
}

/** What an address says behind its question mark, one name at a time. */
export interface QueryReader {
  /** The first value of a name. */
  get(name: string): string | null;
}

/** Finds what is asked for; to take all of it apart costs more than the one or two values that a call has. */
export function readQuery(query: string): QueryReader {
  return {
    get(name) {
      for (let at = 0; at < query.length;) {
        const next = query.indexOf("&", at);
        const end = next === -1 ? query.length : next;
        if (query.startsWith(name, at) && (query[at + name.length] === "=" || at + name.length === end))
          return decodeValue(query.slice(at + name.length + 1, end));
        at = end + 1;
      }
      return null;
    },
  };
}

function decodeValue(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Half an escape: read as URLs are read, which keeps what cannot be decoded.
    return new URLSearchParams(`value=${text}`).get("value") ?? "";
  }
}

const maxBatchSize = 30;
const prefix = "/trpc/";

/**
 * What a request asks for.
 *
 * @returns `undefined` for all that is unusual or wrong (a path that is none, a form, a streamed batch, a wrong method):
 *   tRPC's own adapter answers those, in its own words
 */
export function planCalls(incoming: IncomingMessage, router: AnyRouter): CallPlan | undefined {
  const { method, url = "", headers } = incoming;
  if (method !== "GET" && method !== "POST") return undefined;
  if (method === "POST" && !headers["content-type"]?.startsWith("application/json")) return undefined;
  if (method === "GET" && headers["content-type"] !== undefined && !isJson(headers["content-type"]))
    return undefined;
  if (headers["trpc-accept"] !== undefined) return undefined;
  const queryAt = url.indexOf("?");
  const pathname = queryAt === -1 ? url : url.slice(0, queryAt);
  if (!pathname.startsWith(prefix) || pathname.includes("%")) return undefined;
  const search = readQuery(queryAt === -1 ? "" : url.slice(queryAt + 1));
  const isBatch = search.get("batch") === "1";
  const names = pathname.slice(prefix.length);
  const paths = isBatch ? names.split(",") : [names];
  if (paths.length > maxBatchSize) return undefined;
  const procedures: Readonly<Record<string, AnyProcedure | undefined>> = router._def.procedures;
  const calls: PlannedCall[] = [];
  for (const path of paths) {
    const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
    if (typeof procedure !== "function") return undefined;
    calls.push({ path, procedure });
  }
  const type = calls[0]?.procedure._def.type;
  if (type === undefined || calls.some(({ procedure }) => procedure._def.type !== type)) return undefined;
  if ((method === "POST") !== (type === "mutation")) return undefined;
  if (type === "subscription" && (isBatch || search.get("connectionParams") !== null)) return undefined;
  return { calls, isBatch, type, search };
}

const isJson = (contentType: string): boolean => contentType.startsWith("application/json");

/**
 * The inputs of the calls, in order, from the address or the body.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function inputsOf({ calls, isBatch }: CallPlan, text: string | null): unknown[] | undefined {
  const parsed: unknown = text === null || text === "" ? undefined : JSON.parse(text);
  if (!isBatch) return [parsed];
  if (parsed === undefined) return calls.map(() => undefined);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const byIndex = parsed as Readonly<Record<string, unknown>>;
  return calls.map((_, index) => (Object.hasOwn(byIndex, index) ? byIndex[index] : undefined));
}

/** A subscription is resumed by header (browsers), or by address. */
export function withLastEventId(
  input: unknown,
  headers: IncomingMessage["headers"],
  search: QueryReader,
): unknown {
  const header = headers["last-event-id"];
  const lastEventId =
    (typeof header === "string" ? header : undefined) ??
    search.get("lastEventId") ??
    search.get("Last-Event-Id");
  if (!lastEventId) return input;
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return { ...input, lastEventId };
  return input ?? { lastEventId };
}
