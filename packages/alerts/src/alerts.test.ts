import { afterEach, beforeEach, expect, it } from "vitest";
import { asc, eq } from "drizzle-orm";
import {
  actionEvents,
  cartLines,
  carts,
  farmFollows,
  liveMessages,
  notifications,
  outbox,
  shoppers,
  stockSubscriptions,
  wishes,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { insertMany } from "@almanac/db";
import { publishProduct, setPrice, setProductStatus } from "@almanac/catalog";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  appendAction,
  createInProcessBus,
  createOutboxRelay,
  publishFact,
  type FactPayloads,
} from "@almanac/events";
import {
  idFromName,
  minutes,
  newId,
  shiftedClock,
  type CartId,
  type EventId,
  type ShiftedClock,
} from "@almanac/kernel";
import { createShopWindow } from "@almanac/signals";
import { stockProduct, writeOrder } from "@almanac/signals/testing";
import { silentLogger } from "@almanac/trpc";
import {
  announceSeasons,
  priceDropAlerts,
  releaseStockHolds,
  remindOfCarts,
  salesUpdates,
  sendArrivalDigests,
  sendTrendingUpdates,
  stockAlerts,
} from "./index.ts";

const maya = shopperIdOf("maya");
const tomato = productIdOf("heirloom-tomato");

