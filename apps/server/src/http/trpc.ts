import type { IncomingMessage, ServerResponse } from "node:http";
import { getTRPCErrorFromUnknown } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { AppRouter } from "@almanac/api-router";
import type { HeaderReader } from "@almanac/identity";
import { AppError } from "@almanac/kernel";
import { eventStreamHeaders, type ConnectionBook } from "@almanac/realtime";
import { toTrpcError, type ProcedureCall } from "@almanac/trpc";
import { openContext, type ContextParts, type OpenedContext } from "../context.ts";
import { answerOf, makeCall, type CallFacts, type CallOutcome } from "./trpc/answer.ts";
import { inputsOf, planCalls, withLastEventId, type CallPlan, type PlannedCall } from "./trpc/calls.ts";
import { writeSubscription } from "./trpc/events.ts";
import { idlePollTag } from "./trpc/idle-poll.ts";
import { isKnownTag } from "./entity-tags.ts";
import { originOf, urlOf } from "./request-facts.ts";
import { commonHeaders } from "./security-headers.ts";
import { readBody, sendWebResponse, toHeaders, toWebRequest } from "./web-bridge.ts";

const maxBodyBytes = 9 * 1024 * 1024;
const maxBatchSize = 30;

export interface TrpcHandlerOptions {
  readonly appRouter: AppRouter;
  readonly parts: ContextParts;
  /** Counts and limits the event streams. */
  readonly book: ConnectionBook;
  /** Told of each call. */
  readonly observe?: (path: string, ok: boolean, seconds: number) => void;
}

/**
 * The router over HTTP: batched calls, and subscriptions as server-sent events. The usual requests are answered straight
 * from Node's request to Node's response; tRPC's fetch adapter, which costs several times a bare route, answers the rest.
 * `docs/benches/live.md` has the figures.
 */
export function createTrpcHandler({ appRouter, parts, book, observe }: TrpcHandlerOptions) {
  const byFetch = fetchHandler(appRouter, parts);

  async function answerCalls(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    plan: CallPlan,
    inputs: readonly unknown[],
  ): Promise<void> {
    const { calls, type, isBatch } = plan;
    const opened = await openOrRefuse(parts, incoming);
    const ctx = opened.visit?.context;
    const gone = new GoneNotice(outgoing);
    const outcomeOf = async ({ path, procedure }: PlannedCall, batchIndex: number): Promise<CallOutcome> => {
      const startedAt = performance.now();
      const outcome = await makeCall(
        procedure,
        new HttpCall({ path, type, ctx, input: inputs[batchIndex], batchIndex }, gone),
      );
      observe?.(path, !("error" in outcome), (performance.now() - startedAt) / 1_000);
      return outcome;
    };
    const outcomes = opened.error
      ? calls.map((): CallOutcome => opened)
      : await allOf(calls.map((call, index) => outcomeOf(call, index)));
    const factsOf = (index: number): CallFacts => ({
      path: calls[index]?.path ?? "",
      input: inputs[index],
      type,
      ctx,
    });
    if (type === "subscription")
      return subscribe(outgoing, opened.visit, { outcomes, factsOf, signal: gone.signal });
    if (outgoing.destroyed) return;
    const tag = idlePollTag(plan, outcomes);
    const kept = tag !== undefined && { etag: tag, "cache-control": "private, no-cache" };
    if (tag !== undefined && isKnownTag(tag, incoming.headers["if-none-match"])) {
      writeHead(outgoing, 304, opened.visit, { ...kept });
      outgoing.end();
      return;
    }
    const { status, body } = answerOf(appRouter, outcomes, factsOf, isBatch);
    const length = Buffer.byteLength(body);
    writeHead(outgoing, status, opened.visit, {
      "content-type": "application/json",
      "content-length": length,
      ...kept,
    });
    // As text, Node writes it together with the head; without a letter beyond ASCII both encodings are the same bytes.
    outgoing.end(body, length === body.length ? "latin1" : "utf8");
  }

  async function subscribe(
    outgoing: ServerResponse,
    visit: OpenedContext | undefined,
    {
      outcomes,
      factsOf,
      signal,
    }: { outcomes: CallOutcome[]; factsOf: (i: number) => CallFacts; signal: AbortSignal },
  ): Promise<void> {
    const connection = book.open("sse");
    const full = new AppError("too_many_connections", "This server has all the connections it can hold.");
    const [given] = outcomes;
    const outcome: CallOutcome = connection && given ? given : { error: toTrpcError(full) };
    writeHead(outgoing, 200, visit, { ...eventStreamHeaders });
    try {
      await writeSubscription(outgoing, { router: appRouter, outcome, facts: factsOf(0), signal });
    } finally {
      connection?.close();
    }
  }

  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const plan = planCalls(incoming, appRouter);
    if (!plan) return byFetch(incoming, outgoing);
    const isRead = plan.type !== "mutation";
    const body = isRead ? undefined : await readBody(incoming, maxBodyBytes);
    const inputs = inputsOrNone(plan, isRead ? plan.search.get("input") : (body?.toString() ?? null));
    if (!inputs) return byFetch(incoming, outgoing, body);
    if (plan.type === "subscription") inputs[0] = withLastEventId(inputs[0], incoming.headers, plan.search);
    await answerCalls(incoming, outgoing, plan, inputs);
  };
}

