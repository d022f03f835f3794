import { setPrice } from "@almanac/catalog";
import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  marketIdOf,
  productIdOf,
  publishedTopics,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  demandForecasts,
  farmMembers,
  priceChanges,
  pricePlans,
  productElasticities,
  variants,
  type PricePlanId,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { newId, parseId } from "@almanac/kernel";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { learnElasticities } from "./learning.ts";
import { pricingRoutes } from "./router.ts";
import type { DecisionId } from "./workflows.ts";

const clock = { now: () => testNow };
const tomato = productIdOf("heirloom-tomato");
const tomatoVariant = variantIdOf("heirloom-tomato");
const hollowOak = farmIdOf("hollow-oak");
const fernBank = farmIdOf("fern-bank");
const nobodys = parseId<DecisionId>("01890000-0000-7000-8000-000000000000");

it("declares a right for every procedure", () => {
  expect([...declaredRights(router(pricingRoutes())).entries()].map(([path]) => path)).toEqual([
    "pricing.suggestions",
    "pricing.product",
    "pricing.accept",
    "pricing.dismiss",
    "pricing.undo",
    "pricing.setCost",
    "pricing.clearCost",
  ]);
});

describeOnEveryDatabase("suggested prices", (test) => {
  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(pricingRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).pricing;
  const tomas = () => as("tomas", ["hollow-oak"]);
  const cost = {
    farmId: hollowOak,
    productId: tomato,
    costCents: 190,
    perBase: 1_000,
    marginBasisPoints: 2_500,
  };
  const choice = { farmId: hollowOak, variantId: tomatoVariant, currentCents: 490, suggestedCents: 530 };
  const priceNow = async () =>
    (await test.db.select().from(variants).where(eq(variants.id, tomatoVariant)))[0]!.unitPriceCents;

  /** Buyers who hardly mind: known well enough to suggest a raise. */
  async function learn(elasticity: number): Promise<void> {
    await test.db.delete(productElasticities);
    await test.db.insert(productElasticities).values({
      productId: tomato,
      farmId: hollowOak,
      elasticity,
      standardError: 0.1,
      source: "product",
      ownShare: 1,
      marketDays: 60,
      priceLevels: 3,
      baseADay: 12_000,
      madeAt: testNow,
    });
  }

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    for (const name of ["tomas", "maya", "bo"]) await buildPerson(test.db, name);
    await test.db.insert(farmMembers).values({
      farmId: hollowOak,
      userId: callerNamed("tomas").userId!,
      role: "owner",
      addedAt: testNow,
    });
    await learn(-0.5);
  });

  it("are not made of a price that is planned for some days, however low it is, unless it was changed by hand since", async () => {
    await tomas().setCost(cost);
    await test.db.insert(pricePlans).values({
      id: newId<PricePlanId>(),
      farmId: hollowOak,
      productId: tomato,
      variantId: tomatoVariant,
      unitPriceCents: 200,
      fromDay: "2025-08-12",
      toDay: "2025-08-16",
      startsAt: new Date("2025-08-12T04:00:00Z"),
      endsAt: new Date("2025-08-17T04:00:00Z"),
      status: "running",
      beforeCents: 490,
      plannedAt: testNow,
    });
    const suggestionAt = async (unitPriceCents: number) => {
      await test.db.update(variants).set({ unitPriceCents });
      return (await tomas().suggestions({ farmId: hollowOak })).offers[0]!.suggestion;
    };
    expect(await suggestionAt(200)).toMatchObject({ kind: "planned", priceCents: 200, expected: null });
    const raised = { ...choice, currentCents: 200, suggestedCents: 240 };
    await expect(tomas().accept(raised)).rejects.toMatchObject({ cause: { code: "suggestion_changed" } });
    expect(await suggestionAt(210)).toMatchObject({ kind: "floor" });
  });

  it("change nothing until they are accepted; then the history has the price, and it can be taken back", async () => {
    await tomas().setCost(cost);
    const [offer] = (await tomas().suggestions({ farmId: hollowOak })).offers;
    expect(offer).toMatchObject({
      unitPriceCents: 490,
      suggestion: { kind: "raise", priceCents: 530, floorCents: 240 },
      cost: { costCents: 190, marginBasisPoints: 2_500 },
    });
    expect(await priceNow()).toBe(490);
    expect(await test.db.select().from(priceChanges)).toEqual([]);

    const { decisionId } = await tomas().accept(choice);
    expect(await priceNow()).toBe(530);
    expect(await test.db.select().from(priceChanges)).toMatchObject([
      {
        oldPriceCents: 490,
        newPriceCents: 530,
        reason: "price suggestion",
        changedBy: callerNamed("tomas").userId,
      },
    ]);
    expect(await publishedTopics(test.db)).toEqual(["price.changed"]);

    expect(await tomas().undo({ farmId: hollowOak, decisionId })).toEqual({ unitPriceCents: 490 });
    expect(await priceNow()).toBe(490);
    await expect(tomas().undo({ farmId: hollowOak, decisionId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("are a price drop to shoppers by the catalog's own rule, and one price to all of them", async () => {
    await learn(-5);
    await tomas().setCost(cost);
    const [offer] = (await tomas().suggestions({ farmId: hollowOak })).offers;
    expect(offer!.suggestion).toMatchObject({ kind: "lower", priceCents: 450 });
    await tomas().accept({ ...choice, suggestedCents: 450 });
    const seen = [];
    for (const name of ["maya", "bo"]) {
      const product = await catalogAs(test.handle, callerNamed(name)).products.get({
        slug: "heirloom-tomato",
      });
      seen.push(
        product.variants.map(({ unitPriceCents, previousPriceCents }) => [
          unitPriceCents,
          previousPriceCents,
        ]),
      );
    }
    // 490 to 450: more than 5 % and more than 25 cents.
    expect(seen).toEqual([[[450, 490]], [[450, 490]]]);
  });

  it("are not there without a cost, and never below it with its margin", async () => {
    const kinds = async () =>
      (await tomas().suggestions({ farmId: hollowOak })).offers.map(({ suggestion }) => suggestion);
    expect(await kinds()).toMatchObject([{ kind: "cost-missing", priceCents: 490 }]);
    // For 500 g: what the price is for is 1000 g.
    await tomas().setCost({ ...cost, costCents: 250, perBase: 500 });
    expect(await kinds()).toMatchObject([{ kind: "floor", priceCents: 630, floorCents: 630 }]);
    await tomas().clearCost({ farmId: hollowOak, productId: tomato });
    expect(await kinds()).toMatchObject([{ kind: "cost-missing" }]);
  });

  it("are not shown again once dismissed, until the price is another", async () => {
    await tomas().setCost(cost);
    const { decisionId } = await tomas().dismiss(choice);
    const dismissed = async () => (await tomas().suggestions({ farmId: hollowOak })).offers[0]!.isDismissed;
    expect(await dismissed()).toBe(true);
    await tomas().undo({ farmId: hollowOak, decisionId });
    expect(await dismissed()).toBe(false);
    await tomas().dismiss(choice);
    await test.handle.transaction((tx) =>
      setPrice(tx, { farmId: hollowOak, variantId: tomatoVariant, unitPriceCents: 500 }, { now: testNow }),
    );
    expect(await dismissed()).toBe(false);
  });

  it("are refused when the price was changed since they were shown, and by two who accept at once for one of them", async () => {
    await tomas().setCost(cost);
    await expect(tomas().accept({ ...choice, currentCents: 480 })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await expect(tomas().accept({ ...choice, suggestedCents: 999 })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await priceNow()).toBe(490);
    const both = await Promise.allSettled([tomas().accept(choice), tomas().accept(choice)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await test.db.select().from(priceChanges)).toHaveLength(1);
  });

  it("show what others ask only where five other farms sell the crop, and nobody's own price", async () => {
    const band = async () => (await tomas().suggestions({ farmId: hollowOak })).offers[0]!.band;
    for (const [at, slug] of ["a", "b", "c", "d"].entries()) {
      await buildFarm(test.db, { slug });
      await buildProduct(test.db, {
        slug: `tomato-${slug}`,
        farmSlug: slug,
        variants: [{ unitPriceCents: 411 + 37 * at }],
      });
    }
    expect(await band()).toBeNull();
    await buildProduct(test.db, {
      slug: "tomato-fern",
      farmSlug: "fern-bank",
      variants: [{ unitPriceCents: 777 }],
    });
    expect(await band()).toEqual({
      lowerCents: 450,
      medianCents: 490,
      upperCents: 520,
      farms: 5,
      over: "crop",
      where: "market",
    });
  });

  it("come with what the next market day would be at other prices, the ladder of the day's end and past prices", async () => {
    await tomas().setCost({ ...cost, salvageCents: 40 });
    const product = async () => (await tomas().product({ farmId: hollowOak, productId: tomato })).offers[0]!;
    expect((await product()).whatIf).toBeNull();
    await test.db.insert(demandForecasts).values({
      farmId: hollowOak,
      productId: tomato,
      marketId: marketIdOf("riverside"),
      marketDay: "2025-08-16",
      p10: 20_000,
      p50: 30_000,
      p90: 45_000,
      model: "test",
      demandClass: "regular",
      daysLearned: 50,
      pastError: 1,
      pastVolume: 10,
      pastDays: 8,
      madeAt: testNow,
    });
    const offer = await product();
    expect(offer.whatIf).toMatchObject({ marketDay: "2025-08-16" });
    expect(offer.whatIf!.points.find(({ priceCents }) => priceCents === 490)).toMatchObject({
      quantity: { low: 20_000, mid: 30_000, high: 45_000 },
      isBeyondAsked: false,
    });
    // Expected at another price, planned for the day or that of late: today's is held against it.
    await test.db.update(demandForecasts).set({ priceCents: 420 });
    const [now] = (await product()).whatIf!.points.filter(({ priceCents }) => priceCents === 490);
    expect(now!.quantity.mid).toBeCloseTo(30_000 * (490 / 420) ** -0.5, 2);
    expect(offer.ladder[0]).toMatchObject({ minutesBefore: 90 });
    expect(offer.changes).toEqual([]);
  });

  it("of another farm are not found", async () => {
    const fern = as("fern", ["fern-bank"]);
    for (const call of [
      () => fern.suggestions({ farmId: hollowOak }),
      () => fern.product({ farmId: hollowOak, productId: tomato }),
      () => fern.product({ farmId: fernBank, productId: tomato }),
      () => fern.accept(choice),
      () => fern.accept({ ...choice, farmId: fernBank }),
      () => fern.dismiss({ ...choice, farmId: fernBank }),
      () => fern.setCost({ ...cost, farmId: fernBank }),
      () => fern.undo({ farmId: fernBank, decisionId: nobodys }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("are learned by the first who looks, also from nothing", async () => {
    await test.db.delete(productElasticities);
    await tomas().setCost(cost);
    expect((await tomas().suggestions({ farmId: hollowOak })).offers).toMatchObject([
      { known: null, suggestion: { kind: "too-little-known", priceCents: 490, floorCents: 240 } },
    ]);
    expect(await learnElasticities({ handle: test.handle, clock })).toEqual({ products: 0 });
  });
});
