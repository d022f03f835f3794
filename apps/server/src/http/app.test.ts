import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger } from "@almanac/trpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMetrics } from "../health/metrics.ts";
import { createHttpApp, takeOver } from "./app.ts";
import { toWebRequest } from "./web-bridge.ts";

const logged: unknown[] = [];
const log = { ...silentLogger, error: (facts: unknown) => void logged.push(facts) };
const app = createHttpApp({
  log,
  metrics: createMetrics(),
  isOriginAllowed: () => true,
  findImageFile: () => Promise.resolve(undefined),
});
const fault = new Error("a fault of ours");

beforeAll(async () => {
  const fails = () => Promise.reject(fault);
  app.all("/fails", takeOver(fails, log));
  app.all(
    "/*",
    takeOver((incoming, outgoing) => {
      const { url } = toWebRequest(incoming, outgoing, { origin: "http://localhost", maxBodyBytes: 10 });
      outgoing.end(url);
      return Promise.resolve();
    }, log),
  );
  await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => app.close());

/** As it is sent: `fetch` mends addresses, and refuses methods. */
function ask(method: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    asked.once("error", reject).end();
  });
}

describe("a request that nobody meant to serve", () => {
  it.each([
    ["TRACE", "/cart", 404, "not_found"],
    ["PROPFIND", "/cart", 404, "not_found"],
    ["GET", "/products/%", 400, "input_invalid"],
    ["GET", "/%c0%af", 400, "input_invalid"],
  ])("is refused in our own words: %s %s with %i", async (method, path, status, code) => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ success: false, error: { code } });
  });

  it.each(["//", "//[", "//evil.example/x"])("is one for a page of ours: %s", async (path) => {
    expect(await ask("GET", path)).toEqual({ status: 200, body: `http://localhost${path}` });
  });
});

it("a handler that fails is logged: what it answers says nothing", async () => {
  expect((await ask("GET", "/fails")).status).toBe(500);
  expect(logged).toEqual([{ err: fault }]);
});
