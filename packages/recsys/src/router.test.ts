import { afterEach, beforeEach, expect, it } from "vitest";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildPerson,
  buildProduct,
  callerNamed,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { aRequestContext } from "@almanac/events/testing";
import { isAppError, newId, type ProductId } from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, router, type Caller } from "@almanac/trpc";
import { recommendOnSocket } from "./live/on-socket.ts";
import { recsysRoutes } from "./router.ts";
import { homeSchema, recommendationsSchema } from "./shapes.ts";
import { buildOrder, openSmallStall, startRecsys, type TestRecsys } from "./testing.ts";

const maya = shopperIdOf("maya");
const marketId = marketIdOf("riverside");

describeOnEveryDatabase("recommendation routes", (test) => {
  let recsys: TestRecsys;

  beforeEach(async () => {
    await test.fill("the stall", () => openSmallStall(test.db));
    for (const name of ["maya", "jonas"]) await buildPerson(test.db, name);
    for (const daysAgo of [3, 10, 17])
      await buildOrder(test.db, maya, { daysAgo, goods: ["kale", "spinach"] });
    recsys = await startRecsys(test.handle);
  });
  afterEach(() => recsys.stop());

  const as = (caller: Caller) => {
    const { admin, ...routes } = recsysRoutes({ recsys: recsys.service });
    const clock = { now: () => testNow };
    return createCallerFactory(router({ ...routes, admin: router(admin) }))(
      aRequestContext(test.handle, { caller, clock }),
    );
  };
  const codeOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    const cause = error instanceof Error ? error.cause : undefined;
    return isAppError(cause)
      ? cause.code
      : error instanceof Error && "code" in error
        ? error.code
        : undefined;
  };

  it("answers everything in the one shape of the contract, to a stranger as to a shopper", async () => {
    const productId = productIdOf("kale");
    for (const caller of [anonymousCaller, callerNamed("maya")]) {
      const api = as(caller).recsys;
      const answers = [
        await api.forShopper({}),
        await api.forShopper({ productId, category: "greens", limit: 3, context: { searchQuery: "kale" } }),
        await api.similarItems({ productId }),
        await api.boughtTogether({ productId }),
        await api.forCart(),
        await api.trending(),
      ];
      for (const answer of answers) {
        expect(recommendationsSchema.parse(JSON.parse(JSON.stringify(answer)))).toMatchObject({
          userId: caller.shopperId ?? null,
        });
      }
      homeSchema.parse(JSON.parse(JSON.stringify(await api.home())));
    }
  });

  it("says of what was never on sale, unknown or a draft, that there is no such product", async () => {
    const draft = await buildProduct(test.db, { slug: "leek", status: "draft" });
    const { forShopper, similarItems, boughtTogether, substitutes } = as(callerNamed("maya")).recsys;
    for (const productId of [newId<ProductId>(), draft]) {
      for (const ask of [forShopper, similarItems, boughtTogether, substitutes])
        expect(await codeOf(ask({ productId }))).toBe("product_not_found");
      const onSocket = recommendOnSocket(recsys.service)({}, { productId, limit: 3 });
      await expect(onSocket).rejects.toMatchObject({ code: "product_not_found" });
    }
  });

  it("goes on answering about a product that was taken off the shelf while its page is open", async () => {
    const productId = await buildProduct(test.db, { slug: "sorrel", status: "hidden" });
    expect((await as(anonymousCaller).recsys.forShopper({ productId })).items).not.toEqual([]);
  });

  it("knows a product that was listed this very second, before the shop window has it", async () => {
    const productId = await buildProduct(test.db, { slug: "chard" });
    expect(recsys.shopWindow.find(productId)).toBeUndefined();
    expect((await as(anonymousCaller).recsys.forShopper({ productId })).items).not.toEqual([]);
  });

  it("keeps a shopper's recommendations from everybody who may not ask for any", async () => {
    const own = await as(callerNamed("maya")).recsys.forShopper({ shopperId: maya });
    expect(await codeOf(as(callerNamed("jonas")).recsys.forShopper({ shopperId: maya }))).toBe(
      "user_mismatch",
    );
    expect(await codeOf(as(anonymousCaller).recsys.home({ shopperId: maya }))).toBe("user_mismatch");
    const analyst = await as(callerNamed("jonas", { roles: ["analyst"] })).recsys.forShopper({
      shopperId: maya,
    });
    expect(analyst.items).toEqual(own.items);
  });

  it("refuses more than twenty that were bought together", async () => {
    const productId = productIdOf("kale");
    expect(await codeOf(as(anonymousCaller).recsys.boughtTogether({ productId, limit: 21 }))).toBe(
      "BAD_REQUEST",
    );
  });

  it("shows operators totals, success rate, latencies and triggers, and nobody else", async () => {
    const api = as(callerNamed("maya"));
    await api.recsys.forShopper({ marketId });
    await api.recsys.trending();
    await recsys.service.flushCounts();
    expect(await codeOf(api.admin.monitor.recommendations())).toBe("right_missing");
    const seen = await as(callerNamed("maya", { roles: ["operator"] })).admin.monitor.recommendations();
    expect(seen).toMatchObject({ total: 2, ok: 2, failed: 0, successRate: 1, throttled: 0 });
    const seasonal = seen.algorithms.find(({ algorithm }) => algorithm === "seasonal");
    expect(seasonal?.calls).toBe(1);
    expect(seasonal?.meanMs).toBeGreaterThan(0);
    expect(seen.triggered.map(({ action }) => action)).toContain("ADD_TO_CART");
  });
});
