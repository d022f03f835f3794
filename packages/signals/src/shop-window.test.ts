import { setPrice, setProductStatus } from "@almanac/catalog";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import { products, ratings, stockLevels, variants } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus, createOutboxRelay, publishFact, type Bus } from "@almanac/events";
import { days, newId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shopWindowConsumer } from "./shop-changes.ts";
import { createShopWindow, type ShopWindow, type ShopWindowChange } from "./shop-window.ts";
import { stockProduct, writeOrder } from "./testing.ts";

const clock = { now: () => testNow };
const tomato = productIdOf("heirloom-tomato");
const basil = productIdOf("basil");

describeOnEveryDatabase("the shop window", (test) => {
  let bus: Bus;
  let shopWindow: ShopWindow;
  let changes: ShopWindowChange[];

  const open = (): ShopWindow =>
    createShopWindow({ handle: test.handle, bus, clock, log: silentLogger, settings: { pollMs: days(1) } });
  const relay = () =>
    createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: [shopWindowConsumer(bus)],
    });

  beforeEach(async () => {
    const market = await buildMarket(test.db);
    await buildOpenWindow(test.db, market);
    await buildFarm(test.db);
    await buildProduct(test.db, { name: "Heirloom tomato" });
    await buildProduct(test.db, {
      slug: "basil",
      name: "Basil",
      category: "herbs",
      crop: "basil",
      baseUnit: "piece",
      variants: [
        { name: "bunch", priceUnit: "bunch", unitPriceCents: 250, unitPricePer: 1, unitQuantityBase: 1 },
      ],
    });
    await stockProduct(test.db, tomato, 60_000);
    bus = createInProcessBus();
    shopWindow = open();
    changes = [];
    await shopWindow.load();
    shopWindow.listen((change) => changes.push(change));
  });
  afterEach(async () => {
    await shopWindow.close();
    await bus.close();
  });

  it("tells of what became popular in parts, with a turn for others between", async () => {
    const { shopperId } = await buildPerson(test.db, "maya");
    const other = createShopWindow({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      settings: { pollMs: days(1), announcedAtOnce: 1 },
    });
    await other.load();
    const told: unknown[] = [];
    other.listen(({ productIds }) => {
      told.push(productIds);
      setImmediate(() => told.push("a turn"));
    });
    await writeOrder(test.db, {
      shopperId,
      marketId: marketIdOf("riverside"),
      productIds: [tomato, basil],
      placedAt: new Date(testNow.getTime() - days(1)),
    });
    await other.load();
    expect(told).toEqual([expect.any(Array), "a turn", expect.any(Array), "a turn"]);
    expect(new Set(told.filter((each) => each !== "a turn").flat())).toEqual(new Set([tomato, basil]));
    await other.close();
  });

  describe("a card", () => {
    it("says what a product costs, how much there is and where it is in its season", () => {
      const card = shopWindow.card(tomato, {
        now: testNow,
        location: { latitude: 41.8, longitude: -73.8 },
      });
      expect(card).toMatchObject({
        name: "Heirloom tomato",
        category: { slug: "vegetables", name: "Vegetables" },
        farm: { slug: "hollow-oak", distanceKm: 0 },
        priceCents: 490,
        pricePer: 1_000,
        estimateCents: 368,
        isAvailable: true,
        isLow: false,
        availableQuantity: 80,
        season: { phase: "peak", score: 1 },
      });
      expect(card?.season.strip).toHaveLength(12);
    });

    it("is sold out without stock, low with three left, and never counts broken units", async () => {
      expect(shopWindow.card(basil, { now: testNow })).toMatchObject({ isAvailable: false, isLow: false });
      await stockProduct(test.db, tomato, 3 * 750 + 749);
      await shopWindow.refresh([tomato]);
      expect(shopWindow.card(tomato, { now: testNow })).toMatchObject({ availableQuantity: 3, isLow: true });
      await stockProduct(test.db, tomato, 749);
      await shopWindow.refresh([tomato]);
      expect(shopWindow.card(tomato, { now: testNow })?.isAvailable).toBe(false);
    });

    it("offers the next variant when there is too little for the first", async () => {
      await test.db.insert(variants).values({
        id: variantIdOf("heirloom-tomato", 1),
        productId: tomato,
        name: "tray, 250 g",
        priceUnit: "tray",
        unitPriceCents: 190,
        unitPricePer: 250,
        unitQuantityBase: 250,
        position: 1,
      });
      await stockProduct(test.db, tomato, 500);
      await shopWindow.refresh([tomato]);
      expect(shopWindow.card(tomato, { now: testNow })).toMatchObject({
        variantName: "tray, 250 g",
        availableQuantity: 2,
      });
    });

    it("is not available at a market where the farm has no stall", async () => {
      await buildMarket(test.db, { slug: "hilltop", id: marketIdOf("hilltop") });
      const here = shopWindow.card(tomato, { now: testNow, marketId: marketIdOf("riverside") });
      const there = shopWindow.card(tomato, { now: testNow, marketId: marketIdOf("hilltop") });
      expect([here?.isAvailable, there?.isAvailable]).toEqual([true, false]);
    });

    it("has the mean of the stars", async () => {
      const { shopperId } = await buildPerson(test.db, "maya");
      const farmId = farmIdOf("hollow-oak");
      const rating = { shopperId, farmId, productId: tomato, stars: 4, ratedAt: testNow };
      await test.db.insert(ratings).values({ id: newId(), ...rating });
      await shopWindow.refresh([tomato]);
      expect(shopWindow.card(tomato, { now: testNow })?.rating).toEqual({ stars: 4, count: 1 });
    });
  });

  it("knows the order window of its markets", () => {
    expect(shopWindow.findMarket(marketIdOf("riverside"))).toMatchObject({
      market: { name: "riverside" },
      window: { marketDay: "2025-08-16", isOpen: true },
    });
  });

  it("counts distinct buyers of seven days, by market, without cancelled orders", async () => {
    const maya = await buildPerson(test.db, "maya");
    const jonas = await buildPerson(test.db, "jonas");
    const order = { marketId: marketIdOf("riverside"), productIds: [tomato], placedAt: testNow };
    await writeOrder(test.db, { ...order, shopperId: maya.shopperId });
    await writeOrder(test.db, { ...order, shopperId: maya.shopperId });
    await writeOrder(test.db, { ...order, shopperId: jonas.shopperId });
    await writeOrder(test.db, {
      ...order,
      shopperId: jonas.shopperId,
      productIds: [basil],
      status: "cancelled",
    });
    const longAgo = new Date(testNow.getTime() - days(8));
    await writeOrder(test.db, {
      ...order,
      shopperId: jonas.shopperId,
      productIds: [basil],
      placedAt: longAgo,
    });
    await shopWindow.load();
    const popularity = shopWindow.find(tomato)?.popularity;
    expect(popularity?.buyers).toBe(2);
    expect(popularity?.buyersByMarket.get(marketIdOf("riverside"))).toBe(2);
    expect(shopWindow.find(basil)?.popularity.buyers).toBe(0);
  });

  it("read anew, is the same but for what moved, and tells of that alone", async () => {
    const before = shopWindow.all();
    await shopWindow.load();
    expect(changes).toEqual([]);
    expect(shopWindow.all().map((entry, at) => entry === before[at])).toEqual([true, true]);
    await test.db
      .update(variants)
      .set({ unitPriceCents: 210 })
      .where(eq(variants.id, variantIdOf("basil")));
    await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
    await shopWindow.load();
    const told = changes.flatMap(({ productIds }): readonly string[] =>
      productIds === "all" ? ["all"] : productIds,
    );
    expect(told.toSorted()).toEqual([tomato, basil].toSorted());
    expect(shopWindow.card(basil, { now: testNow })?.priceCents).toBe(210);
    expect(shopWindow.isAvailable(tomato)).toBe(false);
    expect(shopWindow.find(tomato)?.product).toBe(
      before.find(({ product }) => product.id === tomato)?.product,
    );
    await test.db.update(products).set({ status: "hidden" }).where(eq(products.id, basil));
    await shopWindow.load();
    expect(shopWindow.all().map(({ product }) => product.id)).toEqual([tomato]);
    expect(changes.at(-1)).toEqual({ productIds: [basil] });
  });

  describe("follows changes", () => {
    const act = { now: testNow, traceId: "" };
    const farmId = farmIdOf("hollow-oak");

    it("of prices and of the list, once their facts are relayed", async () => {
      await test.handle.transaction((tx) =>
        setPrice(tx, { farmId, variantId: variantIdOf("heirloom-tomato"), unitPriceCents: 390 }, act),
      );
      await test.handle.transaction((tx) => setProductStatus(tx, farmId, basil, "hidden", act));
      await relay().drain();
      await expect.poll(() => shopWindow.card(tomato, { now: testNow })?.priceCents).toBe(390);
      await expect.poll(() => shopWindow.find(basil)).toBeUndefined();
      expect(changes.length).toBeGreaterThan(0);
    });

    it("that no message told of, when it looks by itself", async () => {
      await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
      const payload = { productId: tomato, availableBase: 0, previousAvailableBase: 60_000 };
      await publishFact(test.db, { topic: "stock.changed", payload });
      expect(shopWindow.isAvailable(tomato)).toBe(true);
      await shopWindow.catchUp();
      expect(shopWindow.isAvailable(tomato)).toBe(false);
      expect(changes).toEqual([{ productIds: [tomato] }]);
      const { version } = shopWindow;
      await shopWindow.catchUp();
      expect(shopWindow.version).toBe(version);
    });
  });

  if (test.driver === "postgres") {
    it("after a look that found nothing to do", async () => {
      await shopWindow.catchUp();
      await shopWindow.catchUp();
      await test.db
        .update(variants)
        .set({ unitPriceCents: 210 })
        .where(eq(variants.id, variantIdOf("basil")));
      await shopWindow.refresh([basil]);
      expect(shopWindow.card(basil, { now: testNow })?.priceCents).toBe(210);
    });

    it("finds a fact that was numbered before others and committed after them", async () => {
      const payload = { previousAvailableBase: 0, availableBase: 0 };
      const { promise: isSeen, resolve: letCommit } = Promise.withResolvers<void>();
      const { promise: isNumbered, resolve: numbered } = Promise.withResolvers<void>();
      const slow = test.handle.transaction(async (tx) => {
        await publishFact(tx, { topic: "stock.changed", payload: { ...payload, productId: tomato } });
        await tx.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
        numbered();
        await isSeen;
      });
      await isNumbered;
      await publishFact(test.db, { topic: "stock.changed", payload: { ...payload, productId: basil } });
      await shopWindow.catchUp();
      expect(shopWindow.isAvailable(tomato)).toBe(true);
      letCommit();
      await slow;
      await shopWindow.catchUp();
      expect(shopWindow.isAvailable(tomato)).toBe(false);
    });
  }

  describe("a checked card", () => {
    const check = () => shopWindow.checkedCards(test.db, [tomato, basil], { now: testNow });

    it("is sold out as soon as the last unit has gone, whatever the window still believes", async () => {
      await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
      expect(shopWindow.isAvailable(tomato)).toBe(true);
      expect((await check())[0]).toMatchObject({ id: tomato, isAvailable: false });
      expect(shopWindow.isAvailable(tomato)).toBe(false);
    });

    it("is of the list that was asked for, and as true as when it was, whatever else is being checked", async () => {
      const lists = [[tomato, basil], [basil], [], [basil, tomato]];
      const checkAll = () =>
        Promise.all(lists.map((ids) => shopWindow.checkedCards(test.db, ids, { now: testNow })));
      const before = checkAll();
      await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
      const after = await checkAll();
      for (const found of [await before, after])
        expect(found.map((cards) => cards.map(({ id }) => id))).toEqual(lists);
      const tomatoes = after.flat().filter(({ id }) => id === tomato);
      expect(tomatoes.map(({ isAvailable }) => isAvailable)).toEqual([false, false]);
    });

    it("is missing for what is no longer on sale, and has today's price", async () => {
      await test.db.update(products).set({ status: "hidden" }).where(eq(products.id, basil));
      await test.db.update(variants).set({ unitPriceCents: 550 }).where(eq(variants.productId, tomato));
      const cards = await check();
      expect(cards.map(({ id, priceCents }) => [id, priceCents])).toEqual([[tomato, 550]]);
    });
  });
});
