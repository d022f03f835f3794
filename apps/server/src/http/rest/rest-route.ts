import type { IncomingMessage, ServerResponse } from "node:http";
import type { InProcessApi } from "@almanac/api-router";
import { AppError, newId } from "@almanac/kernel";
import {
  anonymousCaller,
  assertSound,
  categoryTable,
  findAppError,
  inputIssues,
  loggableError,
  publicMessageOf,
  wireErrorOf,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import { TRPCError } from "@trpc/server";
import { z, ZodError } from "zod";
import { openContext, type ContextParts, type OpenedContext } from "../../context.ts";
import { isKnownTag } from "../entity-tags.ts";
import { originOf } from "../request-facts.ts";
import { commonHeaders } from "../security-headers.ts";
import { BodyTooLargeError, sendWebResponse, toWebRequest } from "../web-bridge.ts";

export interface RestDeps {
  readonly parts: ContextParts;
  readonly createApi: (context: RequestContext) => InProcessApi;
}

/** One request to a REST address. */
export interface RestCall {
  readonly request: Request;
  readonly url: URL;
  readonly caller: Caller;
  /** The router as the person who asks. */
  readonly api: InProcessApi;
  /** The router as nobody in particular, for answers that shared caches keep. */
  readonly publicApi: InProcessApi;
  /** By the platform's clock. */
  readonly now: () => Date;
}

export interface RestAnswer {
  readonly status?: number;
  /** Nothing for a status that has no body. */
  readonly data?: unknown;
  /** For lists: how many there are in it. */
  readonly count?: number;
  /** Further facts for `meta`. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What makes this answer the same as another; without it there is no `ETag`. */
  readonly tag?: string;
}

export type RestHandler = (call: RestCall) => Promise<RestAnswer>;

const maxBodyBytes = 64 * 1024;

/** A handler as one that writes to Node's response: opens the caller's context, wraps the answer, names what went wrong. */
export function restRoute(handler: RestHandler, { parts, createApi }: RestDeps) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    let opened: OpenedContext | undefined;
    let response: Response;
    const meta = () => ({
      processingTime: Math.round((performance.now() - startedAt) * 100) / 100,
      requestId: opened?.context.requestId ?? newId(),
    });
    try {
      const request = toWebRequest(incoming, outgoing, {
        origin: originOf(incoming, parts.site),
        maxBodyBytes,
      });
      opened = await openContext(parts, incoming, request.headers, "in-process");
      const { context } = opened;
      const answer = await handler({
        request,
        url: new URL(request.url),
        caller: context.caller,
        api: createApi(context),
        publicApi: createApi({ ...context, caller: anonymousCaller, visitorId: () => undefined }),
        now: () => context.clock.now(),
      });
      response = answerOf(answer, meta(), request.headers.get("if-none-match"));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status === 500) {
        parts.log.error(
          { err: loggableError(error), path: incoming.url?.split("?")[0] },
          "a REST call failed",
        );
      }
      const { status, allow, ...body } = refusal;
      response = Response.json(
        { success: false, error: body, meta: meta() },
        { status, headers: { "cache-control": "no-store", ...(allow && { allow }) } },
      );
    }
    for (const [name, value] of opened?.answerHeaders() ?? []) response.headers.append(name, value);
    for (const [name, value] of Object.entries(commonHeaders)) response.headers.set(name, value);
    await sendWebResponse(response, outgoing);
  };
}

function answerOf(
  { status = 200, data, count, meta: further, headers = {}, tag }: RestAnswer,
  meta: Record<string, unknown>,
  known: string | null,
): Response {
  const own = { "cache-control": "no-store", ...headers, ...(tag !== undefined && { etag: tag }) };
  if (status === 204) return new Response(null, { status, headers: own });
  if (tag !== undefined && isKnownTag(tag, known)) return new Response(null, { status: 304, headers: own });
  const body = { success: true, data, meta: { ...meta, ...(count !== undefined && { count }), ...further } };
  return Response.json(body, { status, headers: own });
}

interface RestRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The parameter or property that is wrong. */
  readonly field?: string;
  /** The methods that the address takes, where it was asked by another one. */
  readonly allow?: string;
}

function refusalOf(error: unknown): RestRefusal {
  if (error instanceof BodyTooLargeError)
    return { status: 413, code: "input_invalid", message: error.message };
  if (error instanceof ZodError) {
    const [issue] = inputIssues(error);
    const field = issue?.path ?? "";
    const message = `${field || "input"}: ${issue?.message ?? "is not valid"}`;
    return { status: 400, code: "input_invalid", message, ...(field && { field }) };
  }
  if (error instanceof TRPCError) {
    const { reason, category, details } = wireErrorOf(error);
    const field = fieldOf(details);
    const message = publicMessageOf(error);
    return { status: categoryTable[category].http, code: reason, message, ...(field && { field }) };
  }
  const refusal = findAppError(error);
  if (refusal) {
    const field = fieldOf(refusal.details);
    const { code, message, category, details } = refusal;
    if (code === "method_not_allowed") return { status: 405, code, message, allow: String(details["allow"]) };
    return { status: categoryTable[category].http, code, message, ...(field && { field }) };
  }
  return { status: 500, code: "invariant_failed", message: "Something went wrong on our side." };
}

function fieldOf(details: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof details["field"] === "string") return details["field"];
  const issues = details["issues"];
  const [first] = Array.isArray(issues) ? (issues as { path?: string }[]) : [];
  return first?.path || undefined;
}

/**
 * The body as JSON, whatever its announced type: a beacon of a page that is being left says "text/plain".
 *
 * @throws AppError `input_invalid` when it is none, or one that no schema lets through (`assertSound`); ZodError when it has another shape
 */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await request.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new AppError("input_invalid", "The body is not JSON.", { cause: error });
  }
  // Before the schema, which climbs down as deep as the body is.
  assertSound(parsed);
  return schema.parse(parsed);
}

/**
 * The parameters of the address. Empty ones count as absent; the last of a repeated one counts.
 *
 * @throws ZodError
 */
export function readQuery<Schema extends z.ZodType>(url: URL, schema: Schema): z.output<Schema> {
  return schema.parse(Object.fromEntries([...url.searchParams].filter(([, value]) => value !== "")));
}
