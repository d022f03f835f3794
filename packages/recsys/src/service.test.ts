import { afterEach, beforeEach, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import {
  farmFollows,
  orderWindows,
  products,
  shoppers,
  stockLevels,
  tasteProfiles,
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
import { days, newId, shiftedClock, type EventId, type ShopperId } from "@almanac/kernel";
import { startBuilder, type SnapshotBuilder } from "./building/builder.ts";
import { homeSchema, homeSections, recommendationsSchema } from "./shapes.ts";
import { readShoppers } from "./store/shopper.ts";
import {
  buildOrder,
  fillCart,
  openSmallStall,
  setStock,
  startRecsys,
  type StallGood,
  type TestRecsys,
} from "./testing.ts";

const maya = shopperIdOf("maya");
const jonas = shopperIdOf("jonas");
const marketId = marketIdOf("riverside");

async function killedInTheMiddle(builder: SnapshotBuilder, call: Parameters<SnapshotBuilder["finish"]>[0]) {
  const finished = builder.finish(call);
  await builder.abandon();
  return finished;
}

describeOnEveryDatabase("recommendations", (test) => {
  let recsys: TestRecsys;

  beforeEach(async () => {
    await test.fill("the stall", () => openSmallStall(test.db));
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

  it("says of the season what the card says, also of what is kept in store", async () => {
    const service = await start();
    const home = await service.home({ shopperId: maya, marketId, limit: 60 });
    const seasonal = [...home.inSeason, ...home.coming, ...home.ending];
    expect(seasonal.length).toBeGreaterThan(0);
    for (const { card, sentence } of seasonal) expect(sentence).toBe(card.season.label);
  });

  it("answers who ask at the same moment each from what they did", async () => {
    await buildOrder(test.db, maya, { daysAgo: 10, goods: ["kale", "spinach"] });
    await buildOrder(test.db, jonas, { daysAgo: 10, goods: ["brie", "gouda"] });
    await view(jonas, "gouda");
    await fillCart(test.db, maya, ["spinach"]);
    const service = await start();
    const asked = [maya, jonas, shopperIdOf("nobody"), maya, jonas];
    const ask = async (shopperId: ShopperId) => (await service.forShopper({ shopperId, marketId })).items;
    const oneByOne = [];
    for (const shopperId of asked) oneByOne.push(await ask(shopperId));
    expect(await Promise.all(asked.map(ask))).toEqual(oneByOne);
    expect(slugs(oneByOne[0]!)).not.toEqual(slugs(oneByOne[1]!));
  });

  it("reads several shoppers at once, each with the orders after their own moment", async () => {
    await start();
    for (const daysAgo of [1, 3]) await buildOrder(test.db, maya, { daysAgo, goods: ["kale"] });
    const ago = (count: number) => new Date(testNow.getTime() - days(count));
    const found = await readShoppers(test.db, [
      { shopperId: maya, ordersAfter: ago(2) },
      { shopperId: shopperIdOf("nobody"), ordersAfter: ago(2) },
      { shopperId: jonas, ordersAfter: ago(9) },
      { shopperId: maya, ordersAfter: ago(4) },
    ]);
    expect(found.map((state) => state?.recentOrders.length)).toEqual([1, undefined, 0, 2]);
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

  it("goes on serving what it has when a building thread is killed, and says so until a build succeeds", async () => {
    await crowd(6, ["tomato", "carrot"]);
    let isKilled = false;
    recsys = await startRecsys(test.handle, {
      startBuilder: () => {
        const builder = startBuilder();
        return isKilled ? { ...builder, finish: (call) => killedInTheMiddle(builder, call) } : builder;
      },
    });
    const { service } = recsys;
    const before = await service.trending({ marketId });
    expect(service.health()).toMatchObject({ builds: 1, failures: 0 });
    isKilled = true;
    await expect(service.build()).rejects.toMatchObject({ code: "recommendations_not_built" });
    expect(slugs((await service.trending({ marketId })).items)).toEqual(slugs(before.items));
    expect(service.health()).toMatchObject({ builds: 1, failures: 1, failing: expect.any(String) });
    isKilled = false;
    await service.build();
    expect(service.health()).toMatchObject({ builds: 2, failures: 1 });
    expect(service.health().failing).toBeUndefined();
  });

  it("tells a snapshot of the order and the product that came while it was built", async () => {
    await crowd(4, ["plum", "peach"]);
    const reading = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    let isSlow = false;
    recsys = await startRecsys(test.handle, {
      startBuilder: () => {
        const builder = startBuilder();
        const slowly: typeof builder.finish = async (call) => {
          reading.resolve();
          await goOn.promise;
          return builder.finish(call);
        };
        return isSlow ? { ...builder, finish: slowly } : builder;
      },
    });
    const { service } = recsys;
    isSlow = true;
    const built = service.build();
    await reading.promise;
    await recsys.bus.publish("recsys.changed", {
      kind: "order",
      orderId: newId(),
      shopperId: jonas,
      marketId,
      productIds: [productIdOf("plum"), productIdOf("peach")],
      at: testNow.toISOString(),
    });
    await buildProduct(test.db, { slug: "leek", farmSlug: "ridge", category: "fruits", crop: "" });
    await test.db.insert(stockLevels).values({ productId: productIdOf("leek"), onHandBase: 9_000 });
    await recsys.shopWindow.refresh([productIdOf("leek")]);
    const during = await service.trending({ marketId });
    expect(slugs(during.items).toSorted()).toEqual(["peach", "plum"]);
    goOn.resolve();
    await built;
    expect(slugs((await service.trending({ marketId })).items).toSorted()).toEqual(["peach", "plum"]);
    const similar = await service.similarItems({ productId: productIdOf("peach"), marketId });
    expect(slugs(similar.items)).toContain("leek");
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

    for (const section of ["forYou", "trending", "newArrivals", "coming", "ending"] as const) {
      const alone = await service.home({ shopperId: maya, marketId, sections: [section] });
      expect(slugs(alone[section])).toEqual(slugs(home[section]));
      expect(homeSections.filter((other) => other !== section && alone[other].length > 0)).toEqual([]);
    }
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
});
