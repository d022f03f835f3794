import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import {
  farmFollows,
  orderWindows,
  products,
  shoppers,
  stockLevels,
  tasteProfiles,
  wishes,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildPerson,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { appendAction } from "@almanac/events";
import { days, newId, seededRng, shiftedClock, type EventId, type ShopperId } from "@almanac/kernel";
import { homeSchema, recommendationsSchema } from "./shapes.ts";
import {
  buildOrder,
  fillCart,
  openSmallStall,
  setStock,
  stallGoods,
  startRecsys,
  type StallGood,
  type TestRecsys,
} from "./testing.ts";

const maya = shopperIdOf("maya");
const jonas = shopperIdOf("jonas");
const marketId = marketIdOf("riverside");

describeOnEveryDatabase("recommendations", (test) => {
  let recsys: TestRecsys;

  beforeEach(async () => {
    await openSmallStall(test.db);
    for (const name of ["maya", "jonas"]) await buildPerson(test.db, name);
  });
  afterEach(() => recsys.stop());

  const start = async () => {
    recsys = await startRecsys(test.handle);
    return recsys.service;
  };
  const view = (shopperId: ShopperId, slug: string) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action: "VIEW_PRODUCT",
      shopperId,
      entityType: "PRODUCT",
      entityId: productIdOf(slug),
      traceId: "test",
      occurredAt: testNow,
    });
  const slugs = (items: readonly { card: { slug: string } }[]) => items.map(({ card }) => card.slug);
  const crowd = async (count: number, goods: readonly StallGood[]) => {
    for (let i = 0; i < count; i++) {
      const name = `${goods.join("-")}-${i}`;
      await buildPerson(test.db, name);
      await buildOrder(test.db, shopperIdOf(name), { daysAgo: 1 + (i % 5), goods });
    }
  };

  it("shows two shoppers with different tastes different things, each with a true reason", async () => {
    for (const daysAgo of [30, 20, 10]) {
      await buildOrder(test.db, maya, { daysAgo, goods: ["kale", "spinach"] });
      await buildOrder(test.db, jonas, { daysAgo, goods: ["brie", "gouda"] });
    }
    const service = await start();
    const forMaya = await service.forShopper({ shopperId: maya, limit: 4 });
    const forJonas = await service.forShopper({ shopperId: jonas, limit: 4 });
    expect(recommendationsSchema.parse(forMaya)).toEqual(forMaya);
    expect(slugs(forMaya.items)).not.toEqual(slugs(forJonas.items));
    expect(forMaya.items[0]?.card.category.slug).toBe("greens");
    expect(forJonas.items[0]?.card.category.slug).toBe("cheese");
    for (const { explain, score, reason } of [...forMaya.items, ...forJonas.items]) {
      expect(explain.reduce((sum, term) => sum + term.contribution, 0)).toBeCloseTo(score, 9);
      expect(reason).toBe(explain[0]?.reason);
    }
  });

  it("answers a stranger and an empty history with finite scores", async () => {
    const service = await start();
    for (const shopperId of [undefined, maya]) {
      const { items } = await service.forShopper({ shopperId, marketId });
      expect(items.length).toBeGreaterThan(0);
      for (const { score } of items) expect(Number.isFinite(score)).toBe(true);
    }
  });

  it("learns from a view before the very next request", async () => {
    const service = await start();
    const before = await service.forShopper({ shopperId: maya });
    expect(before.algorithms).not.toContain("user_behavior");
    await view(maya, "brie");
    const after = await service.forShopper({ shopperId: maya });
    expect(after.algorithms).toEqual(expect.arrayContaining(["content_based", "user_behavior"]));
    expect(after.items[0]?.card.category.slug).toBe("cheese");
  });

  it("forgets an interest that the shopper hid, and everything for who does not want to be profiled", async () => {
    for (const slug of ["brie", "gouda", "kale"]) await view(maya, slug);
    const service = await start();
    await test.db
      .insert(tasteProfiles)
      .values({ shopperId: maya, state: {}, hidden: { categories: ["cheese"], farms: [] } });
    const hidden = await service.forShopper({ shopperId: maya });
    expect(hidden.items.map(({ card }) => card.category.slug)).not.toContain("cheese");
    for (const change of [
      { personalise: false },
      { personalise: true, trackingConsent: "denied" as const },
    ]) {
      await test.db.update(shoppers).set(change).where(eq(shoppers.id, maya));
      const { items, algorithms } = await service.forShopper({ shopperId: maya, marketId });
      const stranger = await service.forShopper({ marketId });
      expect(slugs(items)).toEqual(slugs(stranger.items));
      expect(algorithms).not.toContain("user_behavior");
    }
  });

  it("names what goes with a cart, never what is in it", async () => {
    await crowd(12, ["tomato", "mozzarella", "basil"]);
    await crowd(10, ["carrot", "beet"]);
    await fillCart(test.db, maya, ["tomato", "mozzarella"]);
    const service = await start();
    const { items } = await service.forCart({ shopperId: maya });
    expect(slugs(items)).toEqual(["basil"]);
    expect(items[0]).toMatchObject({ reason: "CART_COMPLEMENT", sentence: "Goes with your tomato" });
    await fillCart(test.db, maya, ["basil"]);
    expect((await service.forCart({ shopperId: maya })).items).toEqual([]);
    const together = await service.boughtTogether({ productId: productIdOf("carrot") });
    expect(slugs(together.items)).toEqual(["beet"]);
    expect(together.items[0]).toMatchObject({
      sentence: "Often bought with carrot",
      metadata: { coOccurrences: 10, totalOrders: 22 },
    });
  });

  it("hides within the same request what was sold out, delisted or lost its window behind its back", async () => {
    await crowd(6, ["tomato", "carrot"]);
    await crowd(6, ["kale", "carrot"]);
    const service = await start();
    expect(slugs((await service.trending({ marketId })).items)).toContain("carrot");
    await setStock(test.db, "carrot", 100);
    await test.db
      .update(products)
      .set({ status: "hidden" })
      .where(eq(products.id, productIdOf("kale")));
    expect(slugs((await service.trending({ marketId })).items)).toEqual(["tomato"]);
    await test.db.update(orderWindows).set({ isCancelled: true });
    await recsys.shopWindow.load();
    expect((await service.trending({ marketId })).items).toEqual([]);
  });

  it("counts an order for everybody as soon as it is heard of, once however often", async () => {
    await crowd(4, ["plum", "peach"]);
    const service = await start();
    expect((await service.trending({ marketId })).items).toEqual([]);
    const orderId = await buildOrder(test.db, jonas, { daysAgo: 0, goods: ["plum", "peach"] });
    const message = {
      kind: "order",
      orderId,
      shopperId: jonas,
      marketId,
      productIds: [productIdOf("plum"), productIdOf("peach")],
      at: testNow.toISOString(),
    };
    for (let i = 0; i < 3; i++) await recsys.bus.publish("recsys.changed", message);
    await Promise.resolve();
    await service.forShopper({ shopperId: jonas });
    const { items } = await service.trending({ marketId });
    expect(slugs(items)).toEqual(expect.arrayContaining(["plum", "peach"]));
    expect(items[0]?.metadata).toMatchObject({ buyers: 5, orders: 5 });
  });

  it("reads everything anew when the clock was moved to another day", async () => {
    await crowd(4, ["plum", "peach"]);
    const clock = shiftedClock(testNow, { now: () => testNow });
    recsys = await startRecsys(test.handle, { clock });
    await buildOrder(test.db, jonas, { daysAgo: -1, goods: ["plum", "peach"] });
    expect((await recsys.service.trending({ marketId })).items).toEqual([]);
    await test.db.update(orderWindows).set({ closesAt: new Date(testNow.getTime() + days(3)) });
    clock.advance(days(1.5));
    await recsys.shopWindow.load();
    expect(slugs((await recsys.service.trending({ marketId })).items)).toEqual(
      expect.arrayContaining(["plum", "peach"]),
    );
  });

  it("fills every list of the home page by itself, and repeats nothing where it can", async () => {
    await crowd(8, ["tomato", "basil"]);
    await crowd(6, ["peach", "plum"]);
    await buildProduct(test.db, {
      slug: "ricotta",
      category: "cheese",
      farmSlug: "whey-street",
      crop: "",
      listedAt: new Date(testNow.getTime() - days(1)),
    });
    for (const slug of ["brie", "kale"]) await view(maya, slug);
    const service = await start();
    const home = await service.home({ shopperId: maya, marketId });
    expect(homeSchema.parse(home)).toEqual(home);
    expect(home.forYou.length).toBeGreaterThan(0);
    expect(home.trending.length).toBeGreaterThan(0);
    expect(home.inSeason.length).toBeGreaterThan(0);
    const forYou = new Set(slugs(home.forYou));
    const elsewhere = [...home.trending, ...home.inSeason, ...home.newArrivals, ...home.priceDrops];
    expect(slugs(elsewhere).filter((slug) => forYou.has(slug))).toEqual([]);
  });

  it("lists a product that came on sale after the build", async () => {
    const service = await start();
    await buildProduct(test.db, {
      slug: "leek",
      farmSlug: "ridge",
      crop: "",
      listedAt: new Date(testNow.getTime() - days(1)),
    });
    await test.db.insert(stockLevels).values({ productId: productIdOf("leek"), onHandBase: 9_000 });
    await test.db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf("ridge") });
    await recsys.shopWindow.refresh([productIdOf("leek")]);
    const home = await service.home({ shopperId: maya, marketId });
    expect(home.newArrivals[0]).toMatchObject({
      card: { slug: "leek" },
      sentence: "New from a farm you follow",
    });
    const pushed = await service.triggered("ADD_TO_WISHLIST", { shopperId: maya });
    expect(slugs(pushed?.items ?? [])).toEqual(["leek"]);
  });

  describe("under 2,000 random calls over a changing stock", () => {
    it("shows nothing that is sold out, excluded or in the cart", { timeout: 180_000 }, async () => {
      await crowd(10, ["tomato", "mozzarella", "basil"]);
      await crowd(8, ["kale", "spinach", "carrot"]);
      await crowd(6, ["peach", "plum", "brie"]);
      await test.db.insert(wishes).values({ shopperId: maya, productId: productIdOf("peach") });
      const cart: StallGood[] = ["tomato", "kale"];
      await fillCart(test.db, maya, cart);
      const service = await start();
      const goods = Object.keys(stallGoods) as StallGood[];
      const inStock = new Set<string>(goods);
      const rng = seededRng(11);
      for (let call = 0; call < 2_000; call++) {
        if (call % 4 === 0) {
          const slug = rng.pick(goods);
          const isStocked = rng.next() < 0.5;
          await setStock(test.db, slug, isStocked ? 10_000 : rng.int(700));
          if (isStocked) inStock.add(slug);
          else inStock.delete(slug);
          // Only now and then is the shop window told; the rest it finds out when it matters.
          if (rng.next() < 0.3) await recsys.shopWindow.refresh([productIdOf(slug)]);
        }
        const excluded = rng.pick(goods);
        const seed = rng.pick(goods);
        const ask = {
          shopperId: maya,
          limit: 1 + rng.int(12),
          excludeProductIds: [productIdOf(excluded)],
          productId: productIdOf(seed),
        };
        const calls = [
          () => service.forShopper(ask),
          () => service.similarItems(ask),
          () => service.boughtTogether(ask),
          () => service.forCart(ask),
          () => service.trending(ask),
        ];
        const { items } = await rng.pick(calls)();
        for (const slug of slugs(items)) {
          expect(inStock.has(slug) && slug !== excluded && slug !== seed, `${slug} in call ${call}`).toBe(
            true,
          );
          expect(cart as string[]).not.toContain(slug);
        }
        expect(new Set(slugs(items)).size).toBe(items.length);
      }
    });
  });
});
