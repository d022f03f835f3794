import { describeOnEveryDatabase } from "@almanac/db/testing";
import { harvestWindows, imageFiles, images, priceChanges } from "@almanac/db/schema";
import { days, newId, type Id } from "@almanac/kernel";
import { beforeEach, expect, it } from "vitest";
import type { LiveProduct } from "./core/things.ts";
import { listLiveProducts, pageLiveProducts } from "./store/live-products.ts";
import {
  buildFarm,
  buildManyProducts,
  buildMarket,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
  variantIdOf,
} from "./testing.ts";
import { beginSeason } from "./workflows/begin-season.ts";

describeOnEveryDatabase("what is on sale", (test) => {
  const slugs = async () => (await listLiveProducts(test.db, { now: testNow })).map(({ slug }) => slug);

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
  });

  it("has a product with its category, farm, markets and variants", async () => {
    await buildProduct(test.db, {
      variants: [
        { position: 1, name: "crate" },
        { position: 0, name: "each" },
      ],
    });
    const [product, ...others] = await listLiveProducts(test.db, { now: testNow });
    expect(others).toEqual([]);
    expect(product).toMatchObject({
      id: productIdOf("heirloom-tomato"),
      category: { slug: "vegetables", name: "Vegetables" },
      farm: {
        slug: "hollow-oak",
        marketIds: [marketIdOf("riverside")],
        region: "Hudson Valley",
        timeZone: "America/New_York",
      },
      variants: [
        { name: "each", unitPriceCents: 490 },
        { name: "crate", unitPriceCents: 490 },
      ],
    });
    expect(product?.image).toBeUndefined();
    expect(product?.harvest).toBeUndefined();
    expect(product?.listedAt).toBeInstanceOf(Date);
  });

  it("leaves out drafts, hidden and archived products", async () => {
    for (const status of ["draft", "hidden", "archived", "live"] as const) {
      await buildProduct(test.db, { slug: status, status });
    }
    expect(await slugs()).toEqual(["live"]);
  });

  it("leaves out what has no live variant", async () => {
    await buildProduct(test.db, { slug: "none", variants: [] });
    await buildProduct(test.db, { slug: "archived", variants: [{ status: "archived" }] });
    expect(await slugs()).toEqual([]);
  });

  it("leaves out farms that sell at no market", async () => {
    await buildFarm(test.db, { slug: "no-stall", marketSlugs: [] });
    await buildProduct(test.db, { farmSlug: "no-stall" });
    expect(await slugs()).toEqual([]);
  });

  it("counts a farm at two markets once, the first joined first", async () => {
    await buildMarket(test.db, { slug: "uptown", region: "Elsewhere" });
    await buildFarm(test.db, { slug: "two-stalls", marketSlugs: ["uptown", "riverside"] });
    await buildProduct(test.db, { farmSlug: "two-stalls" });
    const live = await listLiveProducts(test.db, { now: testNow });
    expect(live).toHaveLength(1);
    expect(live[0]?.farm).toMatchObject({
      marketIds: [marketIdOf("uptown"), marketIdOf("riverside")],
      region: "Elsewhere",
    });
  });

  it("comes in pages too, each product once, in the same order", async () => {
    for (const slug of ["one", "two", "three", "four"]) await buildProduct(test.db, { slug });
    await buildProduct(test.db, { slug: "hidden", status: "hidden" });
    const all = await listLiveProducts(test.db, { now: testNow });
    for (const pageSize of [1, 2, 3, 4, 5]) {
      const pages: LiveProduct[][] = [];
      for await (const page of pageLiveProducts(test.db, { now: testNow, pageSize })) pages.push(page);
      expect(pages.flat()).toEqual(all);
      expect(pages).toHaveLength(Math.ceil(4 / pageSize));
    }
  });

  it("answers for some products or farms only, and is silent about those that are not on sale", async () => {
    await buildProduct(test.db, { slug: "one" });
    await buildProduct(test.db, { slug: "two" });
    await buildProduct(test.db, { slug: "hidden", status: "hidden" });
    const productIds = [productIdOf("two"), productIdOf("hidden")];
    const some = await listLiveProducts(test.db, { now: testNow, productIds });
    expect(some.map(({ slug }) => slug)).toEqual(["two"]);
    expect(await listLiveProducts(test.db, { now: testNow, productIds: [] })).toEqual([]);
    const ofFarm = await listLiveProducts(test.db, { now: testNow, farmIds: [farmIdOf("hollow-oak")] });
    expect(ofFarm).toHaveLength(2);
  });

  it("carries a price drop, its harvest and its photo", async () => {
    const imageId = newId<Id<"image">>();
    const farmId = farmIdOf("hollow-oak");
    await test.db
      .insert(images)
      .values({ id: imageId, farmId, width: 640, height: 480, tint: "oklch(0 0 0)" });
    await test.db
      .insert(imageFiles)
      .values([640, 160].map((width) => ({ imageId, width, bytes: new Uint8Array([1, 2, 3]) })));
    await buildProduct(test.db, { imageId, variants: [{ unitPriceCents: 450 }] });
    const changedAt = new Date(testNow.getTime() - days(1));
    const variantId = variantIdOf("heirloom-tomato");
    await test.db
      .insert(priceChanges)
      .values({ variantId, oldPriceCents: 500, newPriceCents: 450, changedAt });
    await test.db.insert(harvestWindows).values({
      id: newId<Id<"harvest-window">>(),
      crop: "tomato",
      region: "Hudson Valley",
      firstDay: "07-01",
      peakStart: "07-20",
      peakEnd: "09-05",
      lastDay: "10-05",
    });
    const [product] = await listLiveProducts(test.db, { now: testNow });
    expect(product?.variants[0]?.priceDrop).toEqual({ previousPriceCents: 500, changedAt });
    expect(product?.harvest).toMatchObject({ scope: "region", kind: "field", hemisphere: "north" });
    expect(product?.image).toEqual({
      id: imageId,
      width: 640,
      height: 480,
      tint: "oklch(0 0 0)",
      widths: [160, 640],
    });
  });

  it("begins a season with the first harvest, however early within six weeks, and once", async () => {
    await buildProduct(test.db);
    await test.db.insert(harvestWindows).values({
      id: newId<Id<"harvest-window">>(),
      crop: "tomato",
      region: "Hudson Valley",
      firstDay: "07-01",
      peakStart: "07-20",
      peakEnd: "09-05",
      lastDay: "10-05",
    });
    const productId = productIdOf("heirloom-tomato");
    const harvestedOn = (day: string) =>
      test.handle.transaction((tx) => beginSeason(tx, productId, { now: new Date(`${day}T10:00:00Z`) }));
    expect(await harvestedOn("2025-04-20")).toBe(false);
    expect(await harvestedOn("2025-06-19")).toBe(true);
    expect(await harvestedOn("2025-06-20")).toBe(false);
    const [product] = await listLiveProducts(test.db, { now: testNow });
    expect(product?.harvest).toMatchObject({
      scope: "product",
      windows: [{ firstDay: "06-19", peakStart: "07-08", peakEnd: "09-05", lastDay: "10-05" }],
    });
  });
});

describeOnEveryDatabase("ten thousand products", (test) => {
  it("are read whole", { timeout: 60_000 }, async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildManyProducts(test.db, { until: 10_000 });
    const live = await listLiveProducts(test.db, { now: testNow });
    expect(live).toHaveLength(10_000);
    expect(live.every((product) => product.variants.length === 2)).toBe(true);
  });
});
