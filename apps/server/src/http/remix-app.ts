import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequestHandler, type AppLoadContext, type ServerBuild } from "@remix-run/node";
import type { InProcessApi } from "@almanac/api-router";
import type { AlmanacLoadContext } from "@almanac/client/remix";
import type { Identity } from "@almanac/identity";
import type { RequestContext } from "@almanac/trpc";
import { openContext, type ContextParts } from "../context.ts";
import { withPageRefusals } from "./page-refusals.ts";
import { originOf } from "./request-facts.ts";
import { commonHeaders, newNonce, pageHeaders } from "./security-headers.ts";
import { sendWebResponse, toWebRequest } from "./web-bridge.ts";

const maxFormBytes = 10 * 1024 * 1024;

export type RemixAppName = "storefront" | "portal";

export interface RemixOptions {
  readonly parts: ContextParts;
  readonly createApi: (context: RequestContext) => InProcessApi;
  readonly identity: Identity;
  /** Where the live lane stands in this process. */
  readonly liveCursor: () => string;
}

/** Folder of an app's browser files, with a clear word when it has not been built. */
export function clientFolder(app: RemixAppName): string {
  return fileURLToPath(new URL(`../../../${app}/build/client/`, import.meta.url));
}

/** One of the two Remix apps as a handler of Node requests. Its loaders call the router in this process. */
export async function createRemixApp(
  app: RemixAppName,
  { parts, createApi, identity, liveCursor }: RemixOptions,
): Promise<(incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>> {
  const entry = fileURLToPath(new URL(`../../../${app}/build/server/index.js`, import.meta.url));
  if (!existsSync(entry)) throw new Error(`The ${app} has not been built. Run "pnpm build" first.`);
  const build = (await import(pathToFileURL(entry).href)) as ServerBuild;
  const handle = createRequestHandler({ ...build, routes: withPageRefusals(build.routes) }, "production");

  return async (incoming, outgoing) => {
    const origin = originOf(incoming, parts.site);
    const request = toWebRequest(incoming, outgoing, { origin, maxBodyBytes: maxFormBytes });
    if (!(await isReadableForm(request))) {
      const words = "Send a form: application/x-www-form-urlencoded or multipart/form-data.\n";
      const headers = { ...commonHeaders, "content-type": "text/plain; charset=utf-8" };
      return sendWebResponse(new Response(words, { status: 400, headers }), outgoing);
    }
    const nonce = newNonce();
    const opened = await openContext(parts, incoming, request.headers, "in-process");
    if (request.method === "GET") opened.giveVisitorCookie();
    const loadContext: AppLoadContext & AlmanacLoadContext = {
      api: createApi(opened.context),
      nonce,
      requestId: opened.context.requestId,
      now: opened.context.clock.now(),
      liveCursor: liveCursor(),
      auth: (path, body) =>
        identity.handleAuthRequest(authRequest(request, origin, path, body), { ip: opened.context.ip }),
    };
    const response = await handle(request, loadContext);
    for (const [name, value] of opened.answerHeaders()) response.headers.append(name, value);
    for (const [name, value] of Object.entries(pageHeaders(nonce))) response.headers.set(name, value);
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "private, no-cache");
    await sendWebResponse(response, outgoing, incoming.headers["accept-encoding"]);
  };
}

/** Pages read nothing but forms. What is none is refused here, once, rather than failing in each page's action. */
async function isReadableForm(request: Request): Promise<boolean> {
  if (request.method === "GET" || request.method === "HEAD") return true;
  try {
    await request.clone().formData();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The account endpoint asked as the browser whose page this is: its cookies, and our own origin. */
function authRequest(page: Request, origin: string, path: string, body: unknown): Request {
  const headers = new Headers({ "content-type": "application/json", origin });
  for (const name of ["cookie", "user-agent", "host", "x-forwarded-proto", "x-forwarded-host"]) {
    const value = page.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(new URL(`/api/auth/${path}`, origin), {
    method: "POST",
    headers,
    body: JSON.stringify(body ?? {}),
  });
}