describeOnEveryDatabase("alerts", (test) => {
  let clock: ShiftedClock;
  const bus = createInProcessBus();

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    const market = await buildMarket(test.db);
    await buildOpenWindow(test.db, market);
    await buildFarm(test.db);
    await buildProduct(test.db, { variants: [{ unitPriceCents: 1_000 }] });
    await stockProduct(test.db, tomato, 60_000);
    for (const name of ["maya", "jonas", "ines"]) await buildPerson(test.db, name);
  });

  const act = () => ({ now: clock.now(), traceId: "test" });
  const deliver = async () => {
    const consumers = [priceDropAlerts({ bus, clock }), stockAlerts({ bus, clock }), salesUpdates({ bus })];
    const relay = createOutboxRelay({ handle: test.handle, bus, clock, log: silentLogger, consumers });
    await relay.drain();
    await relay.stop();
  };
  /** In order, without the hints that there is news. */
  const sent = async () =>
    (await test.db.select().from(liveMessages).orderBy(asc(liveMessages.seq)))
      .filter(({ type }) => type !== "NEWS_UPDATE")
      .map(({ topic, type, payload }) => ({ topic, type, payload }));

  // Whatever a test tells one shopper is kept as it was told, and nothing else is; "only 3 left" is not.
  afterEach(async () => {
    const told = (await sent()).flatMap(({ topic, type, payload: { newsId, ...payload } }) => {
      const [scope, shopperId] = topic.split(":");
      return scope === "shopper" && payload["kind"] !== "LOW_STOCK"
        ? [{ id: newsId, shopperId, type, payload }]
        : [];
    });
    const { id, shopperId, type, payload } = notifications;
    const kept = await test.db.select({ id, shopperId, type, payload }).from(notifications);
    const byId = (rows: readonly { id: unknown }[]) =>
      rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
    expect(byId(kept)).toEqual(byId(told));
  });
  const price = async (unitPriceCents: number) => {
    await test.handle.transaction((tx) =>
      setPrice(
        tx,
        { farmId: farmIdOf("hollow-oak"), variantId: variantIdOf("heirloom-tomato"), unitPriceCents },
        act(),
      ),
    );
    await deliver();
    clock.advance(minutes(1));
  };
  const stock = async (availableBase: number, previousAvailableBase: number) => {
    await stockProduct(test.db, tomato, availableBase);
    const payload: FactPayloads["stock.changed"] = {
      productId: tomato,
      availableBase,
      previousAvailableBase,
    };
    await publishFact(test.db, { topic: "stock.changed", payload });
  };

  it("tells a genuine price drop once to everybody on the topic and to those whom it concerns", async () => {
    await test.db.insert(wishes).values({ shopperId: maya, productId: tomato });
    await test.db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf("hollow-oak") });
    for (const name of ["jonas", "ines"]) {
      await appendAction(test.db, {
        id: newId<EventId>(),
        action: "VIEW_PRODUCT",
        shopperId: shopperIdOf(name),
        entityType: "PRODUCT",
        entityId: tomato,
        traceId: "test",
        occurredAt: clock.now(),
      });
    }
    await test.db
      .update(shoppers)
      .set({ trackingConsent: "denied" })
      .where(eq(shoppers.id, shopperIdOf("ines")));
    await price(960);
    expect(await sent()).toEqual([]);
    await price(1_000);
    await price(910);
    await deliver();
    const messages = await sent();
    expect(messages).toHaveLength(3);
    expect(messages[2]?.topic).toBe("price_drops");
    expect(new Map(messages.slice(0, 2).map(({ topic, payload }) => [topic, payload["because"]]))).toEqual(
      new Map([
        [`shopper:${maya}:personalized`, "wish"],
        [`shopper:${shopperIdOf("jonas")}:personalized`, "view"],
      ]),
    );
    expect(messages[2]).toMatchObject({
      type: "PRICE_DROP_ALERT",
      payload: { productId: tomato, slug: "heirloom-tomato", oldPriceCents: 960, newPriceCents: 910 },
    });
    expect(new Set(messages.map(({ payload }) => payload["alertId"])).size).toBe(1);
  });

  it("tells all who asked, and of those who only looked the 500 who were here last", async () => {
    const many = Array.from({ length: 1_002 }, (_, at) => shopperIdOf(`many-${at}`));
    const followers = many.slice(0, 501);
    await insertMany(
      test.db,
      shoppers,
      many.map((id, at) => ({ id, lastSeenAt: new Date(testNow.getTime() - minutes(at)) })),
    );
    const farmId = farmIdOf("hollow-oak");
    await insertMany(
      test.db,
      farmFollows,
      followers.map((shopperId) => ({ shopperId, farmId })),
    );
    await insertMany(
      test.db,
      actionEvents,
      many.slice(501).map((shopperId) => ({
        id: newId<EventId>(),
        action: "VIEW_PRODUCT",
        shopperId,
        entityType: "PRODUCT" as const,
        entityId: tomato,
        traceId: "test",
        occurredAt: clock.now(),
      })),
    );
    await price(900);
    const told = (await sent()).flatMap(({ topic }) => topic.split(":")[1] ?? []);
    expect(new Set(told)).toEqual(new Set(many.slice(0, 1_001)));
    expect(told).toHaveLength(1_001);
  });

  it("tells a farm of its own part of an order, once each time something happens to it", async () => {
    const placedAt = clock.now();
    const orderId = await writeOrder(test.db, {
      shopperId: maya,
      marketId: marketIdOf("riverside"),
      productIds: [tomato],
      placedAt,
    });
    await publishFact(test.db, { topic: "order.changed", payload: { orderId } });
    await publishFact(test.db, { topic: "order.collected", payload: { orderId } });
    await deliver();
    await deliver();
    const news = { orderId, number: `T-${orderId}`, totalCents: 100 };
    const topic = `farm:${farmIdOf("hollow-oak")}:sales`;
    expect(await sent()).toEqual([
      { topic, type: "SALES_UPDATE", payload: { ...news, kind: "changed" } },
      { topic, type: "SALES_UPDATE", payload: { ...news, kind: "collected" } },
    ]);
  });

  it("tells nothing when a price is raised and then cut", async () => {
    await price(1_200);
    await price(1_050);
    expect(await sent()).toEqual([]);
  });

  it("warns the owner of a cart once when it gets scarce and once when it is gone", async () => {
    const cartId = idFromName<CartId>("alerts/cart", "maya");
    await test.db
      .insert(carts)
      .values({ id: cartId, shopperId: maya, marketId: marketIdOf("riverside"), updatedAt: clock.now() });
    await test.db
      .insert(cartLines)
      .values({ cartId, variantId: variantIdOf("heirloom-tomato"), quantity: 5 });
    await stock(6_000, 60_000);
    await deliver();
    expect(await sent()).toEqual([]);
    await stock(3_000, 6_000);
    await deliver();
    await stock(2_250, 3_000);
    await deliver();
    await stock(700, 2_250);
    await deliver();
    expect(
      (await sent()).map(({ topic, payload }) => [topic, payload["kind"], payload["availableQuantity"]]),
    ).toEqual([
      [`shopper:${maya}:stock_alerts`, "LOW_STOCK", 4],
      [`shopper:${maya}:stock_alerts`, "LOW_STOCK", 0],
    ]);
    expect(await test.db.select().from(notifications)).toEqual([]);
  });

  /** Twenty who wait for tomatoes, in this order. */
  async function twentyWait(): Promise<string[]> {
    const names = Array.from({ length: 20 }, (_, at) => `waiting-${at}`);
    for (const name of names) await buildPerson(test.db, name);
    await insertMany(
      test.db,
      stockSubscriptions,
      names.map((name, at) => ({
        shopperId: shopperIdOf(name),
        productId: tomato,
        kind: "BACK_IN_STOCK" as const,
        subscribedAt: new Date(testNow.getTime() - minutes(20 - at)),
      })),
    );
    return names;
  }
  const ownTopics = (names: readonly string[]): string[] =>
    names.map((name) => `shopper:${shopperIdOf(name)}:stock_alerts`);

  it("tells six of twenty who wait for four units, in the order in which they joined, and nobody twice", async () => {
    const names = await twentyWait();
    await stock(3_000, 0);
    await deliver();
    await deliver();
    const told = await sent();
    expect(told.map(({ topic }) => topic)).toEqual(ownTopics(names.slice(0, 6)));
    expect(told[0]?.payload).toMatchObject({ kind: "BACK_IN_STOCK", availableQuantity: 4 });
    expect(await test.db.select().from(notifications)).toHaveLength(6);
  });

  it("keeps what came for those who were told: two hours later the next in line hear of what is left", async () => {
    const names = await twentyWait();
    const release = () => releaseStockHolds({ handle: test.handle, bus, clock });
    await stock(3_000, 0);
    await deliver();
    // Sold and given back within the hold: the same six have the first go.
    clock.advance(minutes(30));
    await stock(0, 3_000);
    await deliver();
    await stock(3_000, 0);
    await deliver();
    clock.advance(minutes(89));
    expect(await release()).toBe(0);
    expect((await sent()).map(({ topic }) => topic)).toEqual(ownTopics(names.slice(0, 6)));

    clock.advance(minutes(1));
    await stockProduct(test.db, tomato, 1_500);
    expect(await release()).toBe(3);
    expect(await release()).toBe(0);
    expect((await sent()).map(({ topic }) => topic)).toEqual(ownTopics(names.slice(0, 9)));

    // Nothing is left when this hold runs out, so nobody is called for nothing.
    await stockProduct(test.db, tomato, 0);
    clock.advance(minutes(120));
    expect(await release()).toBe(0);
  });

  it("tells nobody when it sold out again before the news went out", async () => {
    await test.db
      .insert(stockSubscriptions)
      .values({ shopperId: maya, productId: tomato, kind: "BACK_IN_STOCK" });
    await stock(3_000, 0);
    await stock(0, 3_000);
    await deliver();
    expect(await sent()).toEqual([]);
  });

  it("tells those who wait for a season when it is on and there is stock", async () => {
    await test.db
      .insert(stockSubscriptions)
      .values({ shopperId: maya, productId: tomato, kind: "BACK_IN_SEASON" });
    expect(await announceSeasons({ handle: test.handle, bus, clock })).toBe(1);
    await announceSeasons({ handle: test.handle, bus, clock });
    expect((await sent()).map(({ topic, payload }) => [topic, payload["kind"]])).toEqual([
      [`shopper:${maya}:stock_alerts`, "BACK_IN_SEASON"],
    ]);
  });

  it("tells followers of three new products in one message, and of none that is published again", async () => {
    await test.db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf("hollow-oak") });
    const digest = () => sendArrivalDigests({ handle: test.handle, bus, clock });
    for (const slug of ["bean", "corn", "dill"]) {
      await buildProduct(test.db, { slug, status: "draft" });
      await test.handle.transaction((tx) =>
        publishProduct(tx, farmIdOf("hollow-oak"), productIdOf(slug), act()),
      );
      clock.advance(minutes(3));
      expect(await digest()).toBe(0);
    }
    clock.advance(minutes(2));
    expect(await digest()).toBe(1);
    const messages = await sent();
    expect(messages.map(({ topic, type, payload }) => [topic, type, payload["count"]])).toEqual([
      [`shopper:${maya}:new_arrivals`, "NEW_ARRIVAL_ALERT", 3],
    ]);
    expect(messages[0]?.payload).toMatchObject({ name: "bean", farmName: "hollow-oak" });
    for (const status of ["hidden", "live"] as const) {
      await test.handle.transaction((tx) =>
        setProductStatus(tx, farmIdOf("hollow-oak"), productIdOf("bean"), status, act()),
      );
    }
    clock.advance(minutes(30));
    expect(await digest()).toBe(0);
    expect(await sent()).toHaveLength(1);
  });

  it("tells a market's trend when another product enters its top five, at most every five minutes", async () => {
    const shopWindow = createShopWindow({ handle: test.handle, bus, clock, log: silentLogger });
    await shopWindow.load();
    await buildMarket(test.db, { slug: "lakeside" });
    const update = () => sendTrendingUpdates({ handle: test.handle, bus, clock, shopWindow });
    expect(await update()).toEqual([]);
    for (let i = 0; i < 5; i++) {
      await buildPerson(test.db, `buyer-${i}`);
      await writeOrder(test.db, {
        shopperId: shopperIdOf(`buyer-${i}`),
        marketId: marketIdOf("riverside"),
        productIds: [tomato],
        placedAt: testNow,
      });
    }
    clock.advance(minutes(6));
    expect(await update()).toEqual([marketIdOf("riverside")]);
    expect(await update()).toEqual([]);
    await shopWindow.close();
    const marketId = marketIdOf("riverside");
    const news = {
      type: "TRENDING_UPDATE",
      payload: { marketId, items: [{ card: { slug: "heirloom-tomato" } }] },
    };
    expect(await sent()).toMatchObject([
      { ...news, topic: `market:${marketId}` },
      { ...news, topic: "trending" },
    ]);
  });

  it("reminds once of a cart that was left, when its market's orders are about to close", async () => {
    const cartId = idFromName<CartId>("test/cart", "maya");
    await test.db
      .insert(carts)
      .values({ id: cartId, shopperId: maya, marketId: marketIdOf("riverside"), updatedAt: testNow });
    const remind = () => remindOfCarts({ handle: test.handle, bus, clock });
    // The window of these tests closes in a day.
    clock.advance(minutes(22 * 60));
    expect(await remind()).toBe(0);
    await test.db
      .insert(cartLines)
      .values({ cartId, variantId: variantIdOf("heirloom-tomato"), quantity: 2 });
    expect(await remind()).toBe(1);
    expect(await remind()).toBe(0);
    expect(await sent()).toMatchObject([
      { topic: `shopper:${maya}:cart`, type: "SYSTEM_ALERT", payload: { kind: "CART_CLOSING", cartId } },
    ]);
    const facts = await test.db.select().from(outbox).where(eq(outbox.topic, "cart.at_risk"));
    expect(facts.map(({ payload }) => payload["shopperId"])).toEqual([maya]);
    clock.advance(minutes(120));
    expect(await remind()).toBe(0);
  });

  it("lets a cart be while there is time to order", async () => {
    const cartId = idFromName<CartId>("test/cart", "maya");
    const yesterday = new Date(testNow.getTime() - minutes(24 * 60));
    await test.db
      .insert(carts)
      .values({ id: cartId, shopperId: maya, marketId: marketIdOf("riverside"), updatedAt: yesterday });
    await test.db
      .insert(cartLines)
      .values({ cartId, variantId: variantIdOf("heirloom-tomato"), quantity: 2 });
    expect(await remindOfCarts({ handle: test.handle, bus, clock })).toBe(0);
  });
});
