import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AppRouter } from "@almanac/api-router";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { fakeClock } from "@almanac/events/testing";
import type { Identity } from "@almanac/identity";
import { AppError } from "@almanac/kernel";
import { createConnectionBook, createLiveHub, publishLive, type LiveHub } from "@almanac/realtime";
import { realtimeRoutes } from "@almanac/realtime/router";
import { anonymousCaller, procedure, router, silentLogger, unlimited } from "@almanac/trpc";
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
} from "@trpc/client";
import { EventSource } from "eventsource";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ContextParts } from "../context.ts";
import { createTrpcHandler } from "./trpc.ts";

const waitFor = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 20_000 });

describeOnEveryDatabase("the router over HTTP", (test) => {
  const clock = fakeClock();
  const bus = createInProcessBus();
  let hub: LiveHub;
  let book: ReturnType<typeof createConnectionBook>;
  let server: Server;
  let url: string;
  let isAborted = false;
  let handled: Promise<void>[] = [];

  const routes = () =>
    router({
      ...realtimeRoutes({ hub, book }),
      shelf: router({
        greet: procedure("public")
          .input(z.object({ name: z.string().min(1) }).optional())
          .query(({ input }) => ({ hello: input?.name ?? "you" })),
        gone: procedure("public").query(() => {
          throw new AppError("product_not_found", "There is no such product.");
        }),
        broken: procedure("public").query(() => {
          throw new Error("a secret of ours");
        }),
        put: procedure("public")
          .input(z.object({ text: z.string() }))
          .mutation(({ input }) => ({ length: input.text.length })),
        wait: procedure("public").query(
          ({ signal }) =>
            new Promise<never>((_, reject) => {
              signal?.addEventListener("abort", () => {
                isAborted = true;
                reject(new Error("aborted"));
              });
            }),
        ),
        count: procedure("public").subscription(async function* () {
          yield 1;
          yield 2;
          throw new AppError("product_not_found", "There is no third.");
        }),
      }),
    });
  type Routes = ReturnType<typeof routes>;

  beforeEach(async () => {
    isAborted = false;
    handled = [];
    hub = createLiveHub({ handle: test.handle, bus, clock, log: silentLogger, pollMs: 3_600_000 });
    await hub.start();
    book = createConnectionBook({
      handle: test.handle,
      clock,
      log: silentLogger,
      nodeId: "a",
      maxConnections: 2,
    });
    const visit = {
      caller: anonymousCaller,
      setCookies: ["v=1; Path=/"],
      ensureShopper: () => Promise.reject(new AppError("sign_in_required", "no")),
      visitorId: () => undefined,
      giveVisitorCookie: () => undefined,
    };
    const identity: Pick<Identity, "openVisit"> = {
      openVisit: (from) => {
        const headers = from instanceof Request ? from.headers : from;
        if (headers.get("authorization")) throw new AppError("api_key_invalid", "This key is not known.");
        return Promise.resolve(visit);
      },
    };
    const parts = {
      handle: test.handle,
      clock,
      log: silentLogger,
      limiter: unlimited,
      identity: identity as Identity,
      site: { publicUrl: undefined, trustProxy: false },
    } satisfies ContextParts;
    // The handler asks for the whole router's type and treats every router alike.
    const appRouter = routes() as unknown as AppRouter;
    const handler = createTrpcHandler({ appRouter, parts, book });
    server = createServer((incoming, outgoing) => void handled.push(handler(incoming, outgoing)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await Promise.all(handled);
    await hub.stop();
  });

  const links = {
    httpLink: () => httpLink({ url }),
    httpBatchLink: () => httpBatchLink({ url }),
    httpBatchStreamLink: () => httpBatchStreamLink({ url }),
  };

  it.each(Object.keys(links) as (keyof typeof links)[])("answers the real %s", async (name) => {
    const client = createTRPCClient<Routes>({ links: [links[name]()] });
    const [greeting, plain, refused, invalid, broken] = await Promise.allSettled([
      client.shelf.greet.query({ name: "Maya" }),
      client.shelf.greet.query(),
      client.shelf.gone.query(),
      client.shelf.greet.query({ name: "" }),
      client.shelf.broken.query(),
    ]);
    expect(greeting).toMatchObject({ value: { hello: "Maya" } });
    expect(plain).toMatchObject({ value: { hello: "you" } });
    expect(refused).toMatchObject({
      reason: {
        message: "There is no such product.",
        data: { reason: "product_not_found", httpStatus: 404 },
      },
    });
    expect(invalid).toMatchObject({ reason: { data: { reason: "input_invalid", path: "shelf.greet" } } });
    expect(broken).toMatchObject({ reason: { message: "Something went wrong on our side." } });
    const text = "ü".repeat(20_000);
    expect(await client.shelf.put.mutate({ text })).toEqual({ length: 20_000 });
  });

  it.each([
    ["one that works", "/shelf.greet", 200],
    ["one that refuses", "/shelf.gone", 404],
    ["two that differ", "/shelf.greet,shelf.gone?batch=1&input={}", 207],
    ["two alike", "/shelf.greet,shelf.greet?batch=1&input={}", 200],
    ["one that is not there", "/shelf.nothing", 404],
    ["a mutation by GET", "/shelf.put", 404],
    ["input that is no JSON", "/shelf.greet?input={", 400],
    ["a batch whose input is no object", "/shelf.greet?batch=1&input=[]", 400],
    [
      "more than 30 calls",
      `/${Array.from({ length: 31 }, () => "shelf.greet").join(",")}?batch=1&input={}`,
      400,
    ],
    ["an encoded path", "/shelf%2Egreet", 200],
  ])("gives %s its status", async (_, path, status) => {
    const response = await fetch(url + path);
    expect(response.status).toBe(status);
    expect(response.headers.get("cache-control")).toBe("no-store");
    await response.json();
  });

  it("answers a poll that brings nothing with 304 to whoever has that answer, and keeps no other", async () => {
    const address = (path: string, cursor: string, topics = ["trending"]) =>
      `${url}/${path}?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { topics, cursor } }))}`;
    const poll = (cursor: string, tag?: string) =>
      fetch(address("realtime.poll", cursor), { headers: tag === undefined ? {} : { "if-none-match": tag } });
    const say = (text: string) =>
      publishLive(test.db, bus, { topic: "trending", type: "AI_INSIGHT", payload: { title: "news", text } });
    const cursor = await say("before");
    const idle = await poll(cursor);
    const tag = idle.headers.get("etag") ?? "";
    expect([idle.status, tag, idle.headers.get("cache-control")]).toEqual([
      200,
      `W/"${cursor}"`,
      "private, no-cache",
    ]);
    const again = await poll(cursor, tag);
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
    const lost = await poll("1000000", 'W/"1000000"');
    expect([lost.status, lost.headers.get("etag"), lost.headers.get("cache-control")]).toEqual([
      200,
      null,
      "no-store",
    ]);
    const two = await fetch(address("realtime.poll,shelf.greet", cursor));
    expect([two.status, two.headers.get("etag")]).toEqual([200, null]);
    await say("after");
    const news = await poll(cursor, tag);
    expect([news.status, news.headers.get("etag")]).toEqual([200, null]);
    expect(JSON.stringify(await news.json())).toContain("after");
  });

  it("carries the headers of the visit, and the safety headers", async () => {
    const { headers } = await fetch(`${url}/shelf.greet`);
    expect(headers.getSetCookie()).toEqual(["v=1; Path=/"]);
    expect(headers.get("x-request-id")).toMatch(/^[\da-f]{12}-[\da-z]+$/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("refuses a wrong key in the words of every other refusal", async () => {
    const response = await fetch(`${url}/shelf.greet`, { headers: { authorization: "Bearer no" } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { data: { reason: "api_key_invalid" } } });
  });

  it.each([
    ["application/json", "{", 400],
    ["application/json; charset=utf-8", '{"text":"a"}', 200],
    ["text/plain", '{"text":"a"}', 400],
  ])("takes a body of type %s that reads %s with %i", async (contentType, body, status) => {
    const response = await fetch(`${url}/shelf.put`, {
      method: "POST",
      headers: { "content-type": contentType },
      body,
    });
    expect(response.status).toBe(status);
  });

  it("tells a procedure that its caller has gone", async () => {
    const abort = new AbortController();
    const client = createTRPCClient<Routes>({ links: [httpBatchLink({ url })] });
    const waiting = client.shelf.wait.query(undefined, { signal: abort.signal });
    await waitFor(() => expect(handled).toHaveLength(1));
    abort.abort();
    await expect(waiting).rejects.toThrow();
    await waitFor(() => expect(isAborted).toBe(true));
  });

  function subscribingClient() {
    return createTRPCClient<Routes>({
      links: [
        splitLink({
          condition: ({ type }) => type === "subscription",
          true: httpSubscriptionLink({ url, EventSource }),
          false: httpLink({ url }),
        }),
      ],
    });
  }

  it("streams a subscription to the real link, to its error", async () => {
    const seen: number[] = [];
    const error = await new Promise((resolve) => {
      subscribingClient().shelf.count.subscribe(undefined, {
        onData: (value) => void seen.push(value),
        onError: resolve,
      });
    });
    expect(seen).toEqual([1, 2]);
    expect(error).toMatchObject({ data: { reason: "product_not_found" } });
  });

  const say = (text: string) =>
    publishLive(test.db, bus, { topic: "trending", type: "AI_INSIGHT", payload: { title: "news", text } });

  it("streams live messages to the real link, resumes after a cut, and leaves nothing behind", async () => {
    const texts: string[] = [];
    const subscription = subscribingClient().realtime.live.subscribe(
      { topics: ["trending"] },
      {
        onData: ({ data: { type, payload } }) => {
          if (type === "AI_INSIGHT") texts.push(payload.text);
        },
      },
    );
    await waitFor(() => expect(hub.subscriberCount()).toBe(2));
    expect(book.figures().active.sse).toBe(1);
    await say("1");
    await waitFor(() => expect(texts).toEqual(["1"]));
    server.closeAllConnections();
    for (const text of ["2", "3"]) await say(text);
    await waitFor(() => expect(texts).toEqual(["1", "2", "3"]));
    await say("4");
    await waitFor(() => expect(texts).toEqual(["1", "2", "3", "4"]));
    subscription.unsubscribe();
    await waitFor(() => expect(hub.subscriberCount()).toBe(0));
    expect(book.figures()).toMatchObject({ active: { sse: 0 }, topics: {} });
  });

  it("refuses a stream too many in the stream, as the link reads it", async () => {
    const open = [book.open("sse"), book.open("sse")];
    const error = await new Promise((resolve) => {
      subscribingClient().realtime.live.subscribe({}, { onError: resolve });
    });
    expect(error).toMatchObject({ data: { reason: "too_many_connections" } });
    for (const connection of open) connection?.close();
  });
});
