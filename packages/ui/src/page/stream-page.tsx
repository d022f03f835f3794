import { PassThrough } from "node:stream";
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type EntryContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceProvider } from "./nonce.tsx";

const renderTimeoutMs = 5_000;

/** Remix's `handleRequest`: streams the page to people and sends it whole to crawlers. */
export function streamPage(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { nonce }: { readonly nonce?: string },
): Promise<Response> {
  const wholePage = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let responseStatus = status;
    const respond = (): void => {
      const body = new PassThrough();
      headers.set("content-type", "text/html; charset=utf-8");
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: responseStatus }));
      page.pipe(body);
    };
    const page = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={renderTimeoutMs} nonce={nonce} />
      </NonceProvider>,
      {
        nonce,
        ...(wholePage ? { onAllReady: respond } : { onShellReady: respond }),
        onShellError: (error) => reject(error instanceof Error ? error : new Error(String(error))),
        onError() {
          responseStatus = 500;
        },
      },
    );
    setTimeout(() => page.abort(), renderTimeoutMs + 1_000).unref();
  });
}

/** Remix's `handleError`: addresses that lead nowhere and readers who left are no errors of ours. */
export function tellPageError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  console.error(error);
}
