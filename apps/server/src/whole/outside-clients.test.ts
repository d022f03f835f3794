import { once } from "node:events";
import type { AppRouter } from "@almanac/api-router";
import { parseLiveMessage, type LiveMessage } from "@almanac/realtime/messages";
import { recommendationsSchema } from "@almanac/recsys";
import { createTRPCClient, createWSClient, httpSubscriptionLink, wsLink } from "@trpc/client";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  HttpCaller,
  startServerProcess,
  tinyShopFolder,
  type ServerProcess,
} from "../testing/server-process.ts";

/** What one client heard of the cart, by the ids of the messages. */
interface Heard {
  readonly ids: string[];
  readonly isReady: () => boolean;
  readonly close: () => void;
}

describe("clients that are not ours, each in the words of its own protocol", () => {
  let folder: Awaited<ReturnType<typeof tinyShopFolder>>;
  let server: ServerProcess;
  let maya: HttpCaller;
  let variantId: unknown;
  let productId: string;

  beforeAll(async () => {
    folder = await tinyShopFolder();
    server = await startServerProcess(folder.path);
    maya = new HttpCaller(server.url);
    await maya.signIn("maya@demo.example");
    const { data } = await maya.query("products.get", { slug: "heirloom-tomatoes-hollow-oak" });
    variantId = data["variantId"];
    productId = String(data["id"]);
  });
  afterAll(async () => {
    await server?.end("SIGTERM");
    await folder?.[Symbol.asyncDispose]();
  });

  const topics = ["cart"];
  const socketAddress = (path: string): string => server.url.replace("http", "ws") + path;

  /** Keeps what is a message of the lane; anything that is not one fails the test. */
  function listener(close: () => void): Heard & { hear: (data: unknown) => void } {
    const ids: string[] = [];
    let isReady = false;
    return {
      ids,
      isReady: () => isReady,
      close,
      hear(data) {
        const message = parseLiveMessage(data);
        if (!message) throw new Error(`not a message of the lane: ${JSON.stringify(data)}`);
        if (message.type === "CONNECTION_ACK" || message.type === "ACK") isReady = true;
        if (message.type === "CART_UPDATE") ids.push(message.id);
      },
    };
  }

  function byTrpc(
    link: Parameters<typeof createTRPCClient<AppRouter>>[0]["links"][number],
    close: () => void,
  ) {
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const heard = listener(() => {
      subscription.unsubscribe();
      close();
    });
    const subscription = client.realtime.live.subscribe(
      { topics },
      { onData: ({ data }) => heard.hear(data) },
    );
    return heard;
  }

  function byWsLink(): Heard {
    const headers = { cookie: maya.cookieHeader(), origin: server.url };
    class WithCookie extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers });
      }
    }
    const client = createWSClient({
      url: socketAddress("/trpc"),
      WebSocket: WithCookie as unknown as typeof globalThis.WebSocket,
    });
    return byTrpc(wsLink({ client }), () => void client.close());
  }

  const withCookie = (url: string | URL, init: RequestInit): Promise<Response> =>
    fetch(url, { ...init, headers: { ...(init.headers as object), cookie: maya.cookieHeader() } });

  function byHttpSubscriptionLink(): Heard {
    return byTrpc(
      httpSubscriptionLink({
        url: `${server.url}/trpc`,
        EventSource,
        eventSourceOptions: () => ({ fetch: withCookie }),
      }),
      () => undefined,
    );
  }

  function byEventSource(): Heard {
    const source = new EventSource(`${server.url}/api/realtime/events?topics=cart`, { fetch: withCookie });
    const heard = listener(() => source.close());
    source.addEventListener("message", ({ data }) => heard.hear(data));
    return heard;
  }

  function byPlainSocket(): Heard {
    const socket = new WebSocket(socketAddress("/ws/recommendations"), {
      headers: { cookie: maya.cookieHeader(), origin: server.url },
    });
    const heard = listener(() => socket.close());
    let isAsked = false;
    socket.on("message", (data: Buffer) => {
      heard.hear(data.toString());
      if (isAsked) return;
      isAsked = true;
      socket.send(JSON.stringify({ type: "SUBSCRIBE", reqId: "1", payload: { topics } }));
    });
    return heard;
  }

  it("hear of the same change, once each, and by the same id as who asks now and then", async () => {
    const clients = {
      wsLink: byWsLink(),
      httpSubscriptionLink: byHttpSubscriptionLink(),
      EventSource: byEventSource(),
      "plain ws": byPlainSocket(),
    };
    try {
      for (const [name, client] of Object.entries(clients))
        await expect.poll(client.isReady, { message: name }).toBe(true);
      const begin = await maya.query("realtime.poll", { topics });
      // The plain socket is ready when its subscription is acknowledged, which is its second answer.
      await expect
        .poll(async () => {
          const added = await maya.mutate("cart.add", { variantId, quantity: 1 });
          expect(added.status).toBe(200);
          return clients["plain ws"].ids.length;
        })
        .toBeGreaterThan(0);
      const polled = await maya.query("realtime.poll", { topics, cursor: begin.data["cursor"] });
      const expected = (polled.data["messages"] as { id: string }[]).map(({ id }) => id);
      expect(expected.length).toBeGreaterThan(0);
      for (const name of ["wsLink", "httpSubscriptionLink", "EventSource"] as const)
        await expect.poll(() => clients[name].ids, { message: name }).toEqual(expected);
      expect(expected).toEqual(expect.arrayContaining(clients["plain ws"].ids));
    } finally {
      for (const client of Object.values(clients)) client.close();
    }
  });

  it("lose what they opened as a visitor when they sign in", async () => {
    const browser = new HttpCaller(server.url);
    await browser.fetch("/");
    const open = async (path: string) => {
      const socket = new WebSocket(socketAddress(path), {
        headers: { cookie: browser.cookieHeader(), origin: server.url },
      });
      const closed = once(socket, "close");
      await once(socket, "open");
      return { closed };
    };
    const byCookieAlone = await open("/trpc");
    expect((await browser.mutate("cart.add", { variantId, quantity: 1 })).status).toBe(200);
    const sockets = [byCookieAlone, await open("/trpc"), await open("/ws/recommendations")];
    expect((await browser.signIn("ines@demo.example")).status).toBe(200);
    for (const { closed } of sockets) expect((await closed)[0]).toBe(4401);
  });

  it("who bring a key that is none are refused at both sockets, and what is too large for one is no failure of ours", async () => {
    const paths = ["/trpc", "/ws/recommendations"];
    for (const path of paths) {
      const headers = { authorization: "Bearer alm_none" };
      const refused = new WebSocket(socketAddress(path), { headers });
      refused.on("error", () => undefined);
      const [, response] = (await once(refused, "unexpected-response")) as [unknown, { statusCode: number }];
      expect(response.statusCode, path).toBe(401);
    }
    for (const path of paths) {
      const socket = new WebSocket(socketAddress(path), { headers: { origin: server.url } });
      await once(socket, "open");
      socket.send("x".repeat(1_000_000));
      expect((await once(socket, "close"))[0], path).toBe(1009);
    }
    expect(server.output()).not.toContain('"level":50');
  });

  it("are recommended the same by tRPC, by REST and on the plain socket, in one shape", async () => {
    const what = { productId: productId, limit: 6 };
    const byTrpc = await maya.query("recsys.forShopper", {
      ...what,
      context: { pageType: "PRODUCT_DETAIL" },
    });
    const query = `productId=${productId}&limit=6&context=PRODUCT_DETAIL`;
    const byRest = (await (await maya.fetch(`/api/recommendations?${query}`)).json()) as { data: unknown };
    const socket = new WebSocket(socketAddress("/ws/recommendations"), {
      headers: { cookie: maya.cookieHeader(), origin: server.url },
    });
    const messages: LiveMessage[] = [];
    socket.on("message", (data: Buffer) => messages.push(parseLiveMessage(data.toString())!));
    socket.on("open", () =>
      socket.send(
        JSON.stringify({
          type: "REQUEST_RECOMMENDATIONS",
          reqId: "r",
          payload: { ...what, context: "PRODUCT_DETAIL" },
        }),
      ),
    );
    await expect.poll(() => messages.map(({ type }) => type)).toContain("ACK");
    socket.close();
    const pushed = messages.find(({ type }) => type === "RECOMMENDATION_UPDATE")?.payload;
    expect(pushed).toMatchObject({ reqId: "r" });
    const [one, ...others] = [byTrpc.data, byRest.data, pushed].map((answer) => {
      const { timestamp: _when, slateId: _which, ...rest } = recommendationsSchema.parse(answer);
      return rest;
    });
    expect(one?.items).toHaveLength(6);
    for (const other of others) expect(other).toEqual(one);
  });
});
