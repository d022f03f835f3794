import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import { actionEvents, cartLines, carts, priceChanges, segmentMoves, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import type { UserActionType } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { days, minutes, newId, type CartId, type EventId } from "@almanac/kernel";
import type { ModelService } from "@almanac/models";
import { writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { insightsEraseStep, insightsExportStep } from "./personal-data.ts";
import { profileAll } from "./profiling.ts";
import { insightsRoutes } from "./router.ts";
import { readFacts } from "./store/facts.ts";

const maya = shopperIdOf("maya");
const tomato = productIdOf("heirloom-tomato");
const clock = { now: () => testNow };
/** No model is live: nothing is expected of anybody, and nobody is told otherwise. */
const noModels = {
  champion: () => Promise.resolve(undefined),
} as unknown as ModelService;
const ago = (ms: number) => new Date(testNow.getTime() - ms);

it("declares a right for every procedure", () => {
  expect([...declaredRights(router(insightsRoutes({ models: noModels }))).keys()]).toEqual([
    "insights.me",
    "admin.insights.segments",
    "admin.insights.trends",
    "admin.insights.recompute",
  ]);
});

describeOnEveryDatabase("insights", (test) => {
  let market: Awaited<ReturnType<typeof buildMarket>>;

  const as = (name: string) =>
    createCallerFactory(router(insightsRoutes({ models: noModels })))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name) }),
    );

  async function act(
    action: UserActionType,
    at: Date,
    shopperId = maya,
    metadata: Record<string, unknown> = {},
  ): Promise<void> {
    await test.db.insert(actionEvents).values({
      id: newId<EventId>(),
      action,
      shopperId,
      entityType: "PRODUCT",
      entityId: tomato,
      metadata,
      traceId: "test",
      occurredAt: at,
    });
  }

  beforeEach(async () => {
    market = await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    await buildPerson(test.db, "maya");
  });

  it("counts visits by pauses of half an hour, and an order outside of one as a visit", async () => {
    for (const minute of [0, 10, 25]) await act("VIEW_PRODUCT", ago(days(2) - minutes(minute)));
    await act("SEARCH", ago(days(1)));
    await writeOrder(test.db, {
      shopperId: maya,
      marketId: marketIdOf("riverside"),
      productIds: [tomato],
      placedAt: ago(days(40)),
      status: "collected",
    });
    const facts = (await readFacts(test.db, testNow)).get(maya)!;
    expect(facts).toMatchObject({ visits90: 3, visits28: 2, searches90: 1, pages90: 3, pagesPerVisit: 3 });
    expect(facts).toMatchObject({ orders90: 1, lines365: 1, reducedLines365: 0, timedOrders: 0 });
    expect(facts.daysSinceVisit).toBeCloseTo(1, 6);
    expect(facts.daysSinceOrder).toBeCloseTo(40, 6);
    expect(facts.bounceRate).toBeCloseTo(2 / 3, 6);
  });

  it("times an order from the first action of its visit", async () => {
    await act("VIEW_PRODUCT", ago(days(1)));
    await act("ADD_TO_CART", ago(days(1) - minutes(3)));
    await writeOrder(test.db, {
      shopperId: maya,
      marketId: marketIdOf("riverside"),
      productIds: [tomato],
      placedAt: ago(days(1) - minutes(5)),
    });
    const facts = (await readFacts(test.db, testNow)).get(maya)!;
    expect(facts).toMatchObject({ visits90: 1, timedOrders: 1 });
    expect(facts.minutesToOrder).toBeCloseTo(5, 6);
  });

  it("knows what was bought after its price fell", async () => {
    const variantId = variantIdOf("heirloom-tomato");
    await writeOrder(test.db, {
      shopperId: maya,
      marketId: marketIdOf("riverside"),
      productIds: [tomato],
      placedAt: ago(days(3)),
    });
    const { rows: lines } = await test.handle.client.query<{ unit_price_cents: number }>(
      "select unit_price_cents from order_lines",
    );
    const newPriceCents = lines[0]!.unit_price_cents;
    const change = { variantId, oldPriceCents: newPriceCents + 100, newPriceCents, reason: "test" };
    await test.db.insert(priceChanges).values({ ...change, changedAt: ago(days(4)) });
    expect((await readFacts(test.db, testNow)).get(maya)!.reducedLines365).toBe(1);
  });

  it("reads nothing after the moment that it is asked about", async () => {
    await act("VIEW_PRODUCT", ago(days(10)));
    const before = await readFacts(test.db, ago(days(5)));
    await act("VIEW_PRODUCT", ago(days(1)));
    await writeOrder(test.db, {
      shopperId: maya,
      marketId: marketIdOf("riverside"),
      productIds: [tomato],
      placedAt: ago(days(2)),
    });
    expect(await readFacts(test.db, ago(days(5)))).toEqual(before);
  });

  it("profiles nobody who refused, and forgets the profile of who refuses later", async () => {
    await act("VIEW_PRODUCT", ago(days(1)));
    await profileAll({ handle: test.handle, clock });
    expect(await insightsExportStep.export(test.db, { shopperId: maya })).toMatchObject({
      segment: "NEW",
    });
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, maya));
    await profileAll({ handle: test.handle, clock });
    expect(await insightsExportStep.export(test.db, { shopperId: maya })).toBeNull();
    expect(await as("maya").insights.me()).toBeNull();
  });

  it("tells a shopper the same as it stores, and a second run moves nobody", async () => {
    for (const day of [1, 8, 15, 22]) await act("VIEW_PRODUCT", ago(days(day)));
    expect(await profileAll({ handle: test.handle, clock })).toMatchObject({ moved: 0 });
    expect(await profileAll({ handle: test.handle, clock })).toMatchObject({ moved: 0 });
    const me = await as("maya").insights.me();
    const stored = await insightsExportStep.export(test.db, { shopperId: maya });
    expect(stored).toMatchObject({ segment: me!.behavioralSegment, engagement: me!.engagementScore });
    expect(me!.behavioralSegment).toBe("BROWSER");
  });

  it("notes a move once when several profile everybody at the same moment", async () => {
    await act("VIEW_PRODUCT", ago(days(1)));
    await profileAll({ handle: test.handle, clock });
    for (const day of [8, 15, 22]) await act("VIEW_PRODUCT", ago(days(day)));
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => profileAll({ handle: test.handle, clock })),
    );
    expect(runs.map(({ moved }) => moved).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
    expect(await test.db.select().from(segmentMoves)).toHaveLength(1);
  });

  it("reminds of a basket whose order window runs out, if one may", async () => {
    await buildOpenWindow(test.db, market);
    const cartId = newId<CartId>();
    await test.db.insert(carts).values({ id: cartId, shopperId: maya, marketId: marketIdOf("riverside") });
    await test.db
      .insert(cartLines)
      .values({ cartId, variantId: variantIdOf("heirloom-tomato"), quantity: 9 });
    const first = async () => (await as("maya").insights.me())!.nextBestActions[0];
    expect(await first()).toMatchObject({ action: "DO_NOTHING", why: "did not agree to be written to" });
    await test.db.update(shoppers).set({ marketingConsent: true }).where(eq(shoppers.id, maya));
    expect(await first()).toMatchObject({ action: "REMIND_CART" });
  });

  it("shows analysts sizes that sum to all, and moves of ten people or more", async () => {
    const names = Array.from({ length: 24 }, (_, n) => `shopper-${n}`);
    for (const name of names) {
      await buildPerson(test.db, name);
      await act("VIEW_PRODUCT", ago(days(1)), shopperIdOf(name));
    }
    await test.db.update(shoppers).set({ createdAt: ago(days(100)) });
    await profileAll({ handle: test.handle, clock });
    const browse = async (some: readonly string[]) => {
      for (const name of some)
        for (const day of [2, 3]) await act("VIEW_PRODUCT", ago(days(day)), shopperIdOf(name));
      return profileAll({ handle: test.handle, clock });
    };
    const analyst = createCallerFactory(router(insightsRoutes({ models: noModels })))(
      aRequestContext(test.handle, { clock, caller: callerNamed("maya", { roles: ["analyst"] }) }),
    );
    // Nine are told nowhere: neither as a group nor as a move, nor as what is left of all.
    expect(await browse(names.slice(0, 9))).toEqual({ profiled: 25, moved: 9 });
    const few = await analyst.admin.insights.segments({});
    const told = few.segments.flatMap(({ people }) => (people === null ? [] : [people]));
    expect(few.segments.find(({ segment }) => segment === "BROWSER")).toMatchObject({
      people: null,
      share: null,
    });
    expect([...told, ...few.flows.map(({ people }) => people), few.heldBack]).not.toContain(9);
    expect(few.total - told.reduce((sum, people) => sum + people, 0)).not.toBe(9);
    expect(few.flows.filter(({ to }) => to === "BROWSER")).toEqual([]);
    expect(await browse(names.slice(9, 12))).toEqual({ profiled: 25, moved: 3 });
    const { segments, total, flows } = await analyst.admin.insights.segments({});
    expect(segments.reduce((sum, { people }) => sum + (people ?? 0), 0)).toBe(total);
    expect(flows).toContainEqual({ from: "NEW", to: "BROWSER", people: 12 });
    await expect(as("maya").admin.insights.segments({})).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("tells analysts what a market buys from ten shoppers up, and never what nine did", async () => {
    await buildProduct(test.db, { slug: "acacia-honey", category: "honey" });
    await buildProduct(test.db, { slug: "large-eggs", category: "eggs" });
    const names = Array.from({ length: 12 }, (_, n) => `shopper-${n}`);
    for (const name of names) await buildPerson(test.db, name);
    const order = (name: string, day: number, products: readonly string[]) =>
      writeOrder(test.db, {
        shopperId: shopperIdOf(name),
        marketId: marketIdOf("riverside"),
        productIds: products.map(productIdOf),
        placedAt: ago(days(day)),
        status: "collected",
      });
    // Ten buy honey in ten periods of four weeks, in the eleventh only nine do.
    for (let period = 0; period < 11; period++)
      for (const [n, name] of names.entries())
        await order(name, 28 * period + 1 + n / 12, [
          "heirloom-tomato",
          "large-eggs",
          ...(n < (period === 10 ? 9 : 10) ? ["acacia-honey"] : []),
        ]);
    const analyst = createCallerFactory(router(insightsRoutes({ models: noModels })))(
      aRequestContext(test.handle, { clock, caller: callerNamed("maya", { roles: ["analyst"] }) }),
    );
    const { trends, periods, tooLittle } = await analyst.admin.insights.trends({ by: "market" });
    expect(periods.at(-1)!.to).toBe(testNow.toISOString());
    expect(new Set(trends.map(({ groupName }) => groupName))).toEqual(new Set([market.name]));
    const honey = trends.find(({ category }) => category === "honey")!.shares;
    expect(honey.slice(-10).every((share) => share! > 0)).toBe(true);
    expect(honey.at(-11)).toBeNull();
    // What is left of the whole is not the honey of nine either.
    expect(trends.filter(({ shares }) => shares.at(-11) === null)).toHaveLength(2);
    expect(tooLittle).toBe(0);
    await profileAll({ handle: test.handle, clock });
    const bySegment = await analyst.admin.insights.trends({ by: "segment" });
    expect(new Set(bySegment.trends.map(({ group }) => group))).toEqual(new Set(["BUYER"]));
    await test.db.update(shoppers).set({ trackingConsent: "denied" });
    await profileAll({ handle: test.handle, clock });
    expect((await analyst.admin.insights.trends({ by: "segment" })).trends).toEqual([]);
    await expect(as("maya").admin.insights.trends({ by: "market" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it("tells when and with what somebody comes, by the market's clock", async () => {
    await test.db
      .update(shoppers)
      .set({ marketId: marketIdOf("riverside") })
      .where(eq(shoppers.id, maya));
    // A Tuesday evening at the market, Wednesday already in UTC.
    const tuesday = new Date("2025-08-12T22:30:00-04:00");
    for (const minute of [0, 1, 2])
      await act("VIEW_PRODUCT", new Date(tuesday.getTime() + minutes(minute)), maya, { device: "phone" });
    await act("SEARCH", new Date("2025-08-09T08:00:00-04:00"), maya, { device: "mainframe" });
    await act("SEARCH", ago(days(100)), maya, { device: "tablet" });
    const { timePatterns, devicePreferences } = (await as("maya").insights.me())!;
    expect(timePatterns.weekdays).toEqual([0, 0.75, 0, 0, 0, 0.25, 0]);
    expect(timePatterns.partsOfDay).toEqual({ night: 0, morning: 0.25, afternoon: 0, evening: 0.75 });
    expect(devicePreferences).toEqual({ phone: 1, tablet: 0, computer: 0 });
  });

  it("erases profile and moves", async () => {
    await profileAll({ handle: test.handle, clock });
    await test.db
      .insert(segmentMoves)
      .values({ shopperId: maya, fromSegment: "NEW", toSegment: "BUYER", movedAt: testNow });
    await test.handle.transaction((tx) => insightsEraseStep.erase(tx, { shopperId: maya }, { clock }));
    expect(await test.db.select().from(segmentMoves)).toEqual([]);
  });
});
