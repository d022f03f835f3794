import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  HttpCaller,
  startServerProcess,
  tinyShopFolder,
  type ServerProcess,
} from "../../testing/server-process.ts";

interface Envelope {
  readonly success: boolean;
  readonly data: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string; readonly field?: string };
  readonly meta: { readonly requestId: string; readonly processingTime: number; readonly count?: number };
}

/** What the test reads of an operation of the OpenAPI document. */
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly schema: Property;
  }[];
  readonly requestBody?: {
    readonly content: { readonly "application/json": { readonly schema: BodySchema } };
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Property {
  readonly format?: string;
}

interface BodySchema {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly BodySchema[];
}

const base = "/api/recommendations";
const stranger = "00000000-0000-7000-8000-000000000001";

describe("the REST addresses", () => {
  let folder: Awaited<ReturnType<typeof tinyShopFolder>>;
  let server: ServerProcess;
  /** Answers that a shared cache before the server keeps, by path, with their surrogate keys. */
  const kept = new Map<string, { keys: readonly string[]; status: number; body: string }>();
  let purges: Server;
  let maya: HttpCaller;
  let ines: HttpCaller;
  let productId: string;

  beforeAll(async () => {
    folder = await tinyShopFolder();
    purges = createServer((request, response) => {
      const names = String(request.headers["surrogate-key"]).split(" ");
      for (const [path, { keys }] of kept) if (keys.some((key) => names.includes(key))) kept.delete(path);
      response.end();
    });
    await new Promise<void>((resolve) => purges.listen(0, "127.0.0.1", resolve));
    const { port } = purges.address() as AddressInfo;
    server = await startServerProcess(folder.path, { CACHE_PURGE_URL: `http://127.0.0.1:${port}/` });
    maya = new HttpCaller(server.url);
    ines = new HttpCaller(server.url);
    await maya.signIn("maya@demo.example");
    await ines.signIn("ines@demo.example");
    const { data } = await maya.query("search.query", { limit: 1 });
    productId = (data["hits"] as { card: { id: string } }[])[0]!.card.id;
  });

  afterAll(async () => {
    await server?.end("SIGTERM");
    purges?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  const call = async (caller: HttpCaller, path: string, init?: RequestInit) => {
    const response = await caller.fetch(path, init);
    return { response, status: response.status, body: (await response.json()) as Envelope };
  };
  const post = (caller: HttpCaller, path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(caller, path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const farmIdOf = async (slug: string): Promise<string> =>
    String((await maya.query("farms.get", { slug })).data["id"]);
  const visitor = (): HttpCaller => new HttpCaller(server.url);

  describe("recommendations", () => {
    it("come in the envelope, counted, with an id of the request and private caching", async () => {
      const { response, status, body } = await call(maya, `${base}?limit=4`);
      expect(status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("private, max-age=60");
      expect(response.headers.get("vary")).toBe("Cookie, Authorization");
      expect(response.headers.get("x-request-id")).toBe(body.meta.requestId);
      expect(body.success).toBe(true);
      const items = body.data["items"] as unknown[];
      expect(items).toHaveLength(4);
      expect(body.meta.count).toBe(4);
      const again = await call(maya, `${base}?limit=4`);
      expect(again.body.meta.requestId).not.toBe(body.meta.requestId);
    });

    it("are ten unless asked otherwise, and not sent again to whoever has them", async () => {
      const { response, body } = await call(maya, base);
      expect(body.meta.count).toBe(10);
      const tag = response.headers.get("etag")!;
      const again = await maya.fetch(base, { headers: { "if-none-match": tag } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("cache-control")).toBe("private, max-age=60");
    });

    it("are given to a visitor without a name", async () => {
      expect((await call(visitor(), `${base}?limit=1`)).status).toBe(200);
    });

    it("refuse a user id without a session, another's id with one, and accept one's own", async () => {
      const own = String((await maya.query("recsys.forShopper", {})).data["userId"]);
      expect((await call(visitor(), `${base}?userId=${own}`)).status).toBe(401);
      const other = await call(maya, `${base}?userId=${stranger}`);
      expect([other.status, other.body.error]).toMatchObject([
        403,
        { code: "user_mismatch", field: "userId" },
      ]);
      expect((await call(maya, `${base}?userId=${own}`)).status).toBe(200);
      expect((await call(ines, `${base}?userId=${own}&limit=1`)).body.data["userId"]).toBe(own);
      const signedIn = await maya.signIn("maya@demo.example");
      const { user } = (await signedIn.json()) as { user: { id: string } };
      expect((await call(ines, `${base}?userId=${user.id}&limit=1`)).body.data["userId"]).toBe(own);
      expect((await call(ines, `${base}?userId=${stranger}`)).status).toBe(404);
    });

    it.each([
      "limit=0",
      "limit=101",
      "limit=abc",
      "limit=1.5",
      "limit=-1",
      "context=KITCHEN",
      "excludeIds=1,2",
      "latitude=91",
    ])("refuse %s and name the field", async (query) => {
      const { status, body, response } = await call(maya, `${base}?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ success: false, error: { code: "input_invalid" } });
      expect(body.error?.field).toContain(query.split("=")[0]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    });

    it("leave out what the caller names", async () => {
      const first = (await call(maya, `${base}?limit=3`)).body.data["items"] as { card: { id: string } }[];
      const ids = first.map(({ card }) => card.id);
      const rest = (await call(maya, `${base}?limit=10&excludeIds=${ids.join(",")}`)).body.data[
        "items"
      ] as typeof first;
      expect(rest.filter(({ card }) => ids.includes(card.id))).toEqual([]);
    });
  });

  describe("an action", () => {
    const view = () => ({ action: "VIEW_PRODUCT", entityType: "PRODUCT", entityId: productId });

    it("is logged once by its id", async () => {
      const eventId = "01990000-0000-7000-8000-0000000000aa";
      const first = await post(maya, base, { ...view(), eventId });
      expect([first.status, first.body.data]).toEqual([
        200,
        { eventId, eventProcessed: true, duplicate: false, shed: false },
      ]);
      const second = await post(maya, base, { ...view(), eventId });
      expect(second.body.data).toEqual({ eventId, eventProcessed: false, duplicate: true, shed: false });
    });

    it("brings recommendations only when they are asked for", async () => {
      expect((await post(maya, base, view())).body.data).not.toHaveProperty("recommendations");
      const { body } = await post(maya, base, { ...view(), getRecommendations: true, limit: 3 });
      expect(body.meta.count).toBe(3);
      expect((body.data["recommendations"] as { items: unknown[] }).items).toHaveLength(3);
    });

    it("brings what it leads to by the table of triggers, for reasons that stand in its row", async () => {
      const rows = (await maya.query("recsys.triggers")).data as unknown as Record<string, unknown>[];
      expect(rows.map(({ action }) => action)).toHaveLength(5);
      const searched = { SEARCH: { context: { searchQuery: "cheese" } } } as Record<string, object>;
      const seen: string[] = [];
      for (const { action, reasons } of rows) {
        const asked = { ...view(), ...searched[String(action)], action, getRecommendations: true };
        const { status, body } = await post(maya, base, asked);
        const { items, trigger } = body.data["recommendations"] as {
          items: { reasons: string[] }[];
          trigger: string;
        };
        expect([status, trigger], String(action)).toEqual([200, action]);
        const own = items.flatMap((item) => item.reasons);
        expect(
          own.filter((reason) => !(reasons as string[]).includes(reason)),
          String(action),
        ).toEqual([]);
        seen.push(...own);
      }
      // Two of the rows have reasons of their own that this small shop can give.
      expect(seen).toEqual(expect.arrayContaining(["SIMILAR_PRODUCTS", "USER_BEHAVIOR"]));
    });

    it("of somebody who does not want to be followed is heard but not stored", async () => {
      const bo = new HttpCaller(server.url);
      await bo.signIn("bo@demo.example");
      const { status, body } = await post(bo, base, view());
      expect([status, body.data["eventProcessed"], body.data["duplicate"]]).toEqual([202, false, false]);
    });

    it("may come as a beacon", async () => {
      expect((await post(maya, base, view(), { "content-type": "text/plain" })).status).toBe(200);
    });

    const bodies: readonly unknown[] = [
      "{",
      { action: "DANCE" },
      {},
      [],
      "null",
      { action: "SEARCH", eventId: "1" },
      { action: "SEARCH", entityId: "\0" },
      { action: "SEARCH", metadata: { query: "half \ud83e" } },
      `{"action":"SEARCH","metadata":{"deep":${"[".repeat(9_000)}${"]".repeat(9_000)}}}`,
    ];
    it.each(bodies.map((body) => ({ body })))("is refused when it is $body", async ({ body }) => {
      const answer = await post(maya, base, body);
      expect([answer.status, answer.body.error?.code]).toEqual([400, "input_invalid"]);
    });

    it("is logged for nobody else, whatever rights one has; an empty id is none", async () => {
      const other = await post(ines, base, { ...view(), userId: stranger });
      expect([other.status, other.body.error]).toMatchObject([
        403,
        { code: "user_mismatch", field: "userId" },
      ]);
      expect((await post(maya, base, { ...view(), userId: "" })).status).toBe(200);
    });

    it("is refused from a page of another site", async () => {
      expect((await post(maya, base, view(), { origin: "https://elsewhere.example" })).status).toBe(403);
    });
  });

  describe("what is bought together", () => {
    it("is public, the same for everybody, and kept for five minutes", async () => {
      const path = `${base}/frequently-bought-together?productId=${productId}`;
      const { response, status, body } = await call(visitor(), path);
      expect(status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("public, max-age=300");
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get("surrogate-key")).toContain(`product:${productId}`);
      expect(body.meta.count).toBe((body.data["items"] as unknown[]).length);
      expect((await call(maya, path)).response.headers.get("etag")).toBe(response.headers.get("etag"));
    });

    it("is the only list of a model's that is answered to a browser that is held out of recommendations", async () => {
      const arms = [
        { key: "control", name: "As it is", weight: 0.02 },
        { key: "none", name: "None", weight: 0.98, config: { recommendations: false } },
      ];
      const plan = {
        key: "nothing",
        name: "Nothing",
        surface: "recommendations",
        primaryMetric: "conversion",
      };
      const { data } = await ines.mutate("admin.experiments.create", { ...plan, arms, guardrails: [] });
      const id = String(data["id"]);
      const path = `${base}/frequently-bought-together?productId=${productId}`;
      const before = await call(visitor(), path);
      expect((await ines.mutate("admin.experiments.start", { id })).reason).toBeUndefined();
      try {
        // A cookie is dealt an arm; two in a hundred get control.
        let browser = visitor();
        for (let i = 0; i < 10; i++, browser = visitor()) {
          await browser.mutate("realtime.ticket");
          if ((await call(browser, base)).body.data["arm"] === "none") break;
        }
        expect((await call(browser, base)).body.data["items"]).toEqual([]);
        for (const list of ["similarItems", "boughtTogether", "substitutes"])
          expect((await browser.query(`recsys.${list}`, { productId })).data["items"], list).toEqual([]);
        const added = { action: "ADD_TO_CART", entityType: "PRODUCT", entityId: productId };
        const { body } = await post(browser, base, { ...added, getRecommendations: true });
        expect(body.data["recommendations"]).toMatchObject({ items: [], arm: "none" });
        const together = await call(browser, path);
        expect(together.response.headers.get("etag")).toBe(before.response.headers.get("etag"));
        expect(together.body.data["userId"]).toBeNull();
      } finally {
        await ines.mutate("admin.experiments.stop", { id });
      }
    });

    it("is gone from a shared cache that keeps it for 300 s, as soon as a member product is taken off", async () => {
      const throughCache = async (path: string) => {
        const known = kept.get(path);
        if (known) return known;
        const response = await visitor().fetch(path);
        const keys = (response.headers.get("surrogate-key") ?? "").split(" ");
        const answer = { keys, status: response.status, body: await response.text() };
        if (response.headers.get("cache-control")?.includes("max-age=300")) kept.set(path, answer);
        return answer;
      };
      const farmId = await farmIdOf("hollow-oak");
      const tomas = new HttpCaller(server.url);
      await tomas.signIn("tomas@demo.example");
      const setStatus = (member: string, status: "live" | "hidden") =>
        tomas.mutate("farmCatalog.products.setStatus", { farmId, productId: member, status });
      const { data } = await tomas.query("search.query", { limit: 50 });
      const found = (data["hits"] as { card: { id: string; farm: { slug: string } } }[]).map(
        ({ card }) => card,
      );
      const own = new Set(found.filter(({ farm }) => farm.slug === "hollow-oak").map(({ id }) => id));
      let path = "";
      let member: string | undefined;
      for (const { id } of found) {
        path = `${base}/frequently-bought-together?productId=${id}`;
        const { body } = await call(visitor(), path);
        const items = body.data["items"] as { card: { id: string } }[];
        member = items.map(({ card }) => card.id).find((one) => own.has(one));
        if (member) break;
      }
      expect(member).toBeDefined();
      expect((await throughCache(path)).body).toContain(member);
      const recount = (countedBase: number) =>
        tomas.mutate("farmStock.record", {
          farmId,
          productId: member,
          reason: "recount",
          countedBase,
          idempotencyKey: `recount-${countedBase}`,
        });
      expect((await recount(0)).reason).toBeUndefined();
      await expect
        .poll(async () => (await throughCache(path)).body, { timeout: 10_000 })
        .not.toContain(member);
      expect((await recount(90_000)).reason).toBeUndefined();
      const asked = async (): Promise<string> => {
        kept.clear();
        return (await throughCache(path)).body;
      };
      await expect.poll(asked, { timeout: 10_000 }).toContain(member);
      expect((await setStatus(member!, "hidden")).reason).toBeUndefined();
      await expect
        .poll(async () => (await throughCache(path)).body, { timeout: 10_000 })
        .not.toContain(member);
      expect((await throughCache(path)).status).toBe(200);
      expect((await setStatus(member!, "live")).reason).toBeUndefined();
    });

    it.each(["", "?productId=", "?productId=1", `?productId=${stranger}&limit=21`])(
      "refuses %j",
      async (query) => {
        expect((await call(maya, `${base}/frequently-bought-together${query}`)).status).toBe(400);
      },
    );
  });

  describe("figures", () => {
    it("are for operators", async () => {
      expect((await call(visitor(), `${base}/stats`)).status).toBe(401);
      expect((await call(maya, `${base}/stats`)).status).toBe(403);
      const { status, body } = await call(ines, `${base}/stats?detailed=true`);
      expect(status).toBe(200);
      const { events, health } = body.data as { events: Record<string, unknown>; health: { status: string } };
      const byType = Object.values(events["byType"] as Record<string, number>);
      expect(byType.reduce((a, b) => a + b, 0)).toBe(events["total"]);
      expect(health.status).toBe("HEALTHY");
      expect(body.meta).toMatchObject({ nodeVersion: process.version });
    });

    it("take no key in the address, from nobody", async () => {
      for (const caller of [visitor(), maya, ines]) {
        const { status } = await call(caller, `${base}/stats?adminKey=secret`, { method: "DELETE" });
        expect(status).toBe(401);
      }
    });

    it("let an operator clear the queue and begin at zero, on the record", async () => {
      expect((await call(maya, `${base}/stats`, { method: "DELETE" })).status).toBe(403);
      const { status, body } = await call(ines, `${base}/stats`, { method: "DELETE" });
      expect(status).toBe(200);
      expect(body.data).toMatchObject({ before: { parked: 0 }, after: { parked: 0 } });
      expect((await post(maya, `${base}/stats`, { resetType: "events" })).status).toBe(403);
      const reset = await post(ines, `${base}/stats`, { resetType: "events" });
      expect([reset.status, reset.body.data]).toMatchObject([200, { resetType: "events", after: 0 }]);
      expect((await post(ines, `${base}/stats`, { resetType: "everything" })).status).toBe(400);
    });
  });

  describe("search", () => {
    const path = "/api/search/personalized";
    const ranking = "/api/search/ranking";
    const put = (caller: HttpCaller, body: unknown) =>
      call(caller, ranking, {
        method: "PUT",
        headers: { "content-type": "application/json", origin: server.url },
        body: JSON.stringify(body),
      });
    const weights = { base: 0.5, personalization: 0.2, recency: 0.1, popularity: 0.1, seasonal: 0.1 };

    it("finds for anybody, explains every score and names the version of its weights", async () => {
      const { status, body } = await call(visitor(), `${path}?q=tomatos&limit=3`);
      expect(status).toBe(200);
      expect(body.data).toMatchObject({ rankingVersion: 0, personalised: false });
      const hits = body.data["hits"] as {
        score: number;
        explain: Record<string, { contribution: number }>;
      }[];
      expect(body.meta.count).toBe(hits.length);
      const sum = Object.values(hits[0]!.explain).reduce((all, { contribution }) => all + contribution, 0);
      expect(sum).toBeCloseTo(hits[0]!.score, 9);
    });

    it("is personal to whoever asks, unless they would rather not", async () => {
      expect((await call(maya, `${path}?q=fresh`)).body.data["personalised"]).toBe(true);
      expect((await call(maya, `${path}?q=fresh&personalize=false`)).body.data["personalised"]).toBe(false);
      expect((await call(visitor(), `${path}?userId=${stranger}`)).status).toBe(401);
      expect((await call(maya, `${path}?userId=${stranger}`)).status).toBe(403);
      expect((await call(ines, `${path}?userId=${stranger}`)).status).toBe(403);
    });

    it.each(["limit=0", "sort=luck", "maxKm=-1", "minPriceCents=1.5", "organic=perhaps", "offset=100001"])(
      "refuses %s and names the field",
      async (query) => {
        const { status, body } = await call(maya, `${path}?${query}`);
        expect([status, body.error?.field]).toEqual([400, query.split("=")[0]]);
      },
    );

    it("refuses half of a place rather than leave it out", async () => {
      for (const from of [path, base])
        for (const half of ["latitude=41.7", "longitude=-73.9"]) {
          const { status, body } = await call(maya, `${from}?${half}`);
          expect([status, body.error?.field]).toEqual([400, "longitude"]);
        }
      expect((await call(maya, `${path}?latitude=41.7&longitude=-73.9&limit=1`)).status).toBe(200);
    });

    it("keeps no draft of weights that somebody else's switch forestalled", async () => {
      const versions = async () => (await call(ines, ranking)).body.data["versions"] as unknown[];
      const before = await versions();
      const { status, body } = await put(ines, { weights, expectedLive: 7 });
      expect([status, body.error?.code]).toEqual([409, "ranking_changed"]);
      expect(await versions()).toEqual(before);
    });

    it("keeps its weights for operators", async () => {
      for (const [caller, status] of [[visitor(), 401] as const, [maya, 403] as const]) {
        expect((await call(caller, ranking)).status).toBe(status);
        expect((await put(caller, { weights })).status).toBe(status);
      }
      expect((await call(ines, ranking)).body.data).toMatchObject({ live: 0 });
    });

    it("goes by new weights as soon as an operator puts them, and by the old ones after a rollback", async () => {
      const { status, body } = await put(ines, { weights, note: "Words first" });
      expect([status, body.data]).toMatchObject([201, { isLive: true, version: { weights } }]);
      const id = body.data["id"] as number;
      expect((await call(visitor(), `${path}?q=kale`)).body.data["rankingVersion"]).toBe(id);
      await ines.mutate("admin.ranking.rollBack", {});
      expect((await call(visitor(), `${path}?q=kale`)).body.data["rankingVersion"]).toBe(0);
    });

    it("refuses weights that do not sum to one, in a sentence that says to what they do", async () => {
      const { status, body } = await put(ines, { weights: { ...weights, base: 0.6 } });
      expect([status, body.error?.code]).toEqual([400, "weights_do_not_sum"]);
      expect(body.error?.message).toMatch(/sum to 1, not 1\.1/);
      expect((await put(ines, { weights: { base: 1 } })).status).toBe(400);
    });
  });

  it("gives a ticket to the live lane", async () => {
    const { status, body } = await post(maya, "/api/realtime/ticket", {});
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ticket: expect.any(String) as string,
      expiresAt: expect.any(String) as string,
    });
  });

  it("answers a poll of the live lane, and an idle one with 304", async () => {
    const path = "/api/realtime/recommendations?topics=cart";
    const begin = await call(maya, path);
    expect(begin.body.data["messages"]).toEqual([]);
    const cursor = String(begin.body.data["cursor"]);
    const known = { headers: { "if-none-match": begin.response.headers.get("etag") ?? "" } };
    expect((await maya.fetch(`${path}&cursor=${cursor}`, known)).status).toBe(304);
    const product = await maya.query("products.get", { slug: "heirloom-tomatoes-hollow-oak" });
    await maya.mutate("cart.add", { variantId: product.data["variantId"], quantity: 1 });
    await expect
      .poll(async () => (await maya.fetch(`${path}&cursor=${cursor}`, known)).status, { timeout: 10_000 })
      .toBe(200);
    const heard = await call(maya, `${path}&cursor=${cursor}`);
    expect(heard.body.data["messages"]).toMatchObject([{ type: "CART_UPDATE", topic: "cart" }]);
    expect(heard.body.meta.count).toBe(1);
    expect((await call(maya, "/api/realtime/recommendations?cursor=x")).status).toBe(400);
    expect((await call(maya, "/api/realtime/recommendations?topics=operate:monitor")).status).toBe(403);
  });

  it("answers each role as the page says: visitor, shopper, farmer, operator", async () => {
    const tomas = new HttpCaller(server.url);
    await tomas.signIn("tomas@demo.example");
    const everybody = [200, 200, 200, 200];
    const operators = [401, 403, 403, 200];
    const farmers = [401, 403, 200, 200];
    const farmId = await farmIdOf("hollow-oak");
    const farm = `?farmId=${farmId}`;
    const noAdvice = JSON.stringify({ farmId, adviceId: stranger, decision: "ACCEPT" });
    const json = { "content-type": "application/json", origin: server.url };
    const nowhere = [404, 404, 404, 404];
    const viewedNothing = JSON.stringify({
      action: "ADD_TO_WISHLIST",
      entityType: "PRODUCT",
      entityId: stranger,
      getRecommendations: true,
    });
    const viewed = JSON.stringify({ action: "VIEW_PRODUCT", entityType: "PRODUCT", entityId: productId });
    const cells: [method: "get" | "post", path: string, query: string, expected: number[], body?: string][] =
      [
        ["get", base, "?limit=1", everybody],
        ["post", base, "", everybody, viewed],
        ["get", `${base}/frequently-bought-together`, `?productId=${productId}`, everybody],
        ["get", `${base}/stats`, "", operators],
        ["get", "/api/search/personalized", "?q=tomato", everybody],
        ["get", "/api/search/ranking", "", operators],
        ["get", "/api/realtime/recommendations", "", everybody],
        ["get", "/api/realtime/events", "", everybody],
        ["post", "/api/realtime/ticket", "", everybody, "{}"],
        ["get", "/api/inventory/forecast", farm, farmers],
        ["get", "/api/inventory/optimize", `${farm}&leaning=50`, farmers],
        ["get", "/api/inventory/trends", farm, farmers],
        ["get", "/api/inventory/recommendations", farm, farmers],
        ["post", "/api/inventory/recommendations", "", [401, 403, 404, 404], noAdvice],
        ["get", "/api/ml/models", "", operators],
        ["get", "/api/ml/train", "?name=churn", operators],
        ["post", "/api/ml/train", "", [401, 403, 403, 202], JSON.stringify({ name: "churn", seed: 11 })],
        // Nothing is live in a world this small.
        ["post", "/api/ml/predict", "", [401, 503, 503, 503], JSON.stringify({ name: "churn", input: {} })],
        ["get", base, `?productId=${stranger}`, nowhere],
        ["get", `${base}/frequently-bought-together`, `?productId=${stranger}`, nowhere],
        ["post", base, "", everybody, viewedNothing],
      ];
    const { paths } = (await (await visitor().fetch("/api/openapi.json")).json()) as {
      paths: Record<string, Record<string, { responses: object }>>;
    };
    for (const [method, path, query, expected, body] of cells) {
      const found: number[] = [];
      for (const caller of [visitor(), maya, tomas, ines]) {
        const init = body === undefined ? {} : { method: "POST", headers: json, body };
        const response = await caller.fetch(path + query, init);
        found.push(response.status);
        await response.body?.cancel();
        expect(paths[path]?.[method]?.responses, `${method} ${path}`).toHaveProperty(String(response.status));
      }
      expect(found, `${method} ${path}`).toEqual(expected);
    }
  });

  it("answers every operation as the page says to what is missing, wrong, unknown, too long and no JSON", async () => {
    const document = (await (await visitor().fetch("/api/openapi.json")).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const farmId = await farmIdOf("hollow-oak");
    const known: Record<string, unknown> = { productId, farmId, adviceId: stranger, decision: "UNDO" };
    Object.assign(known, { name: "churn", input: {} });
    // The id of an event is the client's own; a market only narrows, and so does a farm of the list of trainings.
    const isLookedUp = (name: string, { format }: Property, operation: string): boolean =>
      format === "uuid" && !["eventId", "marketId"].includes(name) && operation !== "get /api/ml/train";
    const wrong: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { parameters = [], requestBody, responses }] of Object.entries(operations)) {
        const body = requestBody?.content["application/json"].schema;
        const { properties = {}, required = [] } = body?.oneOf?.at(-1) ?? body ?? {};
        const parts = new Map(Object.entries(properties));
        for (const { name, schema } of parameters) parts.set(name, schema);
        const needed = [...required, ...parameters.filter((one) => one.required).map(({ name }) => name)];
        const whole = Object.fromEntries(needed.map((name) => [name, known[name] ?? "x"]));
        const asked: [what: string, input: Record<string, unknown> | string, expected?: number][] = [];
        for (const [name, schema] of parts) {
          if (isLookedUp(name, schema, `${method} ${path}`))
            asked.push([`unknown ${name}`, { ...whole, [name]: stranger }, 404]);
          // Another's id is refused before it is read, and a cursor that is none begins from now.
          const bad = ["userId", "lastEventId"].includes(name) && !body ? undefined : 400;
          asked.push([`bad ${name}`, { ...whole, [name]: body ? { "\0": 1 } : "\0" }, bad]);
        }
        if (needed.length > 0) asked.push(["nothing", {}, 400]);
        if (body) asked.push(["no JSON", "{", 400], ["too much", JSON.stringify("x".repeat(70_000)), 413]);
        if (asked.length === 0) asked.push(["nothing", {}]);
        for (const [what, input, expected] of asked) {
          const isQuery = !body && typeof input === "object";
          const query = isQuery ? `?${new URLSearchParams(input as Record<string, string>).toString()}` : "";
          const init: RequestInit =
            method === "get"
              ? {}
              : {
                  method: method.toUpperCase(),
                  headers: { "content-type": "application/json", origin: server.url },
                  ...(body && { body: typeof input === "string" ? input : JSON.stringify(input) }),
                };
          for (const caller of [visitor(), ines]) {
            const response = await caller.fetch(path + query, init);
            const { status } = response;
            const said = `${caller === ines ? "operator" : "visitor"}: ${method} ${path}, ${what}: ${status}`;
            if (!(status in responses)) wrong.push(`${said}, which the page does not name`);
            if (caller === ines && expected && status !== expected) wrong.push(`${said}, not ${expected}`);
            if (status < 400) await response.body?.cancel();
            else {
              const envelope = (await response.json()) as Partial<Envelope>;
              if (
                envelope.success ||
                !envelope.error?.code ||
                !envelope.error.message ||
                !envelope.meta?.requestId
              )
                wrong.push(`${said}, in another shape`);
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("advises a farm by its own figures, takes its answer, and knows nothing of another's", async () => {
    const tomas = new HttpCaller(server.url);
    await tomas.signIn("tomas@demo.example");
    const farmId = await farmIdOf("hollow-oak");
    const path = "/api/inventory/recommendations";
    const { body } = await call(tomas, `${path}?farmId=${farmId}`);
    const pending = body.data["pending"] as { id: string; type: string }[];
    expect(body.meta.count).toBe(pending.length);
    const adviceId = pending.find(({ type }) => type === "BRING_TO_MARKET")!.id;
    const accepted = await post(tomas, path, { farmId, adviceId, decision: "ACCEPT" });
    expect(accepted.body.data["advice"]).toMatchObject({ id: adviceId, status: "ACCEPTED" });
    const undone = await post(tomas, path, { farmId, adviceId, decision: "UNDO" });
    expect(undone.body.data["advice"]).toMatchObject({ id: adviceId, status: "PENDING" });
    expect((await post(tomas, path, { farmId, adviceId, decision: "REJECT" })).status).toBe(400);
    expect((await call(tomas, `/api/inventory/optimize?farmId=${farmId}&leaning=101`)).status).toBe(400);
    const other = await farmIdOf("fern-bank");
    for (const name of ["forecast", "optimize", "trends", "recommendations"])
      expect((await call(tomas, `/api/inventory/${name}?farmId=${other}`)).status).toBe(404);
    expect((await post(tomas, path, { farmId: other, adviceId, decision: "ACCEPT" })).status).toBe(404);
  });

  it("describes itself, to machines and to people", async () => {
    const document = (await (await visitor().fetch("/api/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
      components: { schemas: object };
    };
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)];
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!);
    const page = await (await visitor().fetch("/api/docs")).text();
    for (const path of Object.keys(document.paths)) expect(page).toContain(path);
    expect(page).not.toContain("<script");
  });

  it("answers what it does not know in the same envelope", async () => {
    const { status, body } = await call(visitor(), "/api/nonsense");
    expect([status, body.success, body.error?.code]).toEqual([404, false, "not_found"]);
  });
});

describe("a caller who asks too often", () => {
  it("is told when to come back", async () => {
    await using folder = await tinyShopFolder();
    const server = await startServerProcess(folder.path, { RATE_LIMIT_FACTOR: "0.01" });
    try {
      const caller = new HttpCaller(server.url);
      const answers: Response[] = [];
      for (let n = 0; n < 20; n++) answers.push(await caller.fetch(`${base}?limit=1`));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(((await refused[0]!.json()) as Envelope).error?.code).toBe("too_many_requests");
    } finally {
      await server.end("SIGTERM");
    }
  }, 120_000);
});
