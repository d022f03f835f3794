import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { harvestWindows, markets, products, searchLog, shoppers, stockLevels } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { appendAction, createInProcessBus, createOutboxRelay, publishFact, type Bus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import {
  days,
  minutes,
  newId,
  seededRng,
  shiftedClock,
  type EventId,
  type ProductId,
  type ShiftedClock,
  type ShopperId,
} from "@almanac/kernel";
import { createShopWindow, createTasteReader, type ShopWindow, type TasteReader } from "@almanac/signals";
import { stockProduct, writeOrder } from "@almanac/signals/testing";
import { anonymousCaller, createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createLiveRanking,
  createSearchService,
  searchAttributionConsumer,
  searchRoutes,
  type LiveRanking,
  type SearchService,
} from "./router.ts";

const tomato = productIdOf("heirloom-tomato");
const lettuce = productIdOf("fresh-lettuce");
const cheese = productIdOf("fresh-cheese");
const asparagus = productIdOf("asparagus");

describeOnEveryDatabase("search", (test) => {
  let bus: Bus;
  let clock: ShiftedClock;
  let shopWindow: ShopWindow;
  let tasteReader: TasteReader;
  let search: SearchService;
  let ranking: LiveRanking;
  let maya: ShopperId;

  const marketId = marketIdOf("riverside");
  const as = (name?: string) =>
    createCallerFactory(router({ search: searchRoutes({ search, ranking, bus }).search }))(
      aRequestContext(test.handle, { caller: name ? callerNamed(name) : anonymousCaller, clock }),
    ).search;
  const idsOf = (answer: { hits: readonly { card: { id: ProductId } }[] }) =>
    answer.hits.map(({ card }) => card.id);
  const act = (shopperId: ShopperId, action: "VIEW_PRODUCT" | "ADD_TO_CART", productId: ProductId) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action,
      shopperId,
      entityType: "PRODUCT",
      entityId: productId,
      traceId: "",
      occurredAt: clock.now(),
    });
  const logged = () => test.db.select().from(searchLog);

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    bus = createInProcessBus();
    const market = await buildMarket(test.db);
    await buildOpenWindow(test.db, market);
    await buildFarm(test.db, { name: "Hollow Oak" });
    await buildFarm(test.db, { slug: "whey-street", name: "Whey Street", latitude: 41.5, longitude: -73.9 });
    await buildProduct(test.db, { name: "Heirloom tomato", isOrganic: true });
    await buildProduct(test.db, {
      slug: "fresh-lettuce",
      name: "Fresh lettuce",
      category: "greens",
      crop: "lettuce",
    });
    await buildProduct(test.db, {
      slug: "fresh-cheese",
      name: "Fresh cheese",
      category: "cheese",
      crop: "",
      farmSlug: "whey-street",
    });
    await buildProduct(test.db, { slug: "asparagus", name: "Green asparagus", crop: "asparagus" });
    await test.db.insert(harvestWindows).values({
      id: newId(),
      crop: "asparagus",
      firstDay: "04-20",
      peakStart: "05-01",
      peakEnd: "06-01",
      lastDay: "06-20",
    });
    for (const id of [tomato, lettuce, cheese]) await stockProduct(test.db, id, 60_000);
    ({ shopperId: maya } = await buildPerson(test.db, "maya"));
    shopWindow = createShopWindow({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      settings: { pollMs: days(1) },
    });
    tasteReader = createTasteReader({ bus, shopWindow });
    ranking = createLiveRanking({ handle: test.handle, bus, log: silentLogger, pollMs: days(1) });
    search = createSearchService({
      shopWindow,
      tasteReader,
      handle: test.handle,
      clock,
      log: silentLogger,
      ranking,
    });
    await shopWindow.load();
  });
  afterEach(async () => {
    search.close();
    ranking.close();
    tasteReader.close();
    await shopWindow.close();
    await bus.close();
  });

  describe("a query", () => {
    it("answers cards with the five terms that make their score", async () => {
      const answer = await as().query({ q: "tomato" });
      expect(answer).toMatchObject({ query: "tomato", total: 1, personalised: false });
      const [hit] = answer.hits;
      expect(hit).toMatchObject({ position: 1, card: { id: tomato, priceCents: 490, isAvailable: true } });
      const sum = Object.values(hit!.explain).reduce((total, term) => total + term.contribution, 0);
      expect(sum).toBeCloseTo(hit!.score, 9);
      expect(hit!.explain.base).toEqual({ value: 1, weight: 0.4, contribution: 0.4 });
    });

    it("forgives a slip of the finger and says so", async () => {
      const answer = await as().query({ q: "tomatoo letuce" });
      expect(answer.correctedTo).toBe("tomato lettuce");
      expect(idsOf(answer)).toContain(lettuce);
    });

    it("says so for a plural that nobody spells like that, whatever the filters", async () => {
      await buildProduct(test.db, { slug: "cherry-tomatoes", name: "Cherry tomatoes" });
      await shopWindow.load();
      for (const filter of [{}, { marketId }, { organic: true }]) {
        const answer = await as().query({ q: "tomatos", ...filter });
        expect(answer.correctedTo).toBe("tomato");
        expect(idsOf(answer)).toContain(tomato);
      }
      expect((await as().query({ q: "tomatos", correct: false })).total).toBe(0);
    });

    it("takes the words as they were typed when asked to", async () => {
      const answer = await as().query({ q: "tomatoo", correct: false });
      expect(answer.correctedTo).toBeUndefined();
      expect(answer.hits).toEqual([]);
      expect(idsOf(await as().query({ q: "tomatoo" }))).toContain(tomato);
    });

    it("finds produce out of season, and ranks it below what is in season", async () => {
      await stockProduct(test.db, asparagus, 5_000);
      const ids = idsOf(await as().query({}));
      expect(ids).toHaveLength(4);
      expect(ids.indexOf(asparagus)).toBeGreaterThan(ids.indexOf(tomato));
      expect(ids.indexOf(asparagus)).toBeGreaterThan(ids.indexOf(cheese));
    });

    it("counts what each filter would leave, and narrows by slugs", async () => {
      const { facets } = await as().query({ marketId });
      expect(facets.categories.map(({ slug, count }) => [slug, count])).toContainEqual(["cheese", 1]);
      expect(facets.farms).toContainEqual({
        id: farmIdOf("hollow-oak"),
        slug: "hollow-oak",
        name: "Hollow Oak",
        count: 3,
      });
      expect(facets).toMatchObject({ organic: 1, marketDays: [{ day: "2025-08-16", count: 4 }] });
      expect(facets.distance).toContainEqual({ km: 20, count: 3 });
      expect(idsOf(await as().query({ category: "cheese" }))).toEqual([cheese]);
      expect(idsOf(await as().query({ farm: ["whey-street"] }))).toEqual([cheese]);
      expect(idsOf(await as().query({ organic: true }))).toEqual([tomato]);
      expect(idsOf(await as().query({ q: "organic" }))).toEqual([tomato]);
      expect(idsOf(await as().query({ marketId, maxKm: 20 }))).not.toContain(cheese);
      expect(idsOf(await as().query({ farm: "nobody" }))).toEqual([]);
      expect(idsOf(await as().query({ inSeason: true }))).not.toContain(asparagus);
    });

    it("goes by the day that a market has now", async () => {
      const countsOf = async () =>
        Object.fromEntries(
          (await as().query({ q: "" })).facets.weekdays.map(({ weekday, count }) => [weekday, count]),
        );
      const before = await countsOf();
      await test.db.update(markets).set({ weekday: 3 });
      await bus.publish("shop.changed", { productIds: [], marketIds: [marketId] });
      await expect.poll(countsOf).toEqual({ 3: before[6] });
      expect(idsOf(await as().query({ q: "tomato", weekday: [3] }))).toContain(tomato);
    });

    it("never shows a sold-out product as buyable, though the result was remembered", async () => {
      expect((await as().query({ q: "tomato" })).hits[0]?.card.isAvailable).toBe(true);
      await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, tomato));
      expect((await as().query({ q: "tomato" })).hits[0]?.card.isAvailable).toBe(false);
    });

    it("agrees with the stock in any order of sales, restocks and searches", async () => {
      const rng = seededRng(5);
      let stock = 60_000;
      let wrong = 0;
      // A thousand over both databases.
      const rounds = test.handle.driver === "postgres" ? 800 : 200;
      for (let round = 0; round < rounds; round++) {
        if (rng.next() < 0.5) {
          stock = rng.next() < 0.5 ? 0 : 750 * (1 + rng.int(5));
          await test.db
            .update(stockLevels)
            .set({ onHandBase: stock })
            .where(eq(stockLevels.productId, tomato));
        }
        const { hits } = await search.query({ q: "tomato" });
        if (hits[0]?.card.availableQuantity !== Math.floor(stock / 750)) wrong++;
      }
      expect(wrong).toBe(0);
    });

    it("says when it is back, where nothing that matches can be had", async () => {
      expect((await as().query({ q: "asparagus" })).emptyHint).toEqual({
        productId: asparagus,
        slug: "asparagus",
        name: "Green asparagus",
        reason: "off_season",
        returnsOn: "2026-04-20",
      });
      await stockProduct(test.db, tomato, 0);
      await shopWindow.refresh([tomato]);
      expect((await as().query({ q: "tomato" })).emptyHint).toMatchObject({ reason: "sold_out" });
      expect((await as().query({ q: "lettuce" })).emptyHint).toBeUndefined();
    });
  });

  describe("personal order", () => {
    const only = async (name: string, productId: ProductId) => {
      const { shopperId } = await buildPerson(test.db, name);
      await writeOrder(test.db, { shopperId, marketId, productIds: [productId], placedAt: testNow });
      return shopperId;
    };

    it("differs between a shopper of greens and one of cheese, over the same set", async () => {
      await only("ann", lettuce);
      await only("bea", cheese);
      const ann = await as("ann").query({ q: "fresh" });
      const bea = await as("bea").query({ q: "fresh" });
      expect([ann.personalised, bea.personalised]).toEqual([true, true]);
      expect(idsOf(ann)).toEqual([lettuce, cheese]);
      expect(idsOf(bea)).toEqual([cheese, lettuce]);
    });

    it("is known by the time that who types asks", async () => {
      const shopperId = await only("bea", cheese);
      await as("bea").suggest({ q: "fre" });
      await expect.poll(() => tasteReader.recall(shopperId, clock.now())).toBeDefined();
      const typed = await as("bea").query({ q: "fresh" });
      expect(typed.personalised).toBe(true);
      tasteReader.drop(shopperId);
      const untyped = await as("bea").query({ q: "fresh" });
      expect(typed.hits).toEqual(untyped.hits);
    });

    it("follows the cart in the very next search", async () => {
      const shopperId = await only("ann", lettuce);
      const before = (await as("ann").query({ q: "fresh" })).hits.find(({ card }) => card.id === cheese);
      for (let i = 0; i < 3; i++) await act(shopperId, "ADD_TO_CART", cheese);
      const after = (await as("ann").query({ q: "fresh" })).hits.find(({ card }) => card.id === cheese);
      expect(after!.score).toBeGreaterThan(before!.score);
    });

    it("is everybody's order when refused, switched off or not asked for", async () => {
      const shopperId = await only("bea", cheese);
      const everybody = idsOf(await as().query({ q: "fresh" }));
      const isEverybodys = async (personalise?: boolean) => {
        const answer = await as("bea").query({ q: "fresh", personalise });
        expect(answer.personalised).toBe(false);
        expect(idsOf(answer)).toEqual(everybody);
      };
      await isEverybodys(false);
      await test.db.update(shoppers).set({ personalise: false }).where(eq(shoppers.id, shopperId));
      await isEverybodys();
      await test.db
        .update(shoppers)
        .set({ personalise: true, trackingConsent: "denied" })
        .where(eq(shoppers.id, shopperId));
      await isEverybodys();
    });
  });

  it("is everybody's for whom an experiment wants nothing personal, and personal for the next", async () => {
    const { shopperId } = await buildPerson(test.db, "bea");
    await writeOrder(test.db, { shopperId, marketId, productIds: [cheese], placedAt: testNow });
    const everybody = idsOf(await as().query({ q: "fresh" }));
    let isPersonal = false;
    search.close();
    search = createSearchService({
      shopWindow,
      tasteReader,
      handle: test.handle,
      clock,
      log: silentLogger,
      ranking,
      chooseArm: () => ({ arm: "control", isPersonal }),
    });
    const alike = await as("bea").query({ q: "fresh" });
    expect([alike.personalised, alike.arm, idsOf(alike)]).toEqual([false, "control", everybody]);
    isPersonal = true;
    const own = await as("bea").query({ q: "fresh" });
    expect([own.personalised, idsOf(own)]).toEqual([true, [cheese, lettuce]]);
  });

  describe("the log", () => {
    it("has one row for a search, its click and its order", async () => {
      await buildProduct(test.db, { slug: "fresh-basil", name: "Fresh basil", category: "herbs" });
      await stockProduct(test.db, productIdOf("fresh-basil"), 5_000);
      await shopWindow.load();
      const { searchId, hits } = await as("maya").query({ q: "fresh" });
      const { card, position } = hits[2]!;
      expect(await as("maya").click({ searchId, productId: card.id, position })).toEqual({ isNoted: true });
      clock.advance(minutes(30));
      const orderId = await writeOrder(test.db, {
        shopperId: maya,
        marketId,
        productIds: [card.id],
        placedAt: clock.now(),
      });
      await publishFact(test.db, {
        topic: "order.placed",
        payload: { orderId, shopperId: maya, marketId, productIds: [card.id], farmIds: [] },
      });
      const consumers = [searchAttributionConsumer()];
      await createOutboxRelay({ handle: test.handle, bus, clock, log: silentLogger, consumers }).drain();
      const rows = await logged();
      expect(rows).toMatchObject([
        {
          id: searchId,
          shopperId: maya,
          query: "fresh",
          isPersonalised: "no",
          resultsCount: 3,
          clickedProductId: card.id,
          clickPosition: 3,
          orderId,
        },
      ]);
      expect(rows[0]!.executionMs).toBeGreaterThan(0);
    });

    it("has the terms and the prices of what was shown, as they were", async () => {
      const { hits } = await as("maya").query({ q: "fresh" });
      const [row] = await logged();
      expect(row!.shownIds).toEqual(hits.map(({ card }) => card.id));
      expect(row!.shownTerms).toHaveLength(5 * hits.length);
      hits.forEach(({ explain, card }, at) => {
        const terms = row!.shownTerms.slice(5 * at, 5 * at + 5);
        const { base, personalization, recency, popularity, seasonal } = explain;
        [base, personalization, recency, popularity, seasonal].forEach(({ value }, term) =>
          expect(terms[term]).toBeCloseTo(value, 4),
        );
        expect(row!.shownPrices[at]).toBeGreaterThan(0);
        expect(card.isAvailable).toBe(true);
      });
    });

    it("has one row for a page that is loaded again, though a browser became a shopper meanwhile", async () => {
      const { searchId } = await as().query({ q: "fresh" });
      const again = await as("maya").query({ q: "fresh", shownAs: searchId });
      expect(again.searchId).toBe(searchId);
      expect(await as("maya").query({ q: "fresh", shownAs: again.searchId })).toMatchObject({ searchId });
      expect(await logged()).toMatchObject([{ id: searchId, shopperId: maya }]);
    });

    it("keeps what was shown when something of it was opened, and follows what is shown until then", async () => {
      const { searchId } = await as("maya").query({ q: "fresh" });
      await buildProduct(test.db, { slug: "fresh-basil", name: "Fresh basil", category: "herbs" });
      await stockProduct(test.db, productIdOf("fresh-basil"), 5_000);
      await shopWindow.load();
      const again = await as("maya").query({ q: "fresh", shownAs: searchId });
      expect(await logged()).toMatchObject([{ id: searchId, shownIds: idsOf(again), resultsCount: 3 }]);
      await as("maya").click({ searchId, productId: cheese, position: 2 });
      await test.db.update(stockLevels).set({ onHandBase: 0 }).where(eq(stockLevels.productId, cheese));
      await as("maya").query({ q: "fresh", shownAs: searchId, limit: 2 });
      expect(await logged()).toMatchObject([{ shownIds: idsOf(again), clickPosition: 2 }]);
    });

    it("has another row for other words, another page, another shopper and another ranking", async () => {
      const { searchId } = await as("maya").query({ q: "fresh" });
      await buildPerson(test.db, "ann");
      const others = [
        await as("maya").query({ q: "tomato", shownAs: searchId }),
        await as("maya").query({ q: "fresh", limit: 1, offset: 1, shownAs: searchId }),
        await as("ann").query({ q: "fresh", shownAs: searchId }),
        await as("maya").query({ q: "fresh", shownAs: newId() }),
      ];
      const ids = new Set([searchId, ...others.map((answer) => answer.searchId)]);
      expect(ids.size).toBe(5);
      expect(await logged()).toHaveLength(5);
    });

    it("has nothing of a shopper who refused tracking", async () => {
      await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, maya));
      const { searchId } = await as("maya").query({ q: "tomato" });
      expect(await logged()).toEqual([]);
      expect(await as("maya").click({ searchId, productId: tomato, position: 1 })).toEqual({
        isNoted: false,
      });
    });

    it("takes no click of somebody else, nor on what was not shown", async () => {
      const { searchId } = await as("maya").query({ q: "tomato" });
      await buildPerson(test.db, "ann");
      const click = { searchId, productId: tomato, position: 1 };
      expect(await as("ann").click(click)).toEqual({ isNoted: false });
      expect(await as().click(click)).toEqual({ isNoted: false });
      expect(await as("maya").click({ ...click, productId: cheese })).toEqual({ isNoted: false });
      expect(await as("maya").click(click)).toEqual({ isNoted: true });
    });
  });

  it("suggests products, categories and farms while somebody types", () => {
    const found = search.suggest("fre");
    expect(found.products.map(({ slug }) => slug).toSorted()).toEqual(["fresh-cheese", "fresh-lettuce"]);
    expect(search.suggest("chee").categories).toEqual([
      { slug: "cheese", name: "Cheese", marks: [[0, 4]], count: 1 },
    ]);
    expect(search.suggest("aspa").products).toMatchObject([{ isAvailable: false, returnsOn: "2026-04-20" }]);
    expect(found.products.every((product) => !("returnsOn" in product))).toBe(true);
    // Of a word with a slip, all of what it was taken for.
    expect(search.suggest("letuce").products).toMatchObject([{ name: "Fresh lettuce", marks: [[6, 13]] }]);
    expect(search.suggest("whey").farms).toMatchObject([{ slug: "whey-street", count: 1 }]);
  });

  it("suggests what is true now, however often the same was typed before", async () => {
    const first = search.suggest("aspa");
    expect(first.products).toMatchObject([{ isAvailable: false }]);
    expect(search.suggest("aspa")).toBe(first);
    await stockProduct(test.db, asparagus, 60_000);
    await shopWindow.refresh([asparagus]);
    expect(search.suggest("aspa").products).toMatchObject([{ isAvailable: true }]);
    await test.db.update(products).set({ picture: "leek" }).where(eq(products.id, asparagus));
    await shopWindow.refresh([asparagus]);
    expect(search.suggest("aspa").products).toMatchObject([{ picture: "leek" }]);
  });
});
