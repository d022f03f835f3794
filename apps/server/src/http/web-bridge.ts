import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { AppError } from "@almanac/kernel";
import { urlOf } from "./request-facts.ts";

export interface BridgeOptions {
  /** Scheme and host as the browser sees them, "http://localhost:3000". */
  readonly origin: string;
  /** Bodies above this many bytes end the request. */
  readonly maxBodyBytes: number;
}

/** The body was larger than the route allows. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Node's request as the Fetch API's; its signal aborts when the caller goes away before the answer is complete. */
export function toWebRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { origin, maxBodyBytes }: BridgeOptions,
): Request {
  const method = incoming.method ?? "GET";
  // Methods that the Fetch API knows no request of.
  if (method === "TRACE" || method === "CONNECT")
    throw new AppError("not_found", `There is nothing here for ${method}.`);
  const announced = Number(incoming.headers["content-length"] ?? 0);
  if (announced > maxBodyBytes)
    throw new BodyTooLargeError(`The body may have at most ${maxBodyBytes} bytes.`);

  const abort = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) abort.abort();
  });
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(urlOf(incoming, origin), {
    method,
    headers: toHeaders(incoming.headers),
    signal: abort.signal,
    ...(hasBody ? { body: limited(incoming, maxBodyBytes), duplex: "half" } : {}),
  });
}

export function toHeaders(raw: IncomingMessage["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || name.startsWith(":")) continue;
    if (Array.isArray(value)) for (const one of value) headers.append(name, one);
    else headers.set(name, value);
  }
  return headers;
}

/**
 * The whole body.
 *
 * @throws BodyTooLargeError above `maxBytes`
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes)
    throw new BodyTooLargeError(`The body may have at most ${maxBytes} bytes.`);
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    received += chunk.byteLength;
    if (received > maxBytes) throw new BodyTooLargeError(`The body may have at most ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function limited(incoming: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  let received = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
      received += chunk.byteLength;
      if (received > maxBytes) throw new BodyTooLargeError(`The body may have at most ${maxBytes} bytes.`);
      yield chunk;
    }
  }
  return Readable.toWeb(Readable.from(chunks(), { objectMode: false })) as ReadableStream<Uint8Array>;
}

/**
 * Writes a Fetch answer to Node's response, streaming; a reader who leaves ends the stream.
 *
 * @param acceptEncoding of the request: text is packed on its way for those who can unpack it
 */
export async function sendWebResponse(
  response: Response,
  outgoing: ServerResponse,
  acceptEncoding = "",
): Promise<void> {
  outgoing.statusCode = response.status;
  const cookies = response.headers.getSetCookie();
  for (const [name, value] of response.headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  if (cookies.length > 0) outgoing.appendHeader("set-cookie", cookies);
  if (!response.body) {
    outgoing.end();
    return;
  }
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  const isPacked =
    /\bgzip\b/.test(acceptEncoding) &&
    (response.headers.get("content-type") ?? "").startsWith("text/") &&
    !response.headers.has("content-encoding");
  if (isPacked) {
    outgoing.setHeader("content-encoding", "gzip");
    outgoing.appendHeader("vary", "accept-encoding");
    outgoing.removeHeader("content-length");
  }
  outgoing.flushHeaders();
  try {
    // Each piece of a page goes out when it is there: the packer must not wait for more.
    if (isPacked) await pipeline(body, createGzip({ level: 5, flush: constants.Z_SYNC_FLUSH }), outgoing);
    else await pipeline(body, outgoing);
  } catch (error) {
    if (!isGoneAway(error)) throw error;
  }
}

function isGoneAway(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const name = error instanceof Error ? error.name : "";
  return (
    code === "ERR_STREAM_PREMATURE_CLOSE" ||
    code === "EPIPE" ||
    code === "ECONNRESET" ||
    name === "AbortError"
  );
}
