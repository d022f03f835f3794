import { afterEach, beforeEach, expect, it } from "vitest";
import { asc, eq, ne } from "drizzle-orm";
import { farmFollows, liveMessages, orders, products, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildPerson,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import {
  appendAction,
  createOutboxRelay,
  leadingThrottle,
  publishFact,
  readCounts,
  type ActionInput,
  type OutboxRelay,
} from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import {
  days,
  newId,
  seconds,
  shiftedClock,
  type EventId,
  type OrderId,
  type ShopperId,
} from "@almanac/kernel";
import { anonymousCaller, silentLogger } from "@almanac/trpc";
import { triggers, type TriggerAction } from "../core/lists/triggers.ts";
import { recommendationsSchema } from "../shapes.ts";
import {
  buildOrder,
  fillCart,
  openSmallStall,
  startRecsys,
  type StallGood,
  type TestRecsys,
} from "../testing.ts";
import { recommendationUpdates } from "../service/freshness.ts";
import { recommendForEvent, recommendationTriggers, type RecommendationTriggers } from "./triggers.ts";

const maya = shopperIdOf("maya");

describeOnEveryDatabase("pushed recommendations", (test) => {
  let recsys: TestRecsys;
  let relay: OutboxRelay;
  let pushes: RecommendationTriggers;
  let there: readonly ShopperId[] | undefined;
  let noted: [step: string, traceId: string][] = [];
  const clock = shiftedClock(testNow, { now: () => testNow });

  beforeEach(async () => {
    await test.fill("the stall", () => openSmallStall(test.db));
    await buildPerson(test.db, "maya");
    for (const [group, goods] of Object.entries({
      caprese: ["tomato", "mozzarella", "basil"],
      roots: ["carrot", "beet"],
    } satisfies Record<string, StallGood[]>)) {
      for (let i = 0; i < 8; i++) {
        await buildPerson(test.db, `${group}-${i}`);
        await buildOrder(test.db, shopperIdOf(`${group}-${i}`), { daysAgo: 1 + (i % 4), goods });
      }
    }
    await test.db
      .update(products)
      .set({ listedAt: new Date(testNow.getTime() - days(1)) })
      .where(eq(products.id, productIdOf("plum")));
    await test.db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf("ridge") });
    const { handle } = test;
    recsys = await startRecsys(handle, { clock });
    const { service, bus } = recsys;
    pushes = recommendationTriggers({
      service,
      handle,
      bus,
      clock,
      log: silentLogger,
      throttle: leadingThrottle({ clock }),
      presence: { among: (_, shopperIds) => Promise.resolve(new Set(there ?? shopperIds)) },
      steps: { note: (step, _, traceId) => void noted.push([step, traceId]) },
    });
    noted = [];
    there = undefined;
    const consumers = [pushes.consumer, recommendationUpdates({ bus, clock })];
    relay = createOutboxRelay({ handle, bus, clock, log: silentLogger, consumers });
  });
  afterEach(async () => {
    await relay.stop();
    await recsys.stop();
  });

  const act = (overrides: Partial<ActionInput>) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action: "VIEW_PRODUCT",
      shopperId: maya,
      entityType: "PRODUCT",
      entityId: productIdOf("tomato"),
      traceId: "test",
      occurredAt: clock.now(),
      ...overrides,
    });
  const settle = async () => {
    await relay.drain();
    await pushes.idle();
    await recsys.service.flushCounts();
  };
  const sent = () => test.db.select().from(liveMessages).orderBy(asc(liveMessages.seq));
  const actions: Record<TriggerAction, Partial<ActionInput>> = {
    VIEW_PRODUCT: { action: "VIEW_PRODUCT" },
    ADD_TO_CART: { action: "ADD_TO_CART" },
    SEARCH: { action: "SEARCH", entityType: "SEARCH", entityId: undefined, metadata: { query: "greens" } },
    ADD_TO_WISHLIST: { action: "ADD_TO_WISHLIST" },
    COMPLETE_PURCHASE: { action: "COMPLETE_PURCHASE", metadata: { productIds: [productIdOf("tomato")] } },
  };

  it("answers each of the five actions with reasons of its row in the table", async () => {
    const recommend = recommendForEvent(recsys.service);
    const ctx = aRequestContext(test.handle, { caller: { ...anonymousCaller, shopperId: maya }, clock });
    for (const [action, { entityType, entityId, metadata }] of Object.entries(actions)) {
      const plain = action === "SEARCH" ? {} : { entityType, entityId: entityId ?? productIdOf("tomato") };
      const answer = await recommend(ctx, { action, ...plain, metadata });
      const row = triggers[action as TriggerAction];
      expect(answer?.items.length, action).toBeGreaterThan(0);
      expect(answer?.items.length).toBeLessThanOrEqual(row.limit);
      for (const { reason } of answer?.items ?? []) expect(row.reasons, action).toContain(reason);
      expect(recommendationsSchema.parse(answer)).toMatchObject({ trigger: action, userId: maya });
    }
  });

  it("answers a purchase that names its own order, by number or id, and as many as are asked for", async () => {
    const recommend = recommendForEvent(recsys.service);
    const own = await buildOrder(test.db, maya, { daysAgo: 0, goods: ["carrot"] });
    const ctx = aRequestContext(test.handle, { caller: { ...anonymousCaller, shopperId: maya }, clock });
    const [order] = await test.db.select().from(orders).where(eq(orders.id, own));
    const slugsFor = async (entityId: string): Promise<string[] | undefined> =>
      (
        await recommend(ctx, { action: "COMPLETE_PURCHASE", entityType: "ORDER", entityId }, { limit: 1 })
      )?.items.map(({ card }) => card.slug);
    expect(await slugsFor(own)).toEqual(["beet"]);
    expect(await slugsFor(order!.number)).toEqual(["beet"]);
    const [other] = await test.db.select().from(orders).where(ne(orders.shopperId, maya)).limit(1);
    expect(await slugsFor(other!.number)).toEqual([]);
  });

  it("pushes to the shopper's own channel what the action sets off, and says which", async () => {
    await fillCart(test.db, maya, ["tomato", "mozzarella"]);
    for (const action of ["VIEW_PRODUCT", "ADD_TO_CART", "SEARCH", "ADD_TO_WISHLIST"] as const)
      await act(actions[action]);
    await publishFact(test.db, {
      topic: "order.placed",
      payload: {
        orderId: newId<OrderId>(),
        shopperId: maya,
        marketId: marketIdOf("riverside"),
        productIds: [productIdOf("carrot")],
        farmIds: [farmIdOf("hollow-oak")],
      },
    });
    await settle();
    const messages = (await sent()).map(({ topic, type, payload }) => ({
      topic,
      type,
      ...recommendationsSchema.parse(payload),
    }));
    expect(messages.map(({ trigger, type, context }) => ({ trigger, type, context }))).toEqual(
      expect.arrayContaining([
        { trigger: "VIEW_PRODUCT", type: "RECOMMENDATION_UPDATE", context: "PRODUCT_DETAIL" },
        { trigger: "ADD_TO_CART", type: "CART_RECOMMENDATION", context: "CART" },
        { trigger: "SEARCH", type: "RECOMMENDATION_UPDATE", context: "SEARCH" },
        { trigger: "ADD_TO_WISHLIST", type: "PERSONALIZED_SUGGESTION", context: "WISHLIST" },
        { trigger: "COMPLETE_PURCHASE", type: "RECOMMENDATION_UPDATE", context: "CHECKOUT" },
      ]),
    );
    expect(new Set(messages.map(({ topic }) => topic))).toEqual(
      new Set([`shopper:${maya}:personalized`, `shopper:${maya}:cart`]),
    );
    const cart = messages.find(({ trigger }) => trigger === "ADD_TO_CART");
    expect(cart?.items.map(({ card }) => card.slug)).toContain("basil");
    const counts = await readCounts(test.db, [
      "recommendations.ok",
      "recommendations.triggered.VIEW_PRODUCT",
    ]);
    expect(counts.get("recommendations.triggered.VIEW_PRODUCT")?.count).toBe(1);
    expect(counts.get("recommendations.ok")?.count).toBe(5);
  });

  it("tells how long the throttle, the recommending and the delivery of an event took, by its trace", async () => {
    await act({ ...actions.VIEW_PRODUCT, traceId: "trace-7" });
    await settle();
    expect(noted).toEqual(["throttle", "recommend", "deliver"].map((step) => [step, "trace-7"]));
  });

  it("pushes once for ten quick additions of one product, and again after the window", async () => {
    for (let i = 0; i < 10; i++) await act(actions.ADD_TO_CART);
    await settle();
    expect(await sent()).toHaveLength(1);
    clock.advance(seconds(1));
    await act(actions.ADD_TO_CART);
    await settle();
    expect(await sent()).toHaveLength(2);
    const counts = await readCounts(test.db, ["recommendations.throttled"]);
    expect(counts.get("recommendations.throttled")?.count).toBe(9);
  });

  it("does not push what was reacted to too late, and counts it", async () => {
    await act(actions.ADD_TO_CART);
    clock.advance(seconds(5) + 1);
    await act({ ...actions.VIEW_PRODUCT, occurredAt: clock.now() });
    await settle();
    expect(await sent()).toHaveLength(1);
    const counts = await readCounts(test.db, ["recommendations.late", "recommendations.throttled"]);
    expect([...counts.values()].map(({ count }) => count)).toEqual([1, 0]);
  });

  it("makes no list for who has no page open, and counts it", async () => {
    const other = shopperIdOf("roots-0");
    there = [other];
    await act(actions.VIEW_PRODUCT);
    await act({ ...actions.VIEW_PRODUCT, shopperId: other });
    await act(actions.ADD_TO_CART);
    await settle();
    expect((await sent()).map(({ topic }) => topic)).toEqual([`shopper:${other}:personalized`]);
    const counts = await readCounts(test.db, ["recommendations.unread", "recommendations.ok"]);
    expect([...counts].map(([name, { count }]) => [name, count])).toEqual([
      ["recommendations.unread", 2],
      ["recommendations.ok", 1],
    ]);
  });

  it("pushes nothing to who asked not to be tracked", async () => {
    await act(actions.VIEW_PRODUCT);
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, maya));
    await settle();
    expect(await sent()).toEqual([]);
  });
});
