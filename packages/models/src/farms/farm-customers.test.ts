import {
  buildFarm,
  buildMarket,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import { productCosts, shopperOutlooks, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { days, type ShopperId } from "@almanac/kernel";
import { writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { modelsRoutes } from "../router.ts";

const tomato = productIdOf("heirloom-tomato");
const kale = productIdOf("kale");
const farmId = farmIdOf("hollow-oak");
const people = Array.from({ length: 12 }, (_, n) => shopperIdOf(`buyer ${n}`));
const ago = (ms: number): Date => new Date(testNow.getTime() - ms);

describeOnEveryDatabase("what a farm's shoppers are worth to it", (test) => {
  const asFarmer = (farm: typeof farmId = farmId) =>
    createCallerFactory(router(modelsRoutes({} as Parameters<typeof modelsRoutes>[0])))(
      aRequestContext(test.handle, {
        clock: { now: () => testNow },
        caller: callerNamed("tomas", { farmIds: [farm] }),
      }),
    );
  const told = () => asFarmer().farmCustomers.value({ farmId });
  const buy = (shopperId: ShopperId, productId: typeof tomato, placedAt: Date, status?: "cancelled") =>
    writeOrder(test.db, {
      shopperId,
      marketId: marketIdOf("riverside"),
      productIds: [productId],
      placedAt,
      ...(status && { status }),
    });

  /** Each has ordered for 100 cents here and for 100 elsewhere, and is expected to spend 1,000. */
  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "other" });
    await buildProduct(test.db);
    await buildProduct(test.db, { slug: "kale", farmSlug: "other" });
    await insertMany(
      test.db,
      shoppers,
      people.map((id) => ({ id })),
    );
    for (const id of people) {
      await buy(id, tomato, ago(days(30)));
      await buy(id, kale, ago(days(60)));
    }
    await insertMany(
      test.db,
      shopperOutlooks,
      people.map((shopperId) => ({
        shopperId,
        state: "active" as const,
        isAtRisk: false,
        churnProbability: 0.1,
        valueCents: 1_000,
        reasons: [],
        computedAt: testNow,
      })),
    );
  });

  const setCost = () =>
    test.db.insert(productCosts).values({
      productId: tomato,
      farmId,
      costCents: 40,
      perBase: 1_000,
      marginBasisPoints: 0,
      updatedAt: testNow,
    });

  it("is sales alone before the farm has told a cost, and then what is left of them", async () => {
    const sales = { kind: "told", customers: 12, salesCents: 12 * 500, computedAt: testNow.toISOString() };
    expect(await told()).toEqual({ ...sales, costedShare: 0 });
    await setCost();
    // 750 g cost 30 of 100 cents, and the fee is 5: .65 is left.
    expect(await told()).toEqual({ ...sales, costedShare: 1, marginCents: 12 * 325 });
  });

  it("counts a year of orders that stood: none that was cancelled, and none before it", async () => {
    await setCost();
    const before = await told();
    await buy(people[0]!, kale, ago(days(20)), "cancelled");
    await buy(people[0]!, kale, ago(days(400)));
    expect(await told()).toEqual(before);
    // Half of the first one's money more goes elsewhere now: 333 of 1,000 cents stay here.
    await buy(people[0]!, kale, ago(days(20)));
    expect(await told()).toMatchObject({ salesCents: 11 * 500 + 333 });
  });

  it("is without who refused, and of fewer than ten people nothing", async () => {
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, people[0]!));
    expect(await told()).toMatchObject({ customers: 11 });
    for (const id of people.slice(1, 4))
      await test.db.update(shoppers).set({ personalise: false }).where(eq(shoppers.id, id));
    expect(await told()).toEqual({ kind: "too-few", needed: 10, computedAt: testNow.toISOString() });
  });

  it("is told to the farm's own people alone", async () => {
    await expect(asFarmer(farmIdOf("other")).farmCustomers.value({ farmId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
