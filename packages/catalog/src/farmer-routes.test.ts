import { describeOnEveryDatabase } from "@almanac/db/testing";
import { days, newId, shiftedClock, type ProductId } from "@almanac/kernel";
import sharp from "sharp";
import { beforeEach, expect, it } from "vitest";
import { findImageFile } from "./store/images.ts";
import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  publishedTopics,
  testNow,
  variantIdOf,
} from "./testing.ts";

const refusal = (reason: string) =>
  expect.objectContaining({ cause: expect.objectContaining({ code: reason }) });
const farmId = farmIdOf("hollow-oak");
const perKilo = {
  name: "each",
  priceUnit: "kg",
  unitPriceCents: 490,
  unitPricePer: 1_000,
  unitQuantityBase: 750,
  isWeighed: true,
};

describeOnEveryDatabase("a farmer's catalogue", (test) => {
  const tomas = (clock = shiftedClock(testNow, { now: () => testNow })) =>
    catalogAs(test.handle, callerNamed("tomas", { farmIds: [farmId] }), clock).farmCatalog;
  const rival = () =>
    catalogAs(test.handle, callerNamed("rival", { farmIds: [farmIdOf("fern-bank")] })).farmCatalog;
  const shop = () => catalogAs(test.handle);
  const draftTomato = () =>
    tomas().products.create({
      farmId,
      name: "Green Zebra",
      category: "vegetables",
      baseUnit: "g",
      crop: "Tomato",
    });

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildPerson(test.db, "tomas");
  });

  it("begins with a draft, which only its farm sees", async () => {
    const made = await draftTomato();
    expect(made).toMatchObject({ slug: "green-zebra", status: "draft", crop: "tomato", variants: [] });
    expect((await tomas().products.list({ farmId })).items).toHaveLength(1);
    await expect(shop().products.get({ slug: "green-zebra" })).rejects.toEqual(refusal("product_not_found"));
    expect(await publishedTopics(test.db)).toEqual([]);
  });

  it("tells products of one name apart by their farm, then by number", async () => {
    await draftTomato();
    const slugs = [(await draftTomato()).slug, (await draftTomato()).slug];
    expect(slugs).toEqual(["green-zebra-hollow-oak", "green-zebra-hollow-oak-2"]);
  });

  it("puts nothing on sale that has no price", async () => {
    const { id } = await draftTomato();
    await expect(tomas().products.setStatus({ farmId, productId: id, status: "live" })).rejects.toEqual(
      refusal("product_not_sellable"),
    );
  });

  it("tells of a new product exactly once, however often it is edited, hidden and put back", async () => {
    const { id: productId } = await draftTomato();
    await tomas().variants.upsert({ farmId, productId, ...perKilo });
    await tomas().products.setStatus({ farmId, productId, status: "live" });
    await tomas().products.setStatus({ farmId, productId, status: "live" });
    await tomas().products.update({ farmId, productId, description: "Tart." });
    const undo = await tomas().products.setStatus({ farmId, productId, status: "archived" });
    expect(undo.previousStatus).toBe("live");
    await tomas().products.setStatus({ farmId, productId, status: undo.previousStatus });
    const topics = await publishedTopics(test.db);
    expect(topics.filter((topic) => topic === "product.listed")).toHaveLength(1);
    expect(topics.filter((topic) => topic === "product.delisted")).toHaveLength(1);
    expect(await shop().products.get({ slug: "green-zebra" })).toMatchObject({ description: "Tart." });
  });

  it("tells of a new product once when two people put it on sale at the same moment", async () => {
    const { id: productId } = await draftTomato();
    await tomas().variants.upsert({ farmId, productId, ...perKilo });
    await Promise.all([1, 2, 3].map(() => tomas().products.setStatus({ farmId, productId, status: "live" })));
    const topics = await publishedTopics(test.db);
    expect(topics.filter((topic) => topic === "product.listed")).toHaveLength(1);
  });

  it("is closed to other farms: to them its products do not exist", async () => {
    const productId = await buildProduct(test.db);
    const variantId = variantIdOf("heirloom-tomato");
    const theirs = farmIdOf("fern-bank");
    const gone = refusal("product_not_found");
    await expect(rival().products.get({ farmId: theirs, productId })).rejects.toEqual(gone);
    await expect(rival().products.update({ farmId: theirs, productId, name: "x" })).rejects.toEqual(gone);
    await expect(rival().products.setStatus({ farmId: theirs, productId, status: "hidden" })).rejects.toEqual(
      gone,
    );
    await expect(rival().variants.upsert({ farmId: theirs, productId, ...perKilo })).rejects.toEqual(gone);
    await expect(rival().setPrice({ farmId: theirs, variantId, unitPriceCents: 1 })).rejects.toEqual(
      refusal("variant_not_found"),
    );
    await expect(rival().variants.archive({ farmId: theirs, variantId })).rejects.toEqual(
      refusal("variant_not_found"),
    );
    await expect(
      rival().lots.add({ farmId: theirs, productId, harvestedOn: "2025-08-12", quantityBase: 1 }),
    ).rejects.toEqual(gone);
    await expect(
      rival().harvestWindow.set({ farmId: theirs, productId, kind: "year_round", windows: [] }),
    ).rejects.toEqual(gone);
    await expect(rival().images.upload({ farmId: theirs, productId, dataBase64: "AAAA" })).rejects.toEqual(
      gone,
    );
    expect(await publishedTopics(test.db)).toEqual([]);
  });

  it("says that the farm does not exist to who is not of it, and asks strangers to sign in", async () => {
    await expect(rival().products.list({ farmId })).rejects.toEqual(refusal("farm_not_found"));
    await expect(shop().farmCatalog.products.list({ farmId })).rejects.toEqual(refusal("sign_in_required"));
    const shopper = catalogAs(test.handle, callerNamed("maya")).farmCatalog;
    await expect(shopper.products.list({ farmId })).rejects.toEqual(refusal("right_missing"));
  });

  it("keeps every price it asked, and shows the drop", async () => {
    await buildProduct(test.db, { variants: [{ unitPriceCents: 300 }] });
    const variantId = variantIdOf("heirloom-tomato");
    const undo = await tomas().setPrice({ farmId, variantId, unitPriceCents: 270, reason: "glut" });
    expect(undo.previousPriceCents).toBe(300);
    await tomas().setPrice({ farmId, variantId, unitPriceCents: 270 });
    expect(await publishedTopics(test.db)).toEqual(["price.changed"]);
    const seen = await shop().products.get({ slug: "heirloom-tomato" });
    expect(seen).toMatchObject({ priceCents: 270, previousPriceCents: 300 });
    expect(seen.priceHistory[0]?.points.map((point) => point.unitPriceCents)).toEqual([300, 270, 270]);
  });

  it("shows no drop from a price that nobody was asked", async () => {
    const { id: productId } = await draftTomato();
    const { variants } = await tomas().variants.upsert({
      farmId,
      productId,
      ...perKilo,
      unitPriceCents: 2_000,
    });
    await tomas().variants.upsert({ farmId, productId, variantId: variants[0]!.id, ...perKilo });
    await tomas().products.setStatus({ farmId, productId, status: "live" });
    expect(await shop().products.get({ slug: "green-zebra" })).not.toHaveProperty("previousPriceCents");
  });

  it("changes a variant's price by the same history when the whole variant is edited", async () => {
    const productId = await buildProduct(test.db);
    const variantId = variantIdOf("heirloom-tomato");
    await tomas().variants.upsert({ farmId, productId, variantId, ...perKilo, unitPriceCents: 400 });
    expect(await publishedTopics(test.db)).toEqual(["price.changed", "product.changed"]);
  });

  it("does not archive the only way a product on sale is sold", async () => {
    const productId = await buildProduct(test.db);
    const variantId = variantIdOf("heirloom-tomato");
    await expect(tomas().variants.archive({ farmId, variantId })).rejects.toEqual(
      refusal("product_not_sellable"),
    );
    await tomas().variants.upsert({ farmId, productId, ...perKilo, name: "crate" });
    await tomas().variants.archive({ farmId, variantId });
    expect((await shop().products.get({ slug: "heirloom-tomato" })).variants).toHaveLength(1);
    await tomas().variants.restore({ farmId, variantId });
    expect((await shop().products.get({ slug: "heirloom-tomato" })).variants).toHaveLength(2);
  });

  it("logs harvests under a code of their day, and refuses a code twice and a harvest to come", async () => {
    const productId = await buildProduct(test.db);
    const lot = { farmId, productId, harvestedOn: "2025-08-12", quantityBase: 20_000 };
    expect(await tomas().lots.add(lot)).toMatchObject({ code: "20250812" });
    expect(await tomas().lots.add(lot)).toMatchObject({ code: "20250812-2" });
    await expect(tomas().lots.add({ ...lot, code: "20250812" })).rejects.toEqual(refusal("lot_code_taken"));
    await expect(tomas().lots.add({ ...lot, harvestedOn: "2025-08-20" })).rejects.toEqual(
      refusal("input_invalid"),
    );
    await expect(tomas().lots.add({ ...lot, bestBefore: "2025-08-01" })).rejects.toEqual(
      refusal("input_invalid"),
    );
    const seen = await shop().products.get({ slug: "heirloom-tomato" });
    expect(seen.lastHarvestAt).toBe("2025-08-12T12:00:00.000Z");
    expect(seen.lots[0]).toMatchObject({ harvestedOn: "2025-08-12" });
    expect(await tomas().lots.list({ farmId, productId })).toHaveLength(2);
  });

  it("begins the season with the latest lot that came before its time, on the lot's day", async () => {
    const productId = await buildProduct(test.db);
    const windows = [{ firstDay: "08-20", peakStart: "08-25", peakEnd: "09-05", lastDay: "10-05" }];
    await tomas().harvestWindow.set({ farmId, productId, kind: "field", windows });
    const firstDay = async () =>
      (await shop().products.get({ slug: "heirloom-tomato" })).harvest?.windows[0]?.firstDay;
    await tomas().lots.add({ farmId, productId, harvestedOn: "2025-06-01", quantityBase: 1_000 });
    expect(await firstDay()).toBe("08-20");
    await tomas().lots.add({ farmId, productId, harvestedOn: "2025-08-12", quantityBase: 20_000 });
    expect(await firstDay()).toBe("08-12");
    await tomas().lots.add({ farmId, productId, harvestedOn: "2025-08-11", quantityBase: 20_000 });
    expect(await firstDay()).toBe("08-12");
  });

  it("sets a harvest for a product or a crop, the product's own first, and clears it again", async () => {
    const productId = await buildProduct(test.db);
    const window = { firstDay: "07-01", peakStart: "07-20", peakEnd: "09-05", lastDay: "10-05" };
    const harvest = async () => (await shop().products.get({ slug: "heirloom-tomato" })).harvest;
    await tomas().harvestWindow.set({ farmId, crop: "tomato", kind: "field", windows: [window] });
    expect(await harvest()).toMatchObject({ scope: "farm", windows: [window] });
    await tomas().harvestWindow.set({ farmId, productId, kind: "year_round", windows: [] });
    expect(await harvest()).toMatchObject({ scope: "product", kind: "year_round" });
    await tomas().harvestWindow.clear({ farmId, productId });
    expect(await harvest()).toMatchObject({ scope: "farm" });
    const backwards = { ...window, lastDay: "07-01" };
    await expect(
      tomas().harvestWindow.set({ farmId, productId, kind: "field", windows: [backwards] }),
    ).rejects.toEqual(refusal("input_invalid"));
  });

  it("shows an uploaded photo, and the drawn picture once it is removed", async () => {
    const productId = await buildProduct(test.db);
    const photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: "#884422" } })
      .jpeg()
      .toBuffer();
    const image = await tomas().images.upload({ farmId, productId, dataBase64: photo.toString("base64") });
    expect(image).toMatchObject({ widths: [160, 320, 400], width: 400, height: 300 });
    expect((await shop().products.get({ slug: "heirloom-tomato" })).image).toEqual(image);
    const file = await findImageFile(test.db, image.id, 160);
    expect((await sharp(file).metadata()).format).toBe("webp");
    expect(await findImageFile(test.db, image.id, 161)).toBeUndefined();
    await tomas().images.remove({ farmId, productId });
    expect((await shop().products.get({ slug: "heirloom-tomato" })).image).toBeUndefined();
  });

  it("refuses what is no photo, and changes nothing", async () => {
    const productId = await buildProduct(test.db);
    const dataBase64 = Buffer.from("not a photo at all").toString("base64");
    await expect(tomas().images.upload({ farmId, productId, dataBase64 })).rejects.toEqual(
      refusal("image_unreadable"),
    );
    expect(await publishedTopics(test.db)).toEqual([]);
  });

  it.each([
    { name: "" },
    { name: "x".repeat(121) },
    { name: "bell\u0007" },
    { category: "no-such-category" },
    { picture: "../../etc/passwd" },
  ])("refuses a product with %j", async (wrong) => {
    await expect(
      tomas().products.create({ farmId, name: "Fine", category: "vegetables", baseUnit: "g", ...wrong }),
    ).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  it("pages through its products, the newest first, each once", async () => {
    for (let index = 0; index < 5; index++) {
      await buildProduct(test.db, {
        id: newId<ProductId>(testNow.getTime() + index),
        slug: `p-${index}`,
        variants: [],
      });
    }
    const first = await tomas().products.list({ farmId, limit: 3 });
    const second = await tomas().products.list({ farmId, limit: 3, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((product) => product.slug)).toEqual([
      "p-4",
      "p-3",
      "p-2",
      "p-1",
      "p-0",
    ]);
    expect(second.nextCursor).toBeUndefined();
    await expect(tomas().products.list({ farmId, cursor: "garbage" })).rejects.toEqual(
      refusal("input_invalid"),
    );
  });

  it("edits the farm's own page and says so", async () => {
    await tomas().profile.update({ farmId, story: "Since 1911." });
    expect(await shop().farms.get({ slug: "hollow-oak" })).toMatchObject({ story: "Since 1911." });
    expect(await publishedTopics(test.db)).toEqual(["farm.changed"]);
  });

  it("forgets a drop after 14 days", async () => {
    await buildProduct(test.db, { variants: [{ unitPriceCents: 300 }] });
    await tomas().setPrice({ farmId, variantId: variantIdOf("heirloom-tomato"), unitPriceCents: 200 });
    const later = new Date(testNow.getTime() + days(14) + 1);
    const then = catalogAs(test.handle, undefined, shiftedClock(later, { now: () => later }));
    expect(await then.products.get({ slug: "heirloom-tomato" })).not.toHaveProperty("previousPriceCents");
  });
});
