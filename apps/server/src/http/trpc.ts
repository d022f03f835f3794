import type { IncomingMessage, ServerResponse } from "node:http";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { AppRouter } from "@almanac/api-router";
import { openContext, type ContextParts, type OpenedContext } from "../context.ts";
import { originOf } from "./request-facts.ts";
import { commonHeaders } from "./security-headers.ts";
import { sendWebResponse, toWebRequest } from "./web-bridge.ts";

const maxBodyBytes = 9 * 1024 * 1024;
const maxBatchSize = 30;

/** The router over HTTP: batched calls, and subscriptions as server-sent events. */
export function createTrpcHandler(appRouter: AppRouter, parts: ContextParts) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const origin = originOf(incoming, parts.site);
    const request = toWebRequest(incoming, outgoing, { origin, maxBodyBytes });
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
