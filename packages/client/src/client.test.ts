import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createAlmanacClient, detailsOf, messageOf, reasonOf } from "./index.ts";

type Answer = { status: number; body: unknown } | "break";

const found = { result: { data: { total: 7, hits: [] } } };

function refusal(
  reason: string,
  { status, retryable, details = {} }: { status: number; retryable: boolean; details?: object },
) {
  const data = { reason, category: "conflict", details, retryable, code: "CONFLICT", httpStatus: status };
  return { status, body: { error: { message: `It is ${reason}.`, code: -32009, data } } };
}

describe("the typed client", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** A server that gives one answer after the other, the last for ever, to single calls. */
  const serve = async (...answers: Answer[]) => {
    const requests: IncomingMessage[] = [];
    server = createServer((request, response) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)]!;
      requests.push(request);
      if (answer === "break") return void request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "application/json" });
      const isBatch = request.url!.includes("batch=1");
      response.end(JSON.stringify(isBatch ? [answer.body] : answer.body));
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  };

  it("calls procedures by path, with its key", async () => {
    const { url, requests } = await serve({ status: 200, body: found });
    const client = createAlmanacClient({ url: `${url}/`, apiKey: "alm_key" });
    expect((await client.search.query.query({ q: "tomato" })).total).toBe(7);
    expect(requests[0]!.url).toMatch(/^\/trpc\/search\.query\?/);
    expect(requests[0]!.headers.authorization).toBe("Bearer alm_key");
  });

  it("asks again when the connection breaks or the server is not ready", async () => {
    const notReady = refusal("starting_up", { status: 503, retryable: true });
    const { url, requests } = await serve("break", notReady, { status: 200, body: found });
    const client = createAlmanacClient({ url, retryDelayMs: 1 });
    expect((await client.search.query.query({})).total).toBe(7);
    expect(requests).toHaveLength(3);
  });

  it("gives up after as many attempts as it was allowed", async () => {
    const { url, requests } = await serve("break");
    const client = createAlmanacClient({ url, attempts: 2, retryDelayMs: 1 });
    const error: unknown = await client.search.query.query({}).catch((reason: unknown) => reason);
    expect(reasonOf(error)).toBeUndefined();
    expect(messageOf(error)).not.toBe("");
    expect(requests).toHaveLength(2);
  });

  it("never repeats what changes something", async () => {
    const { url, requests } = await serve("break");
    const client = createAlmanacClient({ url, retryDelayMs: 1 });
    await expect(client.cart.clear.mutate()).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });

  it("hands a refusal on at once, with its reason and facts", async () => {
    const { url, requests } = await serve(
      refusal("slot_full", { status: 409, retryable: false, details: { alternatives: ["a"] } }),
    );
    const error: unknown = await createAlmanacClient({ url })
      .search.query.query({})
      .catch((reason: unknown) => reason);
    expect(reasonOf(error)).toBe("slot_full");
    expect(detailsOf(error)).toEqual({ alternatives: ["a"] });
    expect(requests).toHaveLength(1);
  });

  it("does not wait longer than seconds for a server that asks for minutes", async () => {
    const limited = refusal("too_many_requests", {
      status: 429,
      retryable: true,
      details: { retryAfterSeconds: 60 },
    });
    const { url, requests } = await serve(limited);
    await expect(createAlmanacClient({ url }).search.query.query({})).rejects.toThrow("too_many_requests");
    expect(requests).toHaveLength(1);
  });

  it("stops waiting for another attempt when the caller gives up", async () => {
    const { url, requests } = await serve("break");
    const giveUp = new AbortController();
    const client = createAlmanacClient({ url, retryDelayMs: 9_000 });
    const call = client.search.query.query({}, { signal: giveUp.signal });
    server!.once("connection", () => setImmediate(() => giveUp.abort()));
    await expect(call).rejects.toThrow();
    expect(requests.length).toBeLessThanOrEqual(1);
  });

  it("refuses an address that is none", () => {
    expect(() => createAlmanacClient({ url: "localhost" })).toThrow(TypeError);
  });
});
