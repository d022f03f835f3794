import { setPrice } from "@almanac/catalog";
import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  publishedTopics,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  advice,
  demandForecasts,
  lots,
  marketFarms,
  orderWindows,
  priceChanges,
  products,
  pricePlans,
  productCosts,
  stallPlans,
  stallSales,
  stockEntries,
  stockLevels,
  variants,
  type AdviceId,
  type PricePlanId,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import {
  days,
  minutes,
  newId,
  type LotId,
  type MarketId,
  type OrderWindowId,
  type StallSaleId,
} from "@almanac/kernel";
import { applyDuePlans } from "@almanac/pricing/router";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { adviseAll, expireAdvice } from "./jobs.ts";
import { adviceRoutes } from "./router.ts";

const tomato = productIdOf("heirloom-tomato");
const hollowOak = farmIdOf("hollow-oak");
const riverside = marketIdOf("riverside");
const dayIn = (count: number): string => new Date(testNow.getTime() + days(count)).toISOString().slice(0, 10);

it("declares a right for every procedure", () => {
  expect([...declaredRights(router(adviceRoutes())).values()].map(String)).toHaveLength(13);
});

describeOnEveryDatabase("advice", (test) => {
  let now = testNow;
  const clock = { now: () => now };
  const deps = () => ({ handle: test.handle, clock });

  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(adviceRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).advice;
  const tomas = () => as("tomas", ["hollow-oak"]);
  const farmId = hollowOak;

  async function pending(type: string) {
    const { pending: found } = await tomas().list({ farmId });
    const one = found.find((row) => row.type === type);
    if (!one) throw new Error(`no ${type} among ${found.map((row) => row.type).join(", ")}`);
    return one;
  }

  async function setStock(onHandBase: number): Promise<void> {
    await test.db
      .insert(stockLevels)
      .values({ productId: tomato, onHandBase })
      .onConflictDoUpdate({ target: stockLevels.productId, set: { onHandBase } });
  }

  async function planPriceFor(day: string, unitPriceCents: number): Promise<void> {
    await test.db.insert(pricePlans).values({
      id: newId<PricePlanId>(),
      farmId,
      productId: tomato,
      variantId: variantIdOf("heirloom-tomato"),
      unitPriceCents,
      fromDay: day,
      toDay: day,
      startsAt: new Date(`${day}T04:00:00Z`),
      endsAt: new Date(new Date(`${day}T04:00:00Z`).getTime() + days(1)),
      plannedAt: now,
    });
  }

  const fill = async (): Promise<void> => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    await buildPerson(test.db, "tomas");
    await test.db.update(products).set({ crop: "tomato" });
    await test.db.insert(productCosts).values({
      productId: tomato,
      farmId,
      costCents: 190,
      perBase: 1_000,
      marginBasisPoints: 2_500,
      salvageCents: 40,
      updatedAt: testNow,
    });
    await setStock(10_000);
    await test.db.insert(demandForecasts).values({
      farmId,
      productId: tomato,
      marketId: riverside,
      marketDay: dayIn(3),
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
  };
  beforeEach(async () => {
    now = testNow;
    await test.fill("one product", fill);
  });

  it("is made when a farmer first looks, and said once however often it is made", async () => {
    const first = await tomas().list({ farmId });
    expect(first.pending.map(({ type }) => type).toSorted()).toEqual(["BRING_TO_MARKET", "HARVEST_MORE"]);
    expect(await adviseAll(deps())).toEqual({ farms: 1, advice: 2 });
    const again = await tomas().list({ farmId });
    expect(again.pending.map(({ id }) => id)).toEqual(first.pending.map(({ id }) => id));
  });

  it("is made anew when its forecasts are", async () => {
    const before = await pending("BRING_TO_MARKET");
    expect(await tomas().count({ farmId })).toEqual({ pending: 2, pressing: 1 });
    now = new Date(testNow.getTime() + minutes(5));
    await test.db.update(demandForecasts).set({ p50: 40_000, p90: 50_000, madeAt: now });
    const after = await pending("BRING_TO_MARKET");
    expect(after.id).toBe(before.id);
    expect(after.recommendedBase).toBeGreaterThan(before.recommendedBase);
  });

  it("is made anew ten minutes later where something was ordered or sold since, else after six hours", async () => {
    const harvestAfter = async (minutesLater: number) => {
      now = new Date(testNow.getTime() + minutes(minutesLater));
      return (await pending("HARVEST_MORE")).recommendedBase;
    };
    await test.db.update(stockLevels).set({ updatedAt: testNow });
    const before = await harvestAfter(0);
    await test.db.update(stockLevels).set({ onHandBase: 8_000 });
    expect(await harvestAfter(360)).toBe(before);
    await test.db.update(stockLevels).set({ updatedAt: new Date(testNow.getTime() + minutes(1)) });
    expect(await harvestAfter(9)).toBe(before);
    expect(await harvestAfter(10)).toBe(before + 2_000);
    await test.db.update(stockLevels).set({ onHandBase: 6_000 });
    expect(await harvestAfter(360)).toBe(before + 2_000);
    expect(await harvestAfter(371)).toBe(before + 4_000);
  });

  it("to bring something goes into the stall plan when accepted, once, and out of it when taken back", async () => {
    const bring = await pending("BRING_TO_MARKET");
    expect(bring).toMatchObject({ recommendedBase: 36_000, marketDay: dayIn(3), details: { kind: "bring" } });
    await Promise.all([1, 2].map(() => tomas().accept({ farmId, adviceId: bring.id })));
    expect(await test.db.select().from(stallPlans)).toMatchObject([{ quantityBase: 36_000 }]);
    const { plan, answered } = await tomas().list({ farmId });
    expect(plan).toMatchObject([{ productId: tomato, quantityBase: 36_000, marketDay: dayIn(3) }]);
    expect(answered).toMatchObject([{ id: bring.id, status: "ACCEPTED", isUndoable: true }]);
    await tomas().undo({ farmId, adviceId: bring.id });
    expect(await test.db.select().from(stallPlans)).toEqual([]);
    expect((await pending("BRING_TO_MARKET")).id).toBe(bring.id);
  });

  it("can be accepted with another quantity, and is as it was when that is taken back", async () => {
    const bring = await pending("BRING_TO_MARKET");
    await tomas().accept({ farmId, adviceId: bring.id, quantityBase: 20_000 });
    expect(await test.db.select().from(stallPlans)).toMatchObject([{ quantityBase: 20_000 }]);
    await tomas().refresh({ farmId });
    expect((await pending("HARVEST_MORE")).recommendedBase).toBe(10_000);
    await tomas().undo({ farmId, adviceId: bring.id });
    const [row] = await test.db.select().from(advice).where(eq(advice.id, bring.id));
    expect(row!.recommendedBase).toBe(bring.recommendedBase);
  });

  it("to harvest becomes a task, and ticking it off adds to stock once", async () => {
    const harvest = await pending("HARVEST_MORE");
    expect(harvest).toMatchObject({ recommendedBase: 26_000, isTask: true });
    await expect(tomas().done({ farmId, adviceId: harvest.id })).rejects.toMatchObject({
      cause: { code: "advice_answered" },
    });
    await tomas().accept({ farmId, adviceId: harvest.id });
    await tomas().done({ farmId, adviceId: harvest.id, quantityBase: 24_500 });
    await tomas().done({ farmId, adviceId: harvest.id });
    expect(await test.db.select().from(stockEntries)).toMatchObject([
      { reason: "harvest", deltaBase: 24_500 },
    ]);
    await expect(tomas().undo({ farmId, adviceId: harvest.id })).rejects.toMatchObject({
      cause: { code: "advice_answered" },
    });
  });

  it("to give away is a task of its own each time it is said, and each is taken off stock", async () => {
    const addLot = async (bestBefore: string, quantityBase: number) => {
      await setStock(quantityBase);
      await test.db.insert(lots).values({
        id: newId<LotId>(),
        productId: tomato,
        code: bestBefore,
        harvestedOn: dayIn(-1),
        bestBefore,
        quantityBase,
      });
    };
    const giveAway = async (): Promise<string> => {
      await tomas().refresh({ farmId });
      const { id } = await pending("DONATE");
      await tomas().accept({ farmId, adviceId: id });
      await tomas().done({ farmId, adviceId: id });
      return id;
    };
    await addLot(dayIn(1), 30_000);
    const first = await giveAway();
    now = new Date(testNow.getTime() + days(14));
    await expireAdvice(deps());
    await addLot(dayIn(15), 30_000);
    const second = await giveAway();
    expect(second).not.toBe(first);
    now = new Date(testNow.getTime() + days(28));
    await addLot(dayIn(29), 12_000);
    await giveAway();
    const booked = await test.db.select().from(stockEntries).orderBy(stockEntries.seq);
    expect(booked.map(({ reason, deltaBase }) => [reason, deltaBase])).toEqual([
      ["donation", -30_000],
      ["donation", -30_000],
      ["donation", -12_000],
    ]);
    const [level] = await test.db.select().from(stockLevels);
    expect(level!.onHandBase).toBe(0);
  });

  describe("to sell for less", () => {
    beforeEach(async () => {
      await setStock(90_000);
      await test.db.insert(lots).values({
        id: newId<LotId>(),
        productId: tomato,
        code: "A",
        harvestedOn: dayIn(-1),
        bestBefore: dayIn(5),
        quantityBase: 90_000,
      });
    });

    const accepted = async () => {
      const markDown = await pending("MARK_DOWN");
      await tomas().accept({ farmId, adviceId: markDown.id });
      return markDown;
    };
    const price = async (): Promise<number> => {
      const [variant] = await test.db.select().from(variants).where(eq(variants.productId, tomato));
      return variant!.unitPriceCents;
    };
    const setByHand = (unitPriceCents: number) =>
      test.handle.transaction((tx) =>
        setPrice(tx, { farmId, variantId: variantIdOf("heirloom-tomato"), unitPriceCents }, { now }),
      );

    it("sets the price with its history, and sets it back", async () => {
      const markDown = await accepted();
      const [change] = await test.db.select().from(priceChanges);
      expect(change).toMatchObject({ oldPriceCents: 490, reason: "planned: Lower price while it lasts" });
      expect(change!.newPriceCents).toBeLessThan(490);
      expect(await publishedTopics(test.db)).toContain("price.changed");
      await tomas().undo({ farmId, adviceId: markDown.id });
      expect(await price()).toBe(490);
      expect((await pending("MARK_DOWN")).id).toBe(markDown.id);
    });

    it("ends when the market day is over", async () => {
      const markDown = await accepted();
      const { details, reasoning } = markDown;
      expect(reasoning).toContain("less until Saturday 16 August");
      now = new Date(`${dayIn(3)}T22:00:00Z`);
      await applyDuePlans(deps());
      expect(await price()).toBe((details as { toCents: number }).toCents);
      now = new Date(testNow.getTime() + days(4));
      await applyDuePlans(deps());
      expect(await price()).toBe(490);
    });

    it("is refused, and made anew, where another price has been set since", async () => {
      const { id } = await pending("MARK_DOWN");
      await setByHand(250);
      await expect(tomas().accept({ farmId, adviceId: id })).rejects.toMatchObject({
        cause: { code: "suggestion_changed" },
      });
      expect(await price()).toBe(250);
      const { pending: found } = await tomas().list({ farmId });
      const again = found.find(({ type }) => type === "MARK_DOWN");
      expect((again?.details as { fromCents?: number } | undefined)?.fromCents ?? 250).toBe(250);
    });

    it("leaves a price that was set by hand meanwhile when it is taken back, and when its day is over", async () => {
      const { id } = await accepted();
      await setByHand(420);
      await tomas().undo({ farmId, adviceId: id });
      expect(await price()).toBe(420);
      now = new Date(testNow.getTime() + days(4));
      await applyDuePlans(deps());
      expect(await price()).toBe(420);
    });

    const run = async () => {
      await planPriceFor(dayIn(3), 350);
      await test.db
        .update(pricePlans)
        .set({ status: "running", fromDay: dayIn(0), startsAt: testNow, beforeCents: 490 });
      await test.db.update(variants).set({ unitPriceCents: 350 });
    };
    it.each([
      ["for the day", () => planPriceFor(dayIn(3), 350)],
      ["for a day before it", () => planPriceFor(dayIn(1), 350)],
      ["and asks it now, until the day", run],
    ])("is not said where the farm has planned another price %s", async (_when, plan) => {
      await plan();
      const { pending: found } = await tomas().list({ farmId });
      expect(found.map(({ type }) => type)).not.toContain("MARK_DOWN");
    });

    it("is said and can be accepted where another price is planned for later", async () => {
      await planPriceFor(dayIn(4), 350);
      await accepted();
      expect(await price()).toBeLessThan(490);
    });

    it("is refused, and said no more, where another price was planned since", async () => {
      const { id } = await pending("MARK_DOWN");
      await planPriceFor(dayIn(2), 350);
      await expect(tomas().accept({ farmId, adviceId: id })).rejects.toMatchObject({
        cause: { code: "price_plan_overlaps" },
      });
      const { pending: found } = await tomas().list({ farmId });
      expect(found.map(({ type }) => type)).not.toContain("MARK_DOWN");
    });
  });

  it("turned down for too much work has to promise more the next time, until that is forgotten or taken back", async () => {
    const harvest = await pending("HARVEST_MORE");
    await tomas().reject({ farmId, adviceId: harvest.id, reason: "too_much_work" });
    const learned = await tomas().settings({ farmId });
    expect(learned.leastGainCents).toEqual([
      { type: "HARVEST_MORE", cents: Math.min(5_000, Math.ceil(harvest.gainCents! / 2)) },
    ]);
    await tomas().undo({ farmId, adviceId: harvest.id });
    expect((await tomas().settings({ farmId })).leastGainCents).toEqual([]);
    await tomas().reject({ farmId, adviceId: harvest.id, reason: "too_much_work" });
    expect((await tomas().saveSettings({ farmId, forgetThresholds: true })).leastGainCents).toEqual([]);
    const { answered } = await tomas().list({ farmId });
    expect(answered).toMatchObject([{ status: "REJECTED", rejectionReason: "too_much_work" }]);
    expect(await tomas().relevance({ farmId })).toEqual({ accepted: 0, answered: 1 });
    await tomas().accept({ farmId, adviceId: (await pending("BRING_TO_MARKET")).id });
    expect(await tomas().relevance({ farmId })).toEqual({ accepted: 1, answered: 2 });
  });

  it("brings more where a price is planned that leaves more", async () => {
    const before = (await pending("BRING_TO_MARKET")).recommendedBase;
    await planPriceFor(dayIn(3), 900);
    await tomas().refresh({ farmId });
    // (9.00 - 1.90) / (9.00 - .40) of the cases are met instead of (4.90 - 1.90) / (4.90 - .40).
    const after = (await pending("BRING_TO_MARKET")).recommendedBase;
    expect(after).toBeGreaterThan(before);
  });

  it("has the weather read where it has to make forecasts first", async () => {
    await test.db.delete(demandForecasts);
    await test.db.update(products).set({ listedAt: new Date(testNow.getTime() - days(400)) });
    const weeks = [-1, 1, 2, 3, 4, 5, 6];
    await test.db.insert(orderWindows).values(
      weeks.map((week) => ({
        id: newId<OrderWindowId>(),
        marketId: riverside,
        marketDay: dayIn(3 - 7 * week),
        opensAt: new Date(testNow.getTime() - days(7 * week + 3)),
        closesAt: new Date(testNow.getTime() - days(7 * week - 2)),
      })),
    );
    await test.db.insert(stallSales).values(
      weeks
        .filter((week) => week > 0)
        .map((week) => ({
          id: newId<StallSaleId>(),
          farmId,
          marketId: riverside,
          marketDay: dayIn(3 - 7 * week),
          productId: tomato,
          variantId: variantIdOf("heirloom-tomato"),
          quantityBase: 8_000 + 500 * week,
          unitPriceCents: 490,
          unitPricePer: 1_000,
          totalCents: 490,
          feeCents: 0,
          tender: "cash" as const,
          idempotencyKey: `sale-of-week-${week}`,
          soldAt: new Date(testNow.getTime() - days(7 * week - 3)),
        })),
    );
    const weather = {
      read: async (_: unknown, from: number, to: number) =>
        Array.from({ length: to - from + 1 }, (_each, at) => ({
          day: from + at,
          rainMm: 9,
          temperatureC: 18,
        })),
    };
    const caller = createCallerFactory(router(adviceRoutes({ weather })))(
      aRequestContext(test.handle, { clock, caller: callerNamed("tomas", { farmIds: [farmId] }) }),
    ).advice;
    await caller.list({ farmId });
    const [row] = await test.db.select({ drivers: demandForecasts.drivers }).from(demandForecasts);
    expect(row!.drivers.find(({ kind }) => kind === "weather")?.text).toMatch(/18 °C and rain forecast/);
  });

  it("runs out when nobody answers, and can then not be accepted", async () => {
    const bring = await pending("BRING_TO_MARKET");
    now = new Date(testNow.getTime() + days(3));
    expect(await expireAdvice(deps())).toBe(2);
    expect(await test.db.select({ status: advice.status }).from(advice)).toEqual([
      { status: "EXPIRED" },
      { status: "EXPIRED" },
    ]);
    await expect(tomas().accept({ farmId, adviceId: bring.id })).rejects.toMatchObject({
      cause: { code: "advice_expired" },
    });
    expect(await test.db.select().from(stallPlans)).toEqual([]);
  });

  it("can be looked back on when its day is over: what was done, what ran out, not what was withdrawn", async () => {
    const bring = await pending("BRING_TO_MARKET");
    expect(await tomas().past({ farmId })).toEqual([]);
    now = new Date(testNow.getTime() + days(4));
    const ranOut = () => tomas().past({ farmId });
    // The same before and after the job that marks it.
    const before = (await ranOut()).find(({ id }) => id === bring.id);
    expect(before).toMatchObject({ status: "EXPIRED", type: "BRING_TO_MARKET", isUndoable: false });
    await expireAdvice(deps());
    expect((await ranOut()).find(({ id }) => id === bring.id)).toEqual(before);
    await expect(as("fern", ["fern-bank"]).past({ farmId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    now = new Date(testNow.getTime() + days(30));
    expect(await ranOut()).toEqual([]);
  });

  it("that was followed is told as done when its day is over, and what was withdrawn is not told", async () => {
    const harvest = await pending("HARVEST_MORE");
    const bring = await pending("BRING_TO_MARKET");
    await tomas().accept({ farmId, adviceId: bring.id });
    await setStock(36_000);
    await tomas().refresh({ farmId });
    now = new Date(testNow.getTime() + days(4));
    const past = await tomas().past({ farmId });
    expect(past.map(({ id, status }) => ({ id, status }))).toEqual([{ id: bring.id, status: "ACCEPTED" }]);
    expect(past.some(({ id }) => id === harvest.id)).toBe(false);
  });

  it("that is no longer true is withdrawn", async () => {
    const harvest = await pending("HARVEST_MORE");
    await setStock(36_000);
    await tomas().refresh({ farmId });
    const [row] = await test.db.select().from(advice).where(eq(advice.id, harvest.id));
    expect(row!.status).toBe("EXPIRED");
    expect(row!.validUntil).toEqual(now);
  });

  const hilltop = marketIdOf("hilltop");

  /** The farm has a stall at Hilltop as well, on the same day, where as much is wanted. */
  async function joinHilltop(): Promise<void> {
    await buildMarket(test.db, { slug: "hilltop" });
    await test.db.insert(marketFarms).values({ marketId: hilltop, farmId, stall: "2" }).onConflictDoNothing();
    const [row] = await test.db.select().from(demandForecasts);
    await test.db.insert(demandForecasts).values({ ...row!, marketId: hilltop });
  }

  const cancelDay = (marketId: MarketId) =>
    test.db.insert(orderWindows).values({
      id: newId<OrderWindowId>(),
      marketId,
      marketDay: dayIn(3),
      opensAt: new Date(testNow.getTime() - days(3)),
      closesAt: new Date(testNow.getTime() + days(2)),
      isCancelled: true,
    });

  describe("to harvest for two markets of a day", () => {
    beforeEach(joinHilltop);

    it.each(["riverside", "hilltop"])("is for the other alone once %s is cancelled", async (slug) => {
      const both = await pending("HARVEST_MORE");
      expect(both.recommendedBase).toBe(62_000);
      expect(await tomas().count({ farmId })).toEqual({ pending: 3, pressing: 1 });
      await cancelDay(marketIdOf(slug));
      expect((await tomas().count({ farmId })).pending).toBe(1);
      expect((await pending("HARVEST_MORE")).recommendedBase).toBe(26_000);
    });

    it("is said anew beside what was accepted for both, which is told as no longer needed and can be ticked off", async () => {
      const both = await pending("HARVEST_MORE");
      await tomas().accept({ farmId, adviceId: both.id });
      const answered = async () => (await tomas().list({ farmId })).answered.find(({ id }) => id === both.id);
      await tomas().refresh({ farmId });
      expect(await answered()).toMatchObject({ status: "ACCEPTED", ending: null });
      await cancelDay(hilltop);
      await tomas().refresh({ farmId });
      const left = await pending("HARVEST_MORE");
      expect(left.recommendedBase).toBe(26_000);
      expect(await answered()).toMatchObject({ status: "ACCEPTED", ending: "day", recommendedBase: 62_000 });
      await tomas().accept({ farmId, adviceId: left.id });
      await tomas().refresh({ farmId });
      const { pending: found } = await tomas().list({ farmId });
      expect(found.map(({ type }) => type)).not.toContain("HARVEST_MORE");
      await tomas().done({ farmId, adviceId: both.id, quantityBase: 30_000 });
      expect(await test.db.select().from(stockEntries)).toMatchObject([{ deltaBase: 30_000 }]);
    });

    it("is refused, and made anew, by who still has the page of before one was cancelled", async () => {
      const both = await pending("HARVEST_MORE");
      await cancelDay(hilltop);
      await expect(tomas().accept({ farmId, adviceId: both.id })).rejects.toMatchObject({
        cause: { code: "suggestion_changed" },
      });
      expect((await pending("HARVEST_MORE")).recommendedBase).toBe(26_000);
    });
  });

  describe("to move something between markets", () => {
    const planned = async () =>
      Object.fromEntries(
        (await test.db.select().from(stallPlans)).map(({ marketId, quantityBase }) => [
          marketId === hilltop ? "hilltop" : "riverside",
          quantityBase,
        ]),
      );
    /** Far too much is meant for Riverside, and too little for Hilltop. */
    const bringing = async () => {
      await joinHilltop();
      await tomas().refresh({ farmId });
      const { pending: found } = await tomas().list({ farmId });
      const bring = (marketId: MarketId) =>
        found.find((one) => one.type === "BRING_TO_MARKET" && one.marketId === marketId)!.id;
      await tomas().accept({ farmId, adviceId: bring(riverside), quantityBase: 60_000 });
      await tomas().accept({ farmId, adviceId: bring(hilltop), quantityBase: 20_000 });
      await tomas().refresh({ farmId });
      const move = await pending("REALLOCATE");
      return { atRiverside: bring(riverside), move };
    };

    it("changes both plans, and is taken back as it was", async () => {
      const { move } = await bringing();
      const moved = move.recommendedBase;
      await tomas().accept({ farmId, adviceId: move.id });
      expect(await planned()).toEqual({ riverside: 60_000 - moved, hilltop: 20_000 + moved });
      await tomas().undo({ farmId, adviceId: move.id });
      expect(await planned()).toEqual({ riverside: 60_000, hilltop: 20_000 });
    });

    it("leaves what has been moved when what was to be brought before is taken back", async () => {
      const { move, atRiverside } = await bringing();
      await tomas().accept({ farmId, adviceId: move.id });
      const after = await planned();
      await tomas().undo({ farmId, adviceId: atRiverside });
      expect(await planned()).toEqual(after);
      await tomas().undo({ farmId, adviceId: move.id });
      expect(await planned()).toEqual({ riverside: 60_000, hilltop: 20_000 });
    });

    it.each(["riverside", "hilltop"])("is said and done no more once %s is cancelled", async (slug) => {
      const { move } = await bringing();
      await cancelDay(marketIdOf(slug));
      await expect(tomas().accept({ farmId, adviceId: move.id })).rejects.toMatchObject({
        cause: { code: "suggestion_changed" },
      });
      expect(await planned()).toEqual({ riverside: 60_000, hilltop: 20_000 });
      expect((await tomas().list({ farmId })).pending.map(({ type }) => type)).not.toContain("REALLOCATE");
    });

    it("is not said where one of its days was cancelled since, before advice is made anew", async () => {
      const { move } = await bringing();
      const before = await tomas().count({ farmId });
      await cancelDay(riverside);
      expect((await tomas().count({ farmId })).pending).toBeLessThan(before.pending);
      const { pending: found } = await tomas().list({ farmId });
      expect(found.map(({ id }) => id)).not.toContain(move.id);
    });

    it("is refused, and plans nothing, where what was to be moved is planned no more", async () => {
      const { move, atRiverside } = await bringing();
      await tomas().undo({ farmId, adviceId: atRiverside });
      await expect(tomas().accept({ farmId, adviceId: move.id })).rejects.toMatchObject({
        cause: { code: "suggestion_changed" },
      });
      expect(await planned()).toEqual({ hilltop: 20_000 });
      expect((await tomas().list({ farmId })).pending.map(({ type }) => type)).not.toContain("REALLOCATE");
    });
  });

  describe("and plans whose point is gone", () => {
    const gone: [string, () => Promise<unknown>][] = [
      ["a market day that is cancelled", () => cancelDay(riverside)],
      ["a market that the farm has left", () => test.db.delete(marketFarms)],
      ["a product that is archived", () => test.db.update(products).set({ status: "archived" })],
    ];
    it.each(gone)("are told no more: of %s", async (_what, end) => {
      const bring = await pending("BRING_TO_MARKET");
      await tomas().accept({ farmId, adviceId: bring.id });
      expect((await tomas().list({ farmId })).plan).toHaveLength(1);
      expect(await tomas().count({ farmId })).toEqual({ pending: 1, pressing: 1 });
      await end();
      expect(await tomas().count({ farmId })).toEqual({ pending: 0, pressing: 0 });
      const { pending: left, plan } = await tomas().list({ farmId });
      expect(left).toEqual([]);
      expect(plan).toEqual([]);
      expect(await tomas().preview({ farmId, leaning: 0 })).toEqual([]);
      await tomas().refresh({ farmId });
      expect(await test.db.select().from(advice).where(eq(advice.status, "PENDING"))).toEqual([]);
    });

    const endings = ["day", "stall", "product"] as const;
    it.each(gone.map(([what, end], at) => [what, end, endings[at]!] as const))(
      "are told as no longer needed where they were accepted, and come back no more: of %s",
      async (_what, end, ending) => {
        const harvest = await pending("HARVEST_MORE");
        const bring = await pending("BRING_TO_MARKET");
        for (const { id } of [harvest, bring]) await tomas().accept({ farmId, adviceId: id });
        const endingOf = async (id: AdviceId) =>
          (await tomas().list({ farmId })).answered.find((one) => one.id === id)?.ending;
        expect(await endingOf(harvest.id)).toBeNull();
        await end();
        expect([await endingOf(harvest.id), await endingOf(bring.id)]).toEqual([ending, ending]);
        for (const { id } of [harvest, bring]) await tomas().undo({ farmId, adviceId: id });
        expect(await tomas().list({ farmId })).toMatchObject({ pending: [], answered: [], plan: [] });
        expect(await test.db.select().from(stallPlans)).toEqual([]);
      },
    );

    it("are looked back on as no longer needed where the day was cancelled, not for what was put away since", async () => {
      const bring = await pending("BRING_TO_MARKET");
      await tomas().accept({ farmId, adviceId: bring.id });
      now = new Date(testNow.getTime() + days(4));
      const ending = async () => (await tomas().past({ farmId })).find(({ id }) => id === bring.id)!.ending;
      await test.db.update(products).set({ status: "archived" });
      expect(await ending()).toBeNull();
      await cancelDay(riverside);
      expect(await ending()).toBe("day");
    });
  });

  it("to take something off the list is taken back, unless the farm has put it away since", async () => {
    const status = async () => (await test.db.select().from(products))[0]!.status;
    await test.db.update(productCosts).set({ costCents: 600 });
    const { id } = await pending("STOP_SELLING");
    const accept = () => tomas().accept({ farmId, adviceId: id });
    await accept();
    expect(await status()).toBe("hidden");
    await tomas().undo({ farmId, adviceId: id });
    expect(await status()).toBe("live");
    await accept();
    await test.db.update(products).set({ status: "archived" });
    await tomas().undo({ farmId, adviceId: id });
    expect(await status()).toBe("archived");
  });

  it("is not to take something off the list that is sold below its cost for some days alone", async () => {
    const types = async () => {
      await tomas().refresh({ farmId });
      return (await tomas().list({ farmId })).pending.map(({ type }) => type);
    };
    await test.db.update(variants).set({ unitPriceCents: 150 });
    expect(await types()).toContain("STOP_SELLING");
    await planPriceFor(dayIn(3), 150);
    await test.db
      .update(pricePlans)
      .set({ status: "running", fromDay: dayIn(0), startsAt: testNow, beforeCents: 490 });
    expect(await types()).not.toContain("STOP_SELLING");
    await test.db.update(pricePlans).set({ beforeCents: 170 });
    expect(await types()).toContain("STOP_SELLING");
  });

  it("does not count for the next market day what today's should still sell, until that is over", async () => {
    const [row] = await test.db.select().from(demandForecasts);
    await test.db.insert(demandForecasts).values({ ...row!, marketDay: dayIn(10) });
    await setStock(26_000);
    const missingAt = async (hour: string): Promise<number> => {
      now = new Date(`${dayIn(3)}T${hour}:00Z`);
      await tomas().refresh({ farmId });
      return (await pending("HARVEST_MORE")).recommendedBase;
    };
    const [early, late, over] = [
      await missingAt("12:30"),
      await missingAt("16:30"),
      await missingAt("17:30"),
    ];
    expect(over).toBe(10_000);
    expect(late).toBeGreaterThan(over);
    expect(early).toBeGreaterThan(late);
    expect(early).toBe(36_000);
  });

  it("rises with the slider, as its preview says", async () => {
    const quantities: number[] = [];
    for (const leaning of [-100, 0, 100]) {
      const [one] = await tomas().preview({ farmId, leaning });
      quantities.push(one!.bringBase);
    }
    expect(quantities[0]).toBeLessThan(quantities[1]!);
    expect(quantities[1]).toBeLessThan(quantities[2]!);
    await tomas().saveSettings({ farmId, leaning: 100, vanCrates: 5 });
    expect((await pending("BRING_TO_MARKET")).recommendedBase).toBe(10_000);
  });

  it("is limited by hands, and not given for days on which the farm stays at home", async () => {
    await tomas().saveSettings({ farmId, labourMinutes: 50, minutesPerCrate: 5 });
    expect((await pending("BRING_TO_MARKET")).recommendedBase).toBe(20_000);
    await tomas().saveSettings({ farmId, closedDays: [dayIn(3)] });
    expect((await tomas().list({ farmId })).pending).toEqual([]);
    expect((await tomas().settings({ farmId })).closedDays).toEqual([dayIn(3)]);
  });

  it("is held against what was sold, beside bringing as much as the time before: a third less off here", async () => {
    await test.db.update(products).set({ listedAt: new Date(testNow.getTime() - days(400)) });
    // Good and bad weeks in turn, 12 kg and 8 kg.
    const soldBase = (week: number): number => (week % 2 ? 8_000 : 12_000);
    const weeks = Array.from({ length: 12 }, (_, at) => at + 1);
    await test.db.insert(orderWindows).values(
      weeks.map((week) => ({
        id: newId<OrderWindowId>(),
        marketId: riverside,
        marketDay: dayIn(-7 * week),
        opensAt: new Date(testNow.getTime() - days(7 * week + 6)),
        closesAt: new Date(testNow.getTime() - days(7 * week + 1)),
      })),
    );
    await test.db.insert(stallSales).values(
      weeks.map((week) => ({
        id: newId<StallSaleId>(),
        farmId,
        marketId: riverside,
        marketDay: dayIn(-7 * week),
        productId: tomato,
        variantId: variantIdOf("heirloom-tomato"),
        quantityBase: soldBase(week),
        unitPriceCents: 490,
        unitPricePer: 1_000,
        totalCents: 490,
        feeCents: 0,
        tender: "cash" as const,
        idempotencyKey: `sale-of-week-${week}`,
        soldAt: new Date(testNow.getTime() - days(7 * week)),
      })),
    );
    const given = (week: number, change: Partial<typeof advice.$inferInsert>) => ({
      id: newId<AdviceId>(),
      farmId,
      productId: tomato,
      marketId: riverside,
      marketDay: dayIn(-7 * week),
      key: `week-${week}`,
      type: "BRING_TO_MARKET",
      currentBase: 0,
      recommendedBase: soldBase(week) + 2_800,
      reasoning: "",
      priority: "MEDIUM" as const,
      details: {},
      status: "EXPIRED" as const,
      validUntil: new Date(`${dayIn(-7 * week)}T10:00:00Z`),
      madeAt: testNow,
      ...change,
    });
    const instead = { kind: "plan", plannedBase: null, advisedBase: soldBase(1) + 2_800 };
    await test.db.insert(advice).values([
      // The farmer brought 99 kg instead: the advice is judged, not the farmer.
      given(1, { status: "ACCEPTED", recommendedBase: 99_000, before: instead }),
      given(2, { status: "REJECTED" }),
      ...[3, 4, 5, 6, 7, 8].map((week) => given(week, {})),
      // Withdrawn two days before, so nobody was advised.
      given(9, { recommendedBase: 500_000, validUntil: new Date(`${dayIn(-65)}T10:00:00Z`) }),
    ]);
    // A market day before the judged ones with nothing to sell is not "the time before": then nothing is known.
    await test.db.insert(orderWindows).values({
      id: newId<OrderWindowId>(),
      marketId: riverside,
      marketDay: dayIn(-25),
      opensAt: new Date(testNow.getTime() - days(32)),
      closesAt: new Date(testNow.getTime() - days(26)),
    });
    const entry = { productId: tomato, reason: "recount" as const };
    await test.db.insert(stockEntries).values([
      { ...entry, deltaBase: 1_000, at: new Date(testNow.getTime() - days(200)) },
      { ...entry, deltaBase: -1_000, at: new Date(testNow.getTime() - days(27)) },
      { ...entry, deltaBase: 1_000, at: new Date(testNow.getTime() - days(22)) },
    ]);
    const found = await tomas().accuracy({ farmId });
    expect(found).toMatchObject({ days: 8 });
    expect(found.lessError).toBeCloseTo(0.3, 9);
    await expect(as("fern", ["fern-bank"]).accuracy({ farmId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const own = await as("fern", ["fern-bank"]).accuracy({ farmId: farmIdOf("fern-bank") });
    expect(own).toEqual({ days: 0, offShare: null, asBeforeShare: null, lessError: null });
  });

  it("of another farm is not found", async () => {
    const bring = await pending("BRING_TO_MARKET");
    const stranger = as("fern", ["fern-bank"]);
    await expect(stranger.list({ farmId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(stranger.accept({ farmId, adviceId: bring.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const own = farmIdOf("fern-bank");
    await expect(stranger.accept({ farmId: own, adviceId: bring.id })).rejects.toMatchObject({
      cause: { code: "advice_not_found" },
    });
  });
});
