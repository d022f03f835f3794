import { afterEach, beforeEach, expect, it } from "vitest";
import { liveMessages } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { buildPerson, marketIdOf, productIdOf, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { appendAction, createOutboxRelay, leadingThrottle } from "@almanac/events";
import { anAction, aRequestContext } from "@almanac/events/testing";
import type { ShopperId } from "@almanac/kernel";
import {
  anonymousCaller,
  createCallerFactory,
  router,
  silentLogger,
  type RequestContext,
} from "@almanac/trpc";
import { triggers, type TriggerAction } from "./core/lists/triggers.ts";
import { recommendationTriggers } from "./live/triggers.ts";
import { recsysRoutes } from "./router.ts";
import { homeSchema, recommendationsSchema } from "./shapes.ts";
import { buildOrder, fillCart, openSmallStall, startRecsys, type TestRecsys } from "./testing.ts";

const maya = shopperIdOf("maya");
const marketId = marketIdOf("riverside");
const clock = { now: () => testNow };

describeOnEveryDatabase("a shopper who is held out of recommendations", (test) => {
  let recsys: TestRecsys;
  let heldOut: ShopperId | undefined;

  beforeEach(async () => {
    heldOut = maya;
    await test.fill("the stall", () => openSmallStall(test.db));
    await buildPerson(test.db, "maya");
    for (let i = 0; i < 8; i++) {
      await buildPerson(test.db, `neighbour-${i}`);
      await buildOrder(test.db, shopperIdOf(`neighbour-${i}`), {
        daysAgo: 1 + (i % 4),
        goods: i % 2 === 0 ? ["kale", "spinach", "basil"] : ["tomato", "mozzarella"],
      });
    }
    for (const daysAgo of [24, 17, 10]) await buildOrder(test.db, maya, { daysAgo, goods: ["kale", "brie"] });
    await fillCart(test.db, maya, ["kale"]);
    recsys = await startRecsys(test.handle, {
      clock,
      chooseArm: ({ shopperId }) => (shopperId !== undefined && shopperId === heldOut ? "none" : "control"),
    });
  });
  afterEach(() => recsys.stop());

  const about = { shopperId: maya, marketId, productId: productIdOf("kale") };
  const { productId, ...here } = about;
  const modelMade = async (): Promise<Record<string, { readonly items: readonly unknown[] }>> => {
    const { service } = recsys;
    const triggered = Object.keys(triggers) as TriggerAction[];
    return {
      "for shopper": await service.forShopper(here),
      similar: await service.similarItems(about),
      together: await service.boughtTogether(about),
      cart: await service.forCart(here),
      substitutes: await service.substitutes(about),
      "buy again": await service.buyAgain(here),
      ...Object.fromEntries(
        await Promise.all(
          triggered.map(async (action) => [
            action,
            (await service.triggered(action, { ...about, cartProductIds: [productId] }))!,
          ]),
        ),
      ),
    };
  };

  it("gets no list that is personal or that a model made, and is told by which arm", async () => {
    const none = await modelMade();
    for (const [name, { items }] of Object.entries(none)) expect(items, name).toEqual([]);
    const { "buy again": _, ...answers } = none;
    for (const answer of Object.values(answers))
      expect(recommendationsSchema.parse(answer)).toMatchObject({
        arm: "none",
        userId: maya,
        algorithms: [],
      });
    heldOut = undefined;
    // Each has something for the same shopper otherwise; new things of favourite farms are not among these orders.
    const { ADD_TO_WISHLIST: __, ...others } = await modelMade();
    for (const [name, { items }] of Object.entries(others)) expect(items.length, name).toBeGreaterThan(0);
  });

  it("sees on the home page what a stranger sees there, in the same order, and nothing of their own", async () => {
    const { service } = recsys;
    const ask = { marketId, cartProductIds: [productId] };
    const home = await service.home({ ...ask, shopperId: maya });
    const { forYou, ...alike } = await service.home(ask);
    expect(forYou.length).toBeGreaterThan(0);
    expect(homeSchema.parse(home)).toMatchObject({ forYou: [], arm: "none" });
    for (const section of ["trending", "inSeason", "newArrivals", "priceDrops", "coming", "ending"] as const)
      expect(
        home[section].map(({ card }) => card.slug),
        section,
      ).toEqual(alike[section].map(({ card }) => card.slug));
    expect(home.inSeason.length + home.trending.length).toBeGreaterThan(0);
    const trending = await service.trending({ ...ask, shopperId: maya });
    expect(trending.items).toEqual((await service.trending(ask)).items);
    expect(await service.home({ ...ask, shopperId: maya, sections: ["forYou"] })).toMatchObject({
      forYou: [],
    });
  });

  it("is pushed nothing", async () => {
    const pushes = recommendationTriggers({
      service: recsys.service,
      handle: test.handle,
      bus: recsys.bus,
      clock,
      log: silentLogger,
      throttle: leadingThrottle({ clock }),
    });
    const relay = createOutboxRelay({
      handle: test.handle,
      bus: recsys.bus,
      clock,
      log: silentLogger,
      consumers: [pushes.consumer],
    });
    const add = async (slug: string) => {
      await appendAction(
        test.db,
        anAction({
          action: "ADD_TO_CART",
          shopperId: maya,
          entityType: "PRODUCT",
          entityId: productIdOf(slug),
        }),
      );
      await relay.drain();
      await pushes.idle();
      return test.db.$count(liveMessages);
    };
    expect(await add("kale")).toBe(0);
    heldOut = undefined;
    expect(await add("tomato")).toBe(1);
    await relay.stop();
  });

  it("is known by the cookie before the first purchase, on every list", async () => {
    const context = (visitorId: ShopperId | undefined): RequestContext => ({
      ...aRequestContext(test.handle, { caller: anonymousCaller, clock }),
      visitorId: () => visitorId,
    });
    const { admin: _, ...routes } = recsysRoutes({ recsys: recsys.service });
    const as = (visitorId: ShopperId | undefined) =>
      createCallerFactory(router(routes))(context(visitorId)).recsys;
    for (const [visitorId, isHeldOut] of [[maya, true] as const, [undefined, false] as const]) {
      const api = as(visitorId);
      const lists = [
        await api.similarItems({ marketId, productId }),
        await api.boughtTogether({ marketId, productId }),
        await api.substitutes({ marketId, productId }),
      ];
      for (const { items } of lists) expect(items.length === 0).toBe(isHeldOut);
    }
  });
});
