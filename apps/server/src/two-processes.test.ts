import { openTestDatabase, testDatabaseUrl, testRedisUrl, type TestDatabase } from "@almanac/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { HttpCaller, startServerProcess, temporaryFolder, type ServerProcess } from "./testing.ts";

const isConfigured = testDatabaseUrl() !== undefined && testRedisUrl() !== undefined;

interface Frame {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** Collects frames of the plain live socket; `next` resolves with the first of a type, seen or to come. */
class LiveReader {
  readonly #frames: Frame[] = [];
  readonly #socket: WebSocket;

  constructor(url: string, cookie: string) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/ws/recommendations`, {
      headers: { cookie, origin: url },
    });
    this.#socket.on("message", (data: Buffer) => this.#frames.push(JSON.parse(data.toString()) as Frame));
  }

  send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame));
  }

  async next(type: string): Promise<Frame> {
    await expect.poll(() => this.#frames.some((frame) => frame.type === type)).toBe(true);
    return this.#frames.find((frame) => frame.type === type)!;
  }

  close(): void {
    this.#socket.close();
  }
}

describe.runIf(isConfigured)("two processes on PostgreSQL and Redis", () => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let first: ServerProcess;
  let second: ServerProcess;

  beforeAll(async () => {
    database = await openTestDatabase("postgres");
    folder = await temporaryFolder();
    const env = {
      DATABASE_URL: database.url!,
      REDIS_URL: testRedisUrl()!,
      AUTH_SECRET: "the same secret in both processes, forty",
    };
    first = await startServerProcess(folder.path, env);
    second = await startServerProcess(folder.path, { ...env, ALMANAC_DEMO: "off" });
  }, 120_000);

  afterAll(async () => {
    await second?.end("SIGTERM");
    await first?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
    await database?.close();
  });

  it("bring what a shopper does at one to a socket at the other", async () => {
    const shopper = new HttpCaller(first.url);
    expect((await shopper.signIn("maya@demo.example")).status).toBe(200);
    const reader = new LiveReader(second.url, shopper.cookieHeader());
    await reader.next("CONNECTION_ACK");
    reader.send({ type: "SUBSCRIBE", reqId: "1", payload: { topics: ["cart", "personalized"] } });
    await reader.next("ACK");
    const tomato = await shopper.query("products.get", { slug: "heirloom-tomatoes-hollow-oak" });
    const added = await shopper.mutate("cart.add", { variantId: tomato.data["variantId"], quantity: 1 });
    expect(added.status).toBe(200);
    expect((await reader.next("CART_UPDATE")).payload).toMatchObject({ version: added.data["version"] });
    reader.close();
  });

  it("see one cart, whichever is asked", async () => {
    const shopper = new HttpCaller(first.url);
    await shopper.signIn("maya@demo.example");
    const here = await shopper.query("cart.get");
    const there = await shopper.at(second.url).query("cart.get");
    expect(there.data["lines"]).toEqual(here.data["lines"]);
    expect(here.data["count"]).toBeGreaterThan(0);
  });
});
