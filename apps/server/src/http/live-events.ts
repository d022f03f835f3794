import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveEvents } from "@almanac/realtime";
import { eventStreamHeaders } from "@almanac/realtime";
import { openContext, type ContextParts } from "../context.ts";
import { originOf } from "./request-facts.ts";
import { commonHeaders } from "./security-headers.ts";
import { toWebRequest } from "./web-bridge.ts";

/** `GET /api/realtime/events`: the live lane as server-sent events, for clients without tRPC. */
export function createLiveEventsHandler(events: LiveEvents, parts: ContextParts) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = toWebRequest(incoming, outgoing, {
      origin: originOf(incoming, parts.site),
      maxBodyBytes: 0,
    });
    const { context } = await openContext(parts, incoming, request.headers, "http");
    await events.serve(
      { url: request.url, headers: request.headers, signal: request.signal },
      context.caller,
      () => outgoing.writeHead(200, { ...commonHeaders, ...eventStreamHeaders }),
    );
  };
}
