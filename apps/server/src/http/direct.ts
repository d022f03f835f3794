import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { answerFailure, answerRefusal } from "./failure.ts";

export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface DirectRoute {
  /** "/trpc/": all requests whose address begins with it. */
  readonly prefix: string;
  readonly handler: NodeHandler;
}

export interface DirectOptions {
  readonly log: Logger;
  readonly isOriginAllowed: (incoming: IncomingMessage) => boolean;
  readonly observe: (status: number, seconds: number) => void;
}

/**
 * Serves one route without Fastify's routing, request and reply, which cost as much as a small query. What Fastify's hooks do
 * for the other routes is done here: where the request comes from, the figures, an answer to what was thrown.
 */
export function serveDirectly(
  { handler }: DirectRoute,
  { log, isOriginAllowed, observe }: DirectOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    try {
      if (isOriginAllowed(incoming)) await handler(incoming, outgoing);
      else
        answerRefusal(outgoing, new AppError("origin_not_allowed", "This page may not make that request."));
    } catch (error) {
      answerFailure(outgoing, error, log);
    }
    observe(outgoing.statusCode, (performance.now() - startedAt) / 1_000);
  }
  return (incoming, outgoing) => void serve(incoming, outgoing);
}
