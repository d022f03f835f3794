import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
} from "@almanac/catalog/testing";
import {
  farmFollows,
  orders,
  products,
  searchLog,
  shoppers,
  tasteProfiles,
  wishes,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  appendAction,
  createInProcessBus,
  createOutboxRelay,
  publishFact,
  type Bus,
  type UserActionType,
} from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { historyMergeStep, mergeVisitor } from "@almanac/identity";
import { days, newId, type EventId, type ProductId, type ShopperId } from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, declaredRights, router, silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { behaviourScorer, dayNumber, profileOf } from "./core/taste.ts";
import { tasteEraseStep, tasteExportStep, tasteMergeStep } from "./personal-data.ts";
import { signalsRoutes } from "./router.ts";
import { createShopWindow } from "./shop-window.ts";
import { tasteConsumer } from "./taste-consumer.ts";
import { createTasteReader, loadTaste, tasteChannel, type TasteReader } from "./taste.ts";
import { writeOrder } from "./testing.ts";

/** No test here asks for a card. */
const shopWindow = { all: () => [], checkedCards: () => Promise.resolve([]) };

const clock = { now: () => testNow };
const tomato = productIdOf("heirloom-tomato");
const cheddar = productIdOf("cheddar");

it("declares a right for every procedure of taste and of the shop", () => {
  const tasteReader = createTasteReader({ bus: createInProcessBus() });
  const routes = signalsRoutes({ bus: createInProcessBus(), tasteReader, shopWindow });
  expect([...declaredRights(router(routes)).keys()]).toEqual([
    "shop.card",
    "shop.ofFarm",
    "taste.get",
    "taste.forget",
    "taste.restore",
  ]);
});

