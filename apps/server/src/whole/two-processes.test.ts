import { openTestDatabase, testDatabaseUrl, testRedisUrl, type TestDatabase } from "@almanac/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  HttpCaller,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from "../testing/server-process.ts";

const isConfigured = testDatabaseUrl() !== undefined && testRedisUrl() !== undefined;

interface Frame {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

interface ListedCard {
  readonly id: string;
  readonly slug: string;
  readonly variantId: string;
  readonly priceCents: number;
  readonly farm: { readonly id: string };
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
      ALMANAC_CLOCK: "2025-08-13T09:00:00-04:00",
      DATABASE_URL: database.url!,
      REDIS_URL: testRedisUrl()!,
      AUTH_SECRET: "the same secret in both processes, forty",
    };
    first = await startServerProcess(folder.path, env);
    second = await startServerProcess(folder.path, { ...env, ALMANAC_DEMO: "off" });
  });

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

  it("answer a hundred questions alike, whatever one of them remembers of earlier ones", async () => {
    const warm = new HttpCaller(first.url);
    const found = await warm.query("search.query", { limit: 20 });
    const products = (found.data["hits"] as { card: ListedCard }[]).map(({ card }) => card);
    expect(products).toHaveLength(20);
    const ask = async (caller: HttpCaller) => {
      const answers: Record<string, unknown>[] = [];
      for (const { id, slug } of products) {
        const about = { productId: id };
        const five = [
          caller.query("products.get", { slug }),
          caller.query("shop.card", about),
          caller.query("recsys.similarItems", about),
          caller.query("recsys.boughtTogether", about),
          caller.query("recsys.substitutes", about),
        ];
        for (const { status, data } of await Promise.all(five)) {
          // Of this very moment.
          const { timestamp: _, priceHistory: __, ...rest } = data;
          answers.push({ status, ...rest });
        }
      }
      return answers;
    };
    const cold = await ask(new HttpCaller(second.url));
    expect(cold).toHaveLength(100);
    expect(cold.every(({ status }) => status === 200)).toBe(true);
    expect(await ask(warm)).toEqual(cold);
    expect(await ask(warm)).toEqual(cold);
  });

  describe("what one remembers and the other changes", () => {
    let tomas: HttpCaller;
    let visitor: HttpCaller;
    let farmId: string;
    beforeAll(async () => {
      tomas = new HttpCaller(first.url);
      await tomas.signIn("tomas@demo.example");
      visitor = new HttpCaller(second.url);
      const { data } = await tomas.query("products.get", { slug: "heirloom-tomatoes-hollow-oak" });
      farmId = (data["farm"] as { id: string }).id;
    });

    const inSeason = async () => {
      const { data } = await visitor.query("recsys.home", { sections: ["inSeason"], limit: 60 });
      return (data["inSeason"] as { card: ListedCard }[]).map(({ card }) => card);
    };
    const ownOne = async (): Promise<ListedCard> => {
      const own = (await inSeason()).find(({ farm }) => farm.id === farmId);
      expect(own).toBeDefined();
      return own!;
    };
    const change = async (path: string, input: object) =>
      expect((await tomas.mutate(path, { farmId, ...input })).reason).toBeUndefined();

    it("is a price", async () => {
      const { id, variantId, priceCents } = await ownOne();
      const priceNow = async () => (await inSeason()).find((card) => card.id === id)?.priceCents;
      await change("farmCatalog.setPrice", { variantId, unitPriceCents: priceCents + 10 });
      await expect.poll(priceNow).toBe(priceCents + 10);
    });

    it("is stock: what is sold out is not recommended, and what is back is", async () => {
      const { id } = await ownOne();
      const isThere = async () => (await inSeason()).some((card) => card.id === id);
      const recount = (countedBase: number) =>
        change("farmStock.record", {
          productId: id,
          reason: "recount",
          countedBase,
          idempotencyKey: `counted-${countedBase}`,
        });
      await recount(0);
      await expect.poll(isThere).toBe(false);
      await recount(90_000);
      await expect.poll(isThere).toBe(true);
    });

    it("is a product that is taken off, and one that is new", async () => {
      const { id } = await ownOne();
      const isThere = async () => (await inSeason()).some((card) => card.id === id);
      await change("farmCatalog.products.setStatus", { productId: id, status: "hidden" });
      await expect.poll(isThere).toBe(false);
      await change("farmCatalog.products.setStatus", { productId: id, status: "live" });
      await expect.poll(isThere).toBe(true);
    });

    it("is how much of what somebody was told is unread", async () => {
      const shopper = new HttpCaller(first.url);
      await shopper.signIn("maya@demo.example");
      const there = shopper.at(second.url);
      const unread = async () => Number((await there.query("news.unread")).data["count"]);
      const { id, variantId, priceCents } = await ownOne();
      await shopper.mutate("wishes.add", { productId: id });
      const before = await unread();
      await change("farmCatalog.setPrice", { variantId, unitPriceCents: Math.round(priceCents * 0.7) });
      await expect.poll(unread).toBeGreaterThan(before);

      const reader = new LiveReader(second.url, shopper.cookieHeader());
      await reader.next("CONNECTION_ACK");
      reader.send({ type: "SUBSCRIBE", reqId: "1", payload: { topics: ["personalized"] } });
      await reader.next("ACK");
      expect((await shopper.mutate("news.markAllRead")).status).toBe(200);
      await reader.next("NEWS_UPDATE");
      expect(await unread()).toBe(0);
      reader.close();
    });

    it("is what a shopper bought, in what is thought of their taste", async () => {
      const shopper = new HttpCaller(first.url);
      await shopper.signIn("maya@demo.example");
      const there = shopper.at(second.url);
      const learnedFrom = async () => Number((await there.query("taste.get")).data["eventCount"]);
      const before = await learnedFrom();
      const { data } = await shopper.query("checkout.slots", {});
      const free = (data["slots"] as { id: string; placesLeft: number }[]).find(
        ({ placesLeft }) => placesLeft > 0,
      );
      const placed = await shopper.mutate("orders.place", {
        pickupSlotId: free!.id,
        idempotencyKey: "bought-at-the-first",
      });
      expect(placed.reason).toBeUndefined();
      await expect.poll(learnedFrom).toBeGreaterThan(before);
    });
  });
});