/** @returns `undefined` when there is something wrong with them */
function inputsOrNone(plan: CallPlan, text: string | null): unknown[] | undefined {
  try {
    return inputsOf(plan, text);
  } catch {
    return undefined;
  }
}

async function openOrRefuse(parts: ContextParts, incoming: IncomingMessage) {
  try {
    return { visit: await openContext(parts, incoming, headerReader(incoming), "http"), error: undefined };
  } catch (cause) {
    return { visit: undefined, error: getTRPCErrorFromUnknown(cause) };
  }
}

/** What says who is asking, without a copy of all headers: that would cost more than many a query. */
function headerReader({ headers }: IncomingMessage): HeaderReader {
  return {
    get(name) {
      const value = headers[name];
      return typeof value === "string" ? value : (value?.join(", ") ?? null);
    },
  };
}

/** Its signal is aborted when the caller goes away before the answer is complete; made when somebody asks for it. */
class GoneNotice {
  readonly #outgoing: ServerResponse;
  #gone: AbortController | undefined;

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing;
  }

  get signal(): AbortSignal {
    if (this.#gone) return this.#gone.signal;
    const gone = new AbortController();
    this.#gone = gone;
    const abort = (): void => {
      if (!this.#outgoing.writableFinished) gone.abort();
    };
    if (this.#outgoing.destroyed) abort();
    else this.#outgoing.once("close", abort);
    return gone.signal;
  }
}

class HttpCall implements ProcedureCall {
  readonly path: string;
  readonly type: ProcedureCall["type"];
  readonly ctx: unknown;
  readonly input: unknown;
  readonly batchIndex: number;
  readonly #gone: GoneNotice;

  constructor(call: Omit<ProcedureCall, "signal">, gone: GoneNotice) {
    this.path = call.path;
    this.type = call.type;
    this.ctx = call.ctx;
    this.input = call.input;
    this.batchIndex = call.batchIndex;
    this.#gone = gone;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }
}

/** One call is the usual case. */
const allOf = async <T>(made: readonly Promise<T>[]): Promise<T[]> =>
  made.length === 1 && made[0] ? [await made[0]] : Promise.all(made);

function writeHead(
  outgoing: ServerResponse,
  status: number,
  visit: OpenedContext | undefined,
  headers: Readonly<Record<string, string | number>>,
): void {
  outgoing.writeHead(status, {
    vary: "trpc-accept, accept",
    "cache-control": "no-store",
    ...commonHeaders,
    ...headers,
    ...visit?.nodeAnswerHeaders(),
  });
}

/** tRPC's own adapter, for what is unusual or wrong. */
function fetchHandler(appRouter: AppRouter, parts: ContextParts) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse, body?: Buffer): Promise<void> => {
    const origin = originOf(incoming, parts.site);
    const request = body
      ? new Request(urlOf(incoming, origin), {
          method: incoming.method ?? "POST",
          headers: toHeaders(incoming.headers),
          body: new Uint8Array(body),
        })
      : toWebRequest(incoming, outgoing, { origin, maxBodyBytes });
    let opened: OpenedContext | undefined;
    const response = await fetchRequestHandler({
      endpoint: "/trpc",
      req: request,
      router: appRouter,
      maxBatchSize,
      createContext: async () => {
        opened = await openContext(parts, incoming, request.headers, "http");
        return opened.context;
      },
    });
    if (opened) for (const [name, value] of opened.answerHeaders()) response.headers.append(name, value);
    for (const [name, value] of Object.entries(commonHeaders)) response.headers.set(name, value);
    response.headers.set("cache-control", "no-store");
    await sendWebResponse(response, outgoing);
  };
}