describeOnEveryDatabase("taste", (test) => {
  let bus: Bus;
  let tasteReader: TasteReader;
  let maya: ShopperId;

  const as = (name?: string) =>
    createCallerFactory(router(signalsRoutes({ bus, tasteReader, shopWindow })))(
      aRequestContext(test.handle, { caller: name ? callerNamed(name) : anonymousCaller, clock }),
    ).taste;
  const act = (action: UserActionType, productId: ProductId, at = testNow, shopperId = maya) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action,
      shopperId,
      entityType: "PRODUCT",
      entityId: productId,
      traceId: "",
      occurredAt: at,
    });
  const order = (productIds: ProductId[], placedAt = testNow) =>
    writeOrder(test.db, { shopperId: maya, marketId: marketIdOf("riverside"), productIds, placedAt });
  const load = async () => (await tasteReader.load(test.db, maya, testNow))!;
  const preference = async (category: string) =>
    profileOf(await load(), testNow).categories.get(category) ?? 0;
  const drain = () =>
    createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: [tasteConsumer(bus)],
    }).drain();

  beforeEach(async () => {
    bus = createInProcessBus();
    tasteReader = createTasteReader({ bus });
    await buildMarket(test.db);
    await buildFarm(test.db, { name: "Hollow Oak" });
    await buildFarm(test.db, { slug: "whey-street", name: "Whey Street" });
    await buildProduct(test.db);
    await buildProduct(test.db, {
      slug: "cheddar",
      category: "cheese",
      crop: "",
      farmSlug: "whey-street",
      baseUnit: "piece",
      variants: [{ unitPriceCents: 700, unitPricePer: 1, unitQuantityBase: 1, isWeighed: false }],
    });
    ({ shopperId: maya } = await buildPerson(test.db, "maya"));
  });
  afterEach(async () => {
    tasteReader.close();
    await bus.close();
  });

  describe("is learned", () => {
    it("from nothing at first, without a number that is none", async () => {
      const taste = await load();
      expect(taste).toMatchObject({ records: [], mayPersonalise: true });
      expect(behaviourScorer(taste, testNow)).toBeUndefined();
      expect(profileOf(taste, testNow)).toMatchObject({ eventCount: 0 });
    });

    it("from orders most, from looks less, and from what is looked at the most of all looks", async () => {
      await order([tomato]);
      await act("VIEW_PRODUCT", cheddar);
      expect(await preference("vegetables")).toBeCloseTo(0.6, 9);
      expect(await preference("cheese")).toBeCloseTo(0.2, 9);
      await act("ADD_TO_CART", tomato);
      expect(await preference("vegetables")).toBeCloseTo(0.8, 9);
      expect(await preference("cheese")).toBeCloseTo(0.2 / 3, 9);
    });

    it("from wishes, clicked search results and followed farms", async () => {
      await test.db.insert(wishes).values({ shopperId: maya, productId: tomato, addedAt: testNow });
      expect(await preference("vegetables")).toBeCloseTo(0.1, 9);
      await test.db.insert(searchLog).values({
        id: newId(),
        shopperId: maya,
        query: "cheese",
        algorithm: "five_terms",
        isPersonalised: "no",
        resultsCount: 1,
        shownIds: [cheddar],
        clickedProductId: cheddar,
        clickPosition: 1,
        executionMs: 1,
        searchedAt: testNow,
      });
      expect(await preference("cheese")).toBeCloseTo(0.05, 9);
      const farmId = farmIdOf("whey-street");
      await test.db.insert(farmFollows).values({ shopperId: maya, farmId, followedAt: testNow });
      expect(await preference("cheese")).toBeCloseTo(0.1, 9);
      expect(profileOf(await load(), testNow).farms.get(farmId)).toBeGreaterThan(0);
    });

    it("not from what is older than two years of orders and 90 days of looks, nor from cancelled orders", async () => {
      const ago = (count: number) => new Date(testNow.getTime() - days(count));
      await order([tomato], ago(731));
      await act("VIEW_PRODUCT", cheddar, ago(91));
      await writeOrder(test.db, {
        shopperId: maya,
        marketId: marketIdOf("riverside"),
        productIds: [tomato],
        placedAt: testNow,
        status: "cancelled",
      });
      expect((await load()).records).toEqual([]);
    });

    it("with prices of a kilogram or a piece, and scores by the brief's formula", async () => {
      await order([tomato]);
      const taste = await load();
      expect(profileOf(taste, testNow).priceRange).toEqual({ minCents: 490, maxCents: 490 });
      const score = behaviourScorer(taste, testNow)!;
      const product = { category: { slug: "vegetables" }, farm: { id: farmIdOf("hollow-oak") } };
      // .6 x .6 of the category + .3 in range + .1 x .6 of the farm
      expect(score({ product, comparablePriceCents: 490 })).toBeCloseTo(0.72, 9);
      expect(score({ product, comparablePriceCents: 900 })).toBeCloseTo(0.42, 9);
    });

    it("from products that are known to the process, and from the database where they are not, alike", async () => {
      await order([tomato, cheddar]);
      await act("VIEW_PRODUCT", cheddar);
      await act("VIEW_PRODUCT", newId<ProductId>());
      await test.db.insert(wishes).values({ shopperId: maya, productId: tomato, addedAt: testNow });
      const farmId = farmIdOf("whey-street");
      await test.db.insert(farmFollows).values({ shopperId: maya, farmId, followedAt: testNow });
      const window = createShopWindow({ handle: test.handle, bus, clock, log: silentLogger });
      await window.load();
      const known = createTasteReader({ bus, shopWindow: window });
      const read = await known.load(test.db, maya, testNow);
      expect(window.find(cheddar)).toMatchObject({ product: { name: "cheddar" }, comparablePriceCents: 700 });
      expect(read?.records).toHaveLength(5);
      expect(read).toEqual(await loadTaste(test.db, maya, testNow));
      expect(read?.records).toContainEqual({
        signal: "purchase",
        productId: cheddar,
        category: "cheese",
        farmId,
        comparablePriceCents: expect.any(Number),
        day: dayNumber(testNow),
        at: testNow,
        amount: 1,
      });
      expect(read?.records).toContainEqual(
        expect.objectContaining({ signal: "farm", farmId, farmCategories: ["cheese"] }),
      );

      await test.db.update(products).set({ status: "archived" }).where(eq(products.id, cheddar));
      await window.refresh([cheddar]);
      await act("ADD_TO_CART", cheddar);
      const later = await known.load(test.db, maya, testNow);
      expect(window.find(cheddar)).toBeUndefined();
      expect(later?.records).toContainEqual(
        expect.objectContaining({ productId: cheddar, category: "cheese", farmId, amount: 3 }),
      );
      known.close();
      await window.close();
    });

    it("from categories that exist, and from no others", async () => {
      const search = (category: string) =>
        appendAction(test.db, {
          id: newId<EventId>(),
          action: "FILTER_CATEGORY",
          shopperId: maya,
          entityType: "CATEGORY",
          entityId: category,
          traceId: "",
          occurredAt: testNow,
        });
      await search("cheese");
      await search("gold | silver, \u001f and\u001e more");
      const noProduct = `${"\u001eVIEW_PRODUCT\u001f"}${tomato}`.slice(0, tomato.length) as ProductId;
      await act("VIEW_PRODUCT", noProduct);
      expect((await load()).records).toMatchObject([{ signal: "search", category: "cheese" }]);
    });

    it("not at all after the shopper refused tracking", async () => {
      await order([tomato]);
      await load();
      await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, maya));
      expect(await load()).toMatchObject({ records: [], mayTrack: false, mayPersonalise: false });
      expect(await tasteReader.load(test.db, newId<ShopperId>(), testNow)).toBeUndefined();
    });
  });

  describe("is remembered", () => {
    const afresh = () => loadTaste(test.db, maya, testNow);
    const follow = (farm: string) =>
      test.db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf(farm), followedAt: testNow });
    const wish = (productId: ProductId) =>
      test.db.insert(wishes).values({ shopperId: maya, productId, addedAt: testNow });
    const click = (productId: ProductId) =>
      test.db.insert(searchLog).values({
        id: newId(),
        shopperId: maya,
        query: "cheese",
        algorithm: "five_terms",
        isPersonalised: "no",
        resultsCount: 1,
        shownIds: [productId],
        clickedProductId: productId,
        clickPosition: 1,
        executionMs: 1,
        searchedAt: testNow,
      });

    it("as the very same taste while nothing happens, and can be recalled without asking", async () => {
      await order([tomato]);
      const recalled = () => tasteReader.recall(maya, testNow);
      expect(recalled()).toBeUndefined();
      const taste = await load();
      expect(recalled()).toBe(taste);
      expect(await load()).toBe(taste);
      expect(tasteReader.recall(maya, new Date(testNow.getTime() + days(1)))).toBeUndefined();
      await test.db.update(shoppers).set({ personalise: false }).where(eq(shoppers.id, maya));
      const later = await load();
      expect(later).toEqual(await afresh());
      expect(later).not.toBe(taste);
      expect(later.records).toBe(taste.records);
      expect(recalled()).toBe(later);
    });

    it("before it is asked for, when it was read ahead, and not read ahead again", async () => {
      await order([tomato]);
      await tasteReader.warm(test.db, maya, testNow);
      const ahead = tasteReader.recall(maya, testNow);
      expect(ahead).toEqual(await afresh());
      await act("VIEW_PRODUCT", cheddar);
      await tasteReader.warm(test.db, maya, testNow);
      expect(tasteReader.recall(maya, testNow)).toBe(ahead);
      expect(await load()).toEqual(await afresh());
    });

    it("but for what was done since: each kind of deed counts in the next request as if all were read again", async () => {
      await load();
      const deeds = [
        () => order([tomato, cheddar]),
        () => act("VIEW_PRODUCT", cheddar),
        () => click(cheddar),
        () => wish(tomato),
        () => follow("whey-street"),
        () => act("ADD_TO_CART", tomato),
        () => test.db.delete(wishes).where(eq(wishes.shopperId, maya)),
        () => test.db.update(orders).set({ status: "cancelled", updatedAt: new Date(testNow.getTime() + 1) }),
      ];
      const counted: number[] = [];
      for (const deed of deeds) {
        await deed();
        const taste = await load();
        expect(taste).toEqual(await afresh());
        counted.push(taste.records.length);
      }
      expect(counted).toEqual([2, 3, 4, 5, 6, 7, 6, 4]);
    });

    it("in every process alike, though no message came from the one where it was done", async () => {
      const elsewhere = createTasteReader({ bus: createInProcessBus() });
      const there = async () => (await elsewhere.load(test.db, maya, testNow))!.records;
      await order([tomato]);
      expect(await there()).toHaveLength(1);
      await act("VIEW_PRODUCT", cheddar);
      await load();
      expect(await there()).toEqual((await load()).records);
      await follow("whey-street");
      expect(await there()).toHaveLength(3);
      elsewhere.close();
    });

    it("but for what a visitor had done before the account's latest, though no message says that they are one", async () => {
      const visitor = newId<ShopperId>();
      await test.db.insert(shoppers).values({ id: visitor });
      await act("VIEW_PRODUCT", tomato, testNow, visitor);
      await act("VIEW_PRODUCT", cheddar);
      expect((await load()).records).toHaveLength(1);
      await test.handle.transaction((tx) =>
        mergeVisitor(tx, visitor, maya, { clock, steps: [historyMergeStep, tasteMergeStep] }),
      );
      expect(await load()).toEqual(await afresh());
      expect((await load()).records).toHaveLength(2);
    });

    it("not while tracking is refused, and again when it is allowed", async () => {
      await order([tomato]);
      await load();
      const consent = (trackingConsent: "denied" | "granted") =>
        test.db.update(shoppers).set({ trackingConsent }).where(eq(shoppers.id, maya));
      await consent("denied");
      expect((await load()).records).toEqual([]);
      await consent("granted");
      expect(await load()).toEqual(await afresh());
      expect((await load()).records).toHaveLength(1);
    });
  });

  describe("in my data", () => {
    it("has names, strengths up to 1, prices and when it was last learned from", async () => {
      await order([tomato]);
      await act("VIEW_PRODUCT", cheddar);
      const view = await as("maya").get();
      expect(view).toMatchObject({
        categories: [
          { slug: "vegetables", name: "Vegetables", strength: 1 },
          { slug: "cheese", name: "Cheese" },
        ],
        farms: [{ slug: "hollow-oak", name: "Hollow Oak", strength: 1 }, { slug: "whey-street" }],
        priceRange: { minCents: 490, maxCents: 700 },
        lastActiveAt: testNow.toISOString(),
        eventCount: 2,
        isUsed: true,
      });
      expect(view.categories[1]!.strength).toBeCloseTo(1 / 3, 9);
      expect(await as().get()).toMatchObject({ categories: [], priceRange: null });
    });

    it("forgets an interest in the very next request, and takes it back", async () => {
      await order([tomato, cheddar]);
      await load();
      await as("maya").forget({ category: "vegetables" });
      await as("maya").forget({ farmId: farmIdOf("whey-street") });
      const view = await as("maya").get();
      expect(view.categories.map(({ slug }) => slug)).toEqual(["cheese"]);
      expect(view.farms.map(({ slug }) => slug)).toEqual(["hollow-oak"]);
      expect(view.hidden).toEqual({
        categories: [{ slug: "vegetables", name: "Vegetables" }],
        farms: [{ id: farmIdOf("whey-street"), slug: "whey-street", name: "Whey Street" }],
      });
      await as("maya").restore({ category: "vegetables" });
      expect((await as("maya").get()).hidden).toMatchObject({ categories: [], farms: [{}] });
      await as("maya").restore({});
      expect((await as("maya").get()).hidden).toEqual({ categories: [], farms: [] });
    });

    it("refuses to forget nothing, and what does not exist", async () => {
      await expect(as("maya").forget({})).rejects.toThrow(/nothing to forget/);
      await expect(as("maya").forget({ category: "gold" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    it("counts what was done, exactly once, and tells the other processes", async () => {
      const heard: unknown[] = [];
      bus.subscribe(tasteChannel, (message) => heard.push(message));
      await act("VIEW_PRODUCT", tomato);
      await act("VIEW_PRODUCT", cheddar);
      await act("ADD_TO_CART", cheddar);
      await drain();
      await drain();
      expect(await tasteExportStep.export(test.db, { shopperId: maya })).toEqual({
        hidden: { categories: [], farms: [] },
        actions: { VIEW_PRODUCT: 2, ADD_TO_CART: 1 },
        lastActiveAt: testNow.toISOString(),
      });
      // Once for all that one batch held.
      expect(heard).toEqual([{ shopperId: maya }]);
    });
  });

  it("keeps what a visitor had forgotten after signing in", async () => {
    const visitor = newId<ShopperId>();
    await test.db.insert(shoppers).values({ id: visitor });
    await test.db.insert(tasteProfiles).values([
      { shopperId: visitor, state: {}, hidden: { categories: ["cheese"], farms: [] } },
      { shopperId: maya, state: {}, hidden: { categories: ["eggs"], farms: [] } },
    ]);
    await test.handle.transaction((tx) =>
      mergeVisitor(tx, visitor, maya, { clock, steps: [tasteMergeStep] }),
    );
    expect((await load()).hidden.categories).toEqual(["eggs", "cheese"]);
    expect(await test.db.select().from(tasteProfiles)).toHaveLength(1);
  });

  it("is the sum of what the visitor and the account did, after signing in once or twice", async () => {
    const visitor = newId<ShopperId>();
    await test.db.insert(shoppers).values({ id: visitor });
    for (const shopperId of [visitor, visitor, maya])
      await appendAction(test.db, {
        id: newId<EventId>(),
        action: "ADD_TO_CART",
        shopperId,
        entityType: "PRODUCT",
        entityId: shopperId === maya ? cheddar : tomato,
        traceId: "",
        occurredAt: testNow,
      });
    const deeds = async () => (await load()).records.length;
    expect(await deeds()).toBe(1);
    for (let signIn = 0; signIn < 2; signIn++) {
      await test.handle.transaction((tx) =>
        mergeVisitor(tx, visitor, maya, { clock, steps: [historyMergeStep, tasteMergeStep] }),
      );
      await drain();
      expect(await deeds()).toBe(3);
    }
  });

  it("goes with the person, also when a fact about them was still on its way", async () => {
    await act("VIEW_PRODUCT", tomato);
    await drain();
    await test.handle.transaction((tx) => tasteEraseStep.erase(tx, { shopperId: maya }, { clock }));
    expect(await test.db.select().from(tasteProfiles)).toEqual([]);
    await act("VIEW_PRODUCT", tomato);
    await test.db.update(shoppers).set({ erasedAt: testNow }).where(eq(shoppers.id, maya));
    await publishFact(test.db, { topic: "shopper.erased", payload: { shopperId: maya } });
    await drain();
    expect(await test.db.select().from(tasteProfiles)).toEqual([]);
    expect((await loadTaste(test.db, maya, testNow))?.mayTrack).toBe(false);
  });
});
