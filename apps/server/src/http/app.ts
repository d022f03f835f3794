import { fileURLToPath } from "node:url";
import {
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { picturesFolder } from "@almanac/ui/pictures";
import { AppError, isUuid } from "@almanac/kernel";
import { categoryTable, findAppError, loggableError, type Logger } from "@almanac/trpc";
import { registerAssets } from "./asset-files.ts";
import { serveDirectly, type DirectRoute, type NodeHandler } from "./direct.ts";
import { answerFailure } from "./failure.ts";
import { BodyTooLargeError } from "./web-bridge.ts";
import { clientFolder, type RemixAppName } from "./remix-app.ts";
import { commonHeaders } from "./security-headers.ts";
import type { Metrics } from "../health/metrics.ts";

export interface HttpAppOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** False refuses the request: it rides on cookies and does not come from a page of ours. */
  readonly isOriginAllowed: (incoming: IncomingMessage) => boolean;
  readonly findImageFile: (imageId: string, width: number) => Promise<Uint8Array | undefined>;
  /** A route that Fastify does not see. */
  readonly direct?: DirectRoute;
}

const yearSeconds = 31_536_000;
const weekSeconds = 604_800;

/** The bare HTTP application: bodies go through raw, everything else is registered on it. */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 5_000, ignoreTrailingSlash: true },
    bodyLimit: 10 * 1024 * 1024,
    // An address that cannot be decoded.
    frameworkErrors: (_error, _request, reply) =>
      void sendRefusal(reply, new AppError("input_invalid", "The address is not a valid one.")),
    serverFactory: (handler, settings) => createHttpServer(settings, listenerOf(options, handler)),
  });
  // tRPC, Remix and the account endpoints read the body themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));

  app.addHook("onRequest", async (request, reply) => {
    if (!options.isOriginAllowed(request.raw)) {
      return sendRefusal(reply, new AppError("origin_not_allowed", "This page may not make that request."));
    }
  });
  app.addHook("onResponse", async (request, reply) => {
    options.metrics.observeRequest(routeGroup(request.url), reply.raw.statusCode, reply.elapsedTime / 1_000);
  });
  app.setNotFoundHandler(({ method }, reply) =>
    sendRefusal(reply, new AppError("not_found", `There is nothing here for ${method}.`)),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof BodyTooLargeError) {
      return reply
        .code(413)
        .send({ success: false, error: { code: "input_invalid", message: error.message } });
    }
    const refusal = findAppError(error);
    if (refusal) return sendRefusal(reply, refusal);
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== undefined && status < 500) {
      return reply
        .code(status)
        .send({ success: false, error: { code: "input_invalid", message: "The request is not valid." } });
    }
    options.log.error({ err: loggableError(error), url: request.url.split("?")[0] }, "a request failed");
    return reply.code(500).send({
      success: false,
      error: { code: "invariant_failed", message: "Something went wrong on our side." },
    });
  });

  app.get<{ Params: { imageId: string; file: string } }>("/images/:imageId/:file", async (request, reply) => {
    const width = /^(\d{2,4})\.webp$/.exec(request.params.file)?.[1];
    const bytes =
      width && isUuid(request.params.imageId)
        ? await options.findImageFile(request.params.imageId, Number(width))
        : undefined;
    if (!bytes)
      return reply
        .code(404)
        .send({ success: false, error: { code: "image_not_found", message: "No such image." } });
    return reply
      .type("image/webp")
      .headers({ ...commonHeaders, "cache-control": `public, max-age=${yearSeconds}, immutable` })
      .send(Buffer.from(bytes));
  });
  return app;
}

/** A server with the time limits that Fastify gives its own. */
function createHttpServer(
  { keepAliveTimeout, requestTimeout, connectionTimeout }: FastifyServerOptions,
  listener: RequestListener,
): Server {
  const server = createServer(listener);
  if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
  if (requestTimeout !== undefined) server.requestTimeout = requestTimeout;
  server.setTimeout(connectionTimeout);
  return server;
}

function listenerOf(
  { direct, ...options }: HttpAppOptions,
  fastifyHandler: RequestListener,
): RequestListener {
  if (!direct) return fastifyHandler;
  const { prefix } = direct;
  const observe = options.metrics.requestObserver(routeGroup(prefix));
  const serve = serveDirectly(direct, { ...options, observe });
  return (incoming, outgoing) => {
    if (incoming.url?.startsWith(prefix)) serve(incoming, outgoing);
    else fastifyHandler(incoming, outgoing);
  };
}

export function sendRefusal(reply: FastifyReply, error: AppError): FastifyReply {
  return reply
    .code(categoryTable[error.category].http)
    .send({ success: false, error: { code: error.code, message: error.message } });
}

/** Lets a handler that writes to Node's response itself take over a route. */
export function takeOver(handler: NodeHandler, log: Pick<Logger, "error">) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const startedAt = performance.now();
    reply.hijack();
    try {
      await handler(request.raw, reply.raw);
    } catch (error) {
      answerFailure(reply.raw, error, log, startedAt);
    }
    return reply;
  };
}

/** Product pictures, and what the browser needs of both apps. Built files have their content's hash in the name. */
export async function registerStaticFiles(
  app: FastifyInstance,
  apps: readonly RemixAppName[],
): Promise<void> {
  await registerAssets(app, {
    folder: fileURLToPath(picturesFolder()),
    prefix: "/pictures/",
    maxAgeSeconds: weekSeconds,
    isImmutable: false,
  });
  for (const name of apps) {
    await registerAssets(app, {
      folder: `${clientFolder(name)}assets`,
      prefix: name === "portal" ? "/portal/assets/" : "/assets/",
      maxAgeSeconds: yearSeconds,
    });
  }
}

function routeGroup(url: string): string {
  const first = url.split("?")[0]!.split("/")[1] ?? "";
  return ["trpc", "api", "portal", "images", "pictures", "assets", "health", "metrics"].includes(first)
    ? first
    : "page";
}
