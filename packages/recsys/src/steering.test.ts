import { afterEach, beforeEach, expect, it } from "vitest";
import { asc, eq } from "drizzle-orm";
import {
  auditLog,
  farms,
  recommendationRules,
  recommendationSlates,
  shoppers,
  stockLevels,
} from "@almanac/db/schema";
import { insertMany } from "@almanac/db";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildFarm,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { appendAction, createOutboxRelay } from "@almanac/events";
import { anAction, aRequestContext } from "@almanac/events/testing";
import { days, isAppError, newId } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, type Caller } from "@almanac/trpc";
import { recommendationAttribution } from "./attribution.ts";
import type { ArmName } from "./core/arms/names.ts";
import { recommendationsEraseStep, recommendationsMergeStep } from "./personal-data.ts";
import { recsysRoutes } from "./router.ts";
import { judgeArms } from "./service/evaluation.ts";
import { buildOrder, openSmallStall, startRecsys, type TestRecsys } from "./testing.ts";

const maya = shopperIdOf("maya");
const jonas = shopperIdOf("jonas");
const marketId = marketIdOf("riverside");
const clock = { now: () => testNow };

describeOnEveryDatabase("steering recommendations", (test) => {
  let recsys: TestRecsys;
  let arm: ArmName;

  beforeEach(async () => {
    arm = "control";
    await test.fill("the stall and a month of orders", async () => {
      await openSmallStall(test.db);
      for (const name of ["maya", "jonas"]) await buildPerson(test.db, name);
      for (const daysAgo of [3, 10, 17, 24])
        await buildOrder(test.db, maya, { daysAgo, goods: ["kale", "spinach"] });
    });
  });
  afterEach(() => recsys.stop());

  const start = async () => {
    recsys = await startRecsys(test.handle, { chooseArm: () => arm });
    return recsys.service;
  };
  const as = (caller: Caller) => {
    const { admin, ...routes } = recsysRoutes({ recsys: recsys.service });
    return createCallerFactory(router({ ...routes, admin: router(admin) }))(
      aRequestContext(test.handle, { caller, clock }),
    );
  };
  const operator = () => as(callerNamed("ines", { roles: ["operator"] }));
  const slugs = (items: readonly { card: { slug: string } }[]) => items.map(({ card }) => card.slug);
  const shown = async () => {
    await recsys.service.flushCounts();
    const slates = await test.db.select().from(recommendationSlates).orderBy(asc(recommendationSlates.seq));
    return slates.flatMap(({ productIds, ...slate }) =>
      productIds.map((productId, at) => ({
        ...slate,
        productId,
        position: at + 1,
        reason: slate.reasons[at],
        propensity: slate.propensities[at],
        isNewFarm: slate.newFarms[at],
      })),
    );
  };
  const rule = { firstDay: "2025-01-01", lastDay: "2025-12-31" } as const;

  it("keeps what a shopper is not interested in away in the very next request, until it is taken back", async () => {
    await start();
    const api = as(callerNamed("maya")).recsys;
    const [first] = (await api.forShopper({})).items;
    const productId = first!.card.id;
    await api.hide({ productId });
    await api.hide({ productId });
    const { forYou, trending, inSeason, newArrivals, priceDrops, coming, ending } = await api.home();
    const home = [forYou, trending, inSeason, newArrivals, priceDrops, coming, ending].flat();
    for (const list of [(await api.forShopper({})).items, (await api.trending()).items, home])
      expect(slugs(list)).not.toContain(first!.card.slug);
    expect((await api.hidden()).map(({ slug }) => slug)).toEqual([first!.card.slug]);
    expect(await as(callerNamed("jonas")).recsys.hidden()).toEqual([]);
    await api.unhide({ productId });
    expect(slugs((await api.forShopper({})).items)).toContain(first!.card.slug);
    await expect(api.hide({ productId: marketId as never })).rejects.toThrow("no such product");
  });

  it("takes what a visitor hid into the account, and forgets it with the person", async () => {
    await start();
    const productId = productIdOf("kale");
    await as(callerNamed("jonas")).recsys.hide({ productId });
    await test.handle.transaction((tx) =>
      recommendationsMergeStep.merge(tx, jonas, maya, { clock, tracking: "granted" }),
    );
    expect(await as(callerNamed("jonas")).recsys.hidden()).toEqual([]);
    expect(await as(callerNamed("maya")).recsys.hidden()).toHaveLength(1);
    await recsys.service.forShopper({ shopperId: maya });
    await recsys.service.flushCounts();
    await test.handle.transaction((tx) => recommendationsEraseStep.erase(tx, { shopperId: maya }, { clock }));
    expect(await as(callerNamed("maya")).recsys.hidden()).toEqual([]);
    expect((await shown()).every(({ shopperId }) => shopperId === null)).toBe(true);
  });

  it("obeys a rule from the next request on, on its days and at its market only, and writes who made it", async () => {
    const service = await start();
    const plain = slugs((await service.forShopper({ marketId })).items);
    const last = plain.at(-1)!;
    const pin = { kind: "pin", target: "product", targetId: productIdOf(last), strength: 1 } as const;
    const { id } = await operator().admin.recommendations.createRule({ ...rule, ...pin, note: "Open day" });
    const pinned = await service.forShopper({ marketId });
    expect(slugs(pinned.items)[0]).toBe(last);
    expect(pinned.items[0]?.metadata).toMatchObject({ rule: "pin" });
    expect(pinned.items[0]?.explain.reduce((sum, term) => sum + term.contribution, 0)).toBeCloseTo(
      pinned.items[0]!.score,
      9,
    );
    await operator().admin.recommendations.endRule({ id });
    expect(slugs((await service.forShopper({ marketId })).items)).toEqual(plain);
    await operator().admin.recommendations.createRule({ ...rule, ...pin, lastDay: "2025-01-31" });
    await operator().admin.recommendations.createRule({ ...rule, ...pin, region: "Elsewhere" });
    await operator().admin.recommendations.createRule({ ...rule, ...pin, season: "WINTER" });
    expect(slugs((await service.forShopper({ marketId })).items)).toEqual(plain);
    const audited = await test.db.select().from(auditLog).orderBy(asc(auditLog.seq));
    expect(audited.slice(0, 2).map(({ action, subject }) => [action, subject])).toEqual([
      ["recommendation_rule.created", id],
      ["recommendation_rule.ended", id],
    ]);
  });

  it("obeys a rule that holds, however many that are over were made after it", async () => {
    const service = await start();
    const last = slugs((await service.forShopper({ marketId })).items).at(-1)!;
    const pin = { kind: "pin", target: "product", targetId: productIdOf(last), strength: 1 } as const;
    const held = await operator().admin.recommendations.createRule({ ...rule, ...pin });
    await insertMany(
      test.db,
      recommendationRules,
      Array.from({ length: 500 }, () => ({
        ...pin,
        id: newId(),
        firstDay: "2025-01-01",
        lastDay: "2025-01-31",
        note: "",
        createdAt: new Date(clock.now().getTime() + 1_000),
      })),
    );
    const listed = await operator().admin.recommendations.rules();
    expect(listed.map(({ id }) => id)).toContain(held.id);
    expect(slugs((await service.forShopper({ marketId })).items)[0]).toBe(last);
  });

  it("refuses rules that make no sense, and rules by anybody but operators", async () => {
    await start();
    const make = (changes: object, caller = operator()) =>
      caller.admin.recommendations.createRule({
        ...rule,
        kind: "boost",
        target: "category",
        targetId: "greens",
        strength: 2,
        ...changes,
      });
    for (const changes of [
      { strength: 9 },
      { kind: "pin" },
      { lastDay: "2024-12-31" },
      { lastDay: "2027-01-01" },
      { targetId: "no-such-category" },
    ])
      await expect(make(changes), JSON.stringify(changes)).rejects.toThrow();
    const refused = await make({}, as(callerNamed("maya"))).catch((error: unknown) => error);
    expect(refused instanceof Error && isAppError(refused.cause) && refused.cause.code).toBe("right_missing");
    await make({});
    expect(await operator().admin.recommendations.rules()).toMatchObject([{ targetName: "Greens" }]);
  });

  it("remembers what was shown where, and that it was looked at and put into the cart", async () => {
    const service = await start();
    const { items, slateId } = await service.forShopper({ shopperId: maya });
    const rows = await shown();
    expect(rows.map(({ position, productId }) => [position, productId])).toEqual(
      items.map(({ card }, at) => [at + 1, card.id]),
    );
    expect(new Set(rows.map((row) => row.slateId))).toEqual(new Set([slateId]));
    expect(rows[0]).toMatchObject({ arm: "control", place: "for-shopper", reason: items[0]?.reason });
    const act = (action: "VIEW_PRODUCT" | "ADD_TO_CART", at: number, shopperId = maya) =>
      appendAction(
        test.db,
        anAction({ action, shopperId, entityId: items[at]!.card.id, occurredAt: testNow }),
      );
    // Several at once, one of them twice, and one by somebody who was shown nothing.
    await act("VIEW_PRODUCT", 1);
    await act("ADD_TO_CART", 1);
    await act("VIEW_PRODUCT", 1);
    await act("VIEW_PRODUCT", 0);
    await act("VIEW_PRODUCT", 0, jonas);
    const consumers = [recommendationAttribution({ clock })];
    const { handle } = test;
    const relay = createOutboxRelay({ handle, bus: recsys.bus, clock, log: silentLogger, consumers });
    await relay.drain();
    await relay.stop();
    const quality = await operator().admin.recommendations.quality();
    expect(quality.live).toMatchObject([
      { arm: "control", slates: 1, impressions: items.length, clicks: 2, carts: 1 },
    ]);
    const [slate] = await test.db.select().from(recommendationSlates);
    expect(slate?.clickedAt).toEqual([testNow, testNow]);
    expect(slate?.cartedAt).toEqual([testNow]);
    expect(quality.exposure.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
  });

  it("remembers nothing of a stranger, of who forbids it, and of what an analyst looks up", async () => {
    const service = await start();
    await service.forShopper({ marketId });
    await as(callerNamed("ines", { roles: ["analyst"] })).recsys.forShopper({ shopperId: maya });
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, maya));
    expect((await service.forShopper({ shopperId: maya })).slateId).toBeUndefined();
    expect(await shown()).toEqual([]);
  });

  it("serves the arm that is assigned, and says so", async () => {
    const service = await start();
    expect((await service.forShopper({ shopperId: maya })).arm).toBe("control");
    arm = "next-basket";
    const { arm: served, items } = await service.forShopper({ shopperId: maya, limit: 4 });
    expect(served).toBe("next-basket");
    expect(items.find(({ card }) => card.slug === "kale")?.sentence).toBe("Time to buy it again");
    expect((await shown()).at(-1)?.arm).toBe("next-basket");
  });

  it("says what is due again and when, and nothing that is sold out", async () => {
    await start();
    const { items } = await as(callerNamed("maya")).recsys.buyAgain();
    expect(slugs(items).toSorted()).toEqual(["kale", "spinach"]);
    expect(items[0]).toMatchObject({ times: 4, lastDay: "2025-08-10", isDue: false });
    await test.db
      .update(stockLevels)
      .set({ onHandBase: 0 })
      .where(eq(stockLevels.productId, productIdOf("kale")));
    expect(slugs((await as(callerNamed("maya")).recsys.buyAgain()).items)).toEqual(["spinach"]);
  });

  it("offers something of the same shelf instead of what is sold out", async () => {
    await start();
    const { items } = await as(callerNamed("maya")).recsys.substitutes({ productId: productIdOf("kale") });
    expect(slugs(items).toSorted()).toEqual(["lettuce", "spinach"]);
  });

  it("gives new farms at least a tenth of the places, each drawn with a chance that is kept", async () => {
    const joinedAt = new Date(testNow.getTime() - days(5));
    for (const name of ["sprout", "seedling"]) {
      await buildFarm(test.db, { slug: name });
      await test.db
        .update(farms)
        .set({ joinedAt })
        .where(eq(farms.id, farmIdOf(name)));
      for (const product of ["radish", "sorrel"]) {
        const slug = `${name}-${product}`;
        await buildProduct(test.db, { slug, farmSlug: name, crop: "", category: "fruits" });
        await test.db.insert(stockLevels).values({ productId: productIdOf(slug), onHandBase: 9_000 });
      }
    }
    const service = await start();
    for (let i = 0; i < 40; i++) {
      await buildPerson(test.db, `visitor-${i}`);
      await service.forShopper({ shopperId: shopperIdOf(`visitor-${i}`), marketId, limit: 10 });
    }
    const rows = await shown();
    const fresh = rows.filter(({ isNewFarm }) => isNewFarm === 1);
    expect(fresh.length).toBeGreaterThanOrEqual(0.1 * rows.length);
    for (const { propensity } of rows) {
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1);
    }
    const { seq: _, reason, isNewFarm, propensity, productId, farmIds, ...first } = rows[0]!;
    await test.db.insert(recommendationSlates).values({
      ...first,
      marketId: marketIdOf("no-new-farm-sells-here"),
      productIds: [productId],
      farmIds: farmIds.slice(0, 1),
      reasons: [reason!],
      propensities: [propensity!],
      newFarms: [isNewFarm!],
    });
    const { exposure } = await operator().admin.recommendations.quality();
    expect(exposure).toMatchObject({
      impressions: rows.length + 1,
      forNewFarms: rows.length,
      newFarm: fresh.length,
    });

    // Of the home page, where all places that are asked for are shown.
    const asked = { shopperId: shopperIdOf("visitor-0"), marketId, limit: 48, forYouPlaces: 6 };
    const { forYou } = await service.home(asked);
    expect(forYou).toHaveLength(6);
    const seen = (await shown()).filter(({ place }) => place === "home");
    expect(seen.map(({ productId: of }) => of)).toEqual(forYou.map(({ card }) => card.id));
    expect(seen.filter((place) => place.isNewFarm === 1)).not.toEqual([]);
  });

  it("judges the arms on the shop's own past and keeps the figures for operators", async () => {
    for (let i = 0; i < 24; i++) {
      await buildPerson(test.db, `regular-${i}`);
      for (const daysAgo of [30, 23, 16, 9, 2])
        await buildOrder(test.db, shopperIdOf(`regular-${i}`), {
          daysAgo,
          goods: i % 2 === 0 ? ["brie", "peach"] : ["carrot", "beet"],
        });
    }
    await start();
    expect((await operator().admin.recommendations.quality()).offline).toBeNull();
    const { handle } = test;
    const api = operator();
    expect(await api.admin.recommendations.judge()).toEqual({ isNew: true });
    expect(await api.admin.recommendations.judge()).toEqual({ isNew: false });
    expect((await api.admin.recommendations.quality()).isJudging).toBe(true);
    const judged = await judgeArms({ handle, shopWindow: recsys.shopWindow, clock });
    const { offline } = await operator().admin.recommendations.quality();
    expect(offline).toMatchObject({ ...judged, evaluatedAt: testNow.toISOString() });
    expect(offline?.arms.map((figures) => figures.arm)).toContain("next-basket");
  });
});
