import { describeOnEveryDatabase } from "@almanac/db/testing";
import { beforeEach, expect, it } from "vitest";
import { catalogMergeStep } from "./personal-data.ts";
import { listFollowers } from "./store/farms.ts";
import { claimStockAlerts, listStockAlerts, listWishers, listWishes } from "./store/wishes.ts";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  productIdOf,
  publishedTopics,
  shopperIdOf,
  testNow,
} from "./testing.ts";

const refusal = (reason: string) =>
  expect.objectContaining({ cause: expect.objectContaining({ code: reason }) });

describeOnEveryDatabase("what anybody may read", (test) => {
  const anyone = () => catalogAs(test.handle);

  beforeEach(async () => {
    const market = await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    await buildOpenWindow(test.db, market);
  });

  it("lists markets with the window that orders go to now", async () => {
    const [market] = await anyone().markets.list();
    expect(market).toMatchObject({
      slug: "riverside",
      nextWindow: { marketDay: "2025-08-16", isOpen: true },
    });
    expect(await anyone().markets.get({ slug: "riverside" })).toEqual(market);
  });

  it("lists the pickup slots of that window in order", async () => {
    const { id } = await anyone().markets.get({ slug: "riverside" });
    const { slots, window } = await anyone().markets.slots({ marketId: id });
    expect(window?.marketDay).toBe("2025-08-16");
    expect(slots.map((slot) => slot.startsAt.slice(11, 16))).toEqual([
      "12:00",
      "13:00",
      "14:00",
      "15:00",
      "16:00",
    ]);
    expect(slots[0]?.capacityOrders).toBe(40);
  });

  it("shows a product with its farm, variants and 90 days of prices", async () => {
    const product = await anyone().products.get({ slug: "heirloom-tomato" });
    expect(product).toMatchObject({
      id: productIdOf("heirloom-tomato"),
      priceCents: 490,
      estimateCents: 368,
      farm: { slug: "hollow-oak", followers: 0, isFollowed: false },
      variants: [{ comparablePriceCents: 490, isWeighed: true }],
      isWished: false,
    });
    expect(product.priceHistory[0]?.points.map((point) => point.unitPriceCents)).toEqual([490, 490]);
  });

  it.each(["draft", "hidden", "archived"] as const)("never shows a product that is %s", async (status) => {
    await buildProduct(test.db, { slug: "secret", status });
    await expect(anyone().products.get({ slug: "secret" })).rejects.toEqual(refusal("product_not_found"));
  });

  it("never shows a farm that sells at no market, nor its products", async () => {
    await buildFarm(test.db, { slug: "new-farm", marketSlugs: [] });
    await buildProduct(test.db, { slug: "new-product", farmSlug: "new-farm" });
    await expect(anyone().farms.get({ slug: "new-farm" })).rejects.toEqual(refusal("farm_not_found"));
    await expect(anyone().products.get({ slug: "new-product" })).rejects.toEqual(
      refusal("product_not_found"),
    );
    expect((await anyone().farms.list()).map((farm) => farm.slug)).toEqual(["hollow-oak"]);
  });

  it.each(["'; drop table farms; --", "ＦＵＬＬ", "%", "\\"])(
    "finds nothing under %j, and breaks nothing",
    async (slug) => {
      await expect(anyone().products.get({ slug })).rejects.toEqual(refusal("product_not_found"));
      await expect(anyone().farms.get({ slug })).rejects.toEqual(refusal("farm_not_found"));
      await expect(anyone().markets.get({ slug })).rejects.toEqual(refusal("market_not_found"));
    },
  );

  it("refuses what is no slug or no id as invalid", async () => {
    await expect(anyone().products.get({ slug: "nul\u0000" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(anyone().products.get({ slug: "x".repeat(10_000) })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("names the categories with something on sale, in the order of the shop", async () => {
    await buildProduct(test.db, { slug: "first-cheese", category: "cheese" });
    await buildProduct(test.db, { slug: "second-cheese", category: "cheese" });
    await buildProduct(test.db, { slug: "honey", category: "honey" });
    await buildProduct(test.db, { slug: "no-bread-yet", category: "bakery", status: "draft" });
    const stocked = await anyone().categories.stocked();
    const counts = new Map(stocked.map(({ slug, products }) => [slug, products]));
    expect(stocked).toContainEqual({ slug: "cheese", name: "Cheese", products: 2 });
    const order = (await anyone().categories.list())
      .map(({ slug }) => slug)
      .filter((slug) => counts.has(slug));
    expect(stocked.map(({ slug }) => slug)).toEqual(order);
    expect(counts.has("bakery")).toBe(false);
    expect(await anyone().categories.stocked({ limit: 1 })).toHaveLength(1);
  });

  it("starts with the standard categories in the order of the shop", async () => {
    const categories = await anyone().categories.list();
    expect(categories.slice(0, 2).map((category) => category.slug)).toEqual(["vegetables", "fruits"]);
  });
});

describeOnEveryDatabase("wishes, followed farms and stock alerts", (test) => {
  const maya = () => catalogAs(test.handle, callerNamed("maya"));

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    await buildPerson(test.db, "maya");
  });

  it("adds a wish once and tells it once", async () => {
    const productId = productIdOf("heirloom-tomato");
    await maya().wishes.add({ productId });
    await maya().wishes.add({ productId });
    expect(await maya().wishes.list()).toMatchObject([{ id: productId, priceCents: 490 }]);
    expect(await maya().wishes.ids()).toEqual([productId]);
    expect(await publishedTopics(test.db)).toEqual(["wish.added"]);
    expect(await maya().products.get({ slug: "heirloom-tomato" })).toMatchObject({ isWished: true });
    expect(await listWishers(test.db, [productId])).toEqual(new Map([[productId, [shopperIdOf("maya")]]]));
    await maya().wishes.remove({ productId });
    expect(await maya().wishes.list()).toEqual([]);
  });

  it("refuses a wish for a draft, as if there were none", async () => {
    await buildProduct(test.db, { slug: "secret", status: "draft" });
    const productId = productIdOf("secret");
    await expect(maya().wishes.add({ productId })).rejects.toEqual(refusal("product_not_found"));
    await expect(maya().stockAlerts.subscribe({ productId, kind: "BACK_IN_STOCK" })).rejects.toEqual(
      refusal("product_not_found"),
    );
  });

  it("answers an unknown visitor with empty lists, without making one of them", async () => {
    expect(await catalogAs(test.handle).wishes.list()).toEqual([]);
    expect(await catalogAs(test.handle).stockAlerts.list()).toEqual([]);
  });

  it("follows a farm once, and counts it", async () => {
    const farmId = farmIdOf("hollow-oak");
    await maya().farms.follow({ farmId });
    await maya().farms.follow({ farmId });
    expect(await maya().farms.get({ slug: "hollow-oak" })).toMatchObject({ isFollowed: true, followers: 1 });
    expect(await publishedTopics(test.db)).toEqual(["farm.followed"]);
    expect((await listFollowers(test.db, [farmId])).get(farmId)).toEqual([shopperIdOf("maya")]);
    await maya().farms.unfollow({ farmId });
    expect(await maya().farms.get({ slug: "hollow-oak" })).toMatchObject({ isFollowed: false, followers: 0 });
  });

  it("claims those who wait once, and lets them wait anew", async () => {
    const productId = productIdOf("heirloom-tomato");
    const alert = { productId, kind: "BACK_IN_STOCK" } as const;
    await maya().stockAlerts.subscribe(alert);
    expect(await maya().stockAlerts.list()).toMatchObject([
      { kind: "BACK_IN_STOCK", product: { id: productId } },
    ]);
    expect(await claimStockAlerts(test.db, productId, "BACK_IN_STOCK", testNow)).toEqual([
      shopperIdOf("maya"),
    ]);
    expect(await claimStockAlerts(test.db, productId, "BACK_IN_STOCK", testNow)).toEqual([]);
    expect(await listStockAlerts(test.db, shopperIdOf("maya"))).toEqual([]);
    await maya().stockAlerts.subscribe(alert);
    expect(await listStockAlerts(test.db, shopperIdOf("maya"))).toHaveLength(1);
    await maya().stockAlerts.unsubscribe(alert);
    expect(await listStockAlerts(test.db, shopperIdOf("maya"))).toEqual([]);
  });

  it("waits for nothing that can be had, and may still wait for its season", async () => {
    const productId = productIdOf("heirloom-tomato");
    const able = new Set([productId]);
    const catalog = catalogAs(test.handle, callerNamed("maya"), undefined, {
      isAvailable: (_ctx, id) => Promise.resolve(able.has(id)),
    });
    await expect(catalog.stockAlerts.subscribe({ productId, kind: "BACK_IN_STOCK" })).rejects.toEqual(
      refusal("in_stock"),
    );
    expect(await catalog.stockAlerts.list()).toEqual([]);
    await catalog.stockAlerts.subscribe({ productId, kind: "BACK_IN_SEASON" });
    able.clear();
    await catalog.stockAlerts.subscribe({ productId, kind: "BACK_IN_STOCK" });
    expect(await catalog.stockAlerts.list()).toHaveLength(2);
    await catalog.stockAlerts.unsubscribe({ productId, kind: "BACK_IN_STOCK" });
    await catalog.stockAlerts.unsubscribe({ productId, kind: "BACK_IN_SEASON" });
  });

  it("merge into an account without doubling anything", async () => {
    await buildPerson(test.db, "visitor");
    await buildProduct(test.db, { slug: "basil" });
    const visitor = catalogAs(test.handle, callerNamed("visitor"));
    await visitor.wishes.add({ productId: productIdOf("heirloom-tomato") });
    await visitor.wishes.add({ productId: productIdOf("basil") });
    await maya().wishes.add({ productId: productIdOf("basil") });
    const [from, into] = [shopperIdOf("visitor"), shopperIdOf("maya")];
    const context = { tracking: "granted" as const, clock: { now: () => testNow } };
    await test.handle.transaction((tx) => catalogMergeStep.merge(tx, from, into, context));
    expect((await listWishes(test.db, into)).map((wish) => wish.productId).toSorted()).toEqual(
      [productIdOf("basil"), productIdOf("heirloom-tomato")].toSorted(),
    );
    expect(await listWishes(test.db, from)).toEqual([]);
  });

  it("merge what a visitor waits for again into what the account was told of before", async () => {
    await buildPerson(test.db, "visitor");
    const visitor = catalogAs(test.handle, callerNamed("visitor"));
    const productId = productIdOf("heirloom-tomato");
    const [from, into] = [shopperIdOf("visitor"), shopperIdOf("maya")];
    const merge = () =>
      test.handle.transaction((tx) =>
        catalogMergeStep.merge(tx, from, into, { tracking: "granted", clock: { now: () => testNow } }),
      );
    await maya().stockAlerts.subscribe({ productId, kind: "BACK_IN_STOCK" });
    await claimStockAlerts(test.db, productId, "BACK_IN_STOCK", testNow);
    await visitor.stockAlerts.subscribe({ productId, kind: "BACK_IN_STOCK" });
    await merge();
    expect(await listStockAlerts(test.db, into)).toMatchObject([{ productId, kind: "BACK_IN_STOCK" }]);
    // What the visitor was told of does not end what the account waits for.
    await visitor.stockAlerts.subscribe({ productId, kind: "BACK_IN_SEASON" });
    await claimStockAlerts(test.db, productId, "BACK_IN_SEASON", testNow);
    await maya().stockAlerts.subscribe({ productId, kind: "BACK_IN_SEASON" });
    await merge();
    expect(await listStockAlerts(test.db, into)).toHaveLength(2);
  });
});
