import { readFeed } from "@almanac/growing/router";
import type { DatabaseHandle } from "@almanac/db";
import type { Clock } from "@almanac/kernel";
import type { FastifyInstance } from "fastify";
import { isKnownTag } from "./entity-tags.ts";
import { commonHeaders } from "./security-headers.ts";

/** Calendars that can be subscribed to. Whoever has the address may read it; a program that asks again gets 304. */
export function registerCalendars(
  app: FastifyInstance,
  parts: { readonly handle: DatabaseHandle; readonly clock: Clock },
): void {
  app.get<{ Params: { file: string } }>("/api/calendar/:file", async (request, reply) => {
    const { body, etag } = await readFeed(parts, request.params.file.replace(/\.ics$/, ""));
    reply.headers({
      ...commonHeaders,
      etag,
      "cache-control": "private, max-age=900",
      "referrer-policy": "no-referrer",
    });
    if (isKnownTag(etag, request.headers["if-none-match"])) return reply.code(304).send();
    return reply.type("text/calendar; charset=utf-8").send(body);
  });
}
