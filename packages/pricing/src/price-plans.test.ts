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
  jobs,
  marketFarms,
  orderWindows,
  priceChanges,
  pricePlans,
  productCosts,
  products,
  stallSales,
  variants,
  type PricePlanId,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { createJobRunner } from "@almanac/jobs";
import { days, hours, idFromName, newId, parseId, shiftedClock, type OrderWindowId } from "@almanac/kernel";
import { forecastChanged, forecastDemand } from "@almanac/planning";
import { createCallerFactory, declaredRights, router, silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { pricePlanRoutes } from "./plan-routes.ts";
import { applyDuePlans } from "./plan-steps.ts";
import { refreshFarmJob } from "./refresh-farm.ts";

const tomato = productIdOf("heirloom-tomato");
const tomatoVariant = variantIdOf("heirloom-tomato");
const hollowOak = farmIdOf("hollow-oak");
const fernBank = farmIdOf("fern-bank");
const riverside = marketIdOf("riverside");
const nobodys = parseId<PricePlanId>("01890000-0000-7000-8000-000000000000");

it("declares a right for every procedure", () => {
  expect([...declaredRights(router(pricePlanRoutes())).entries()].map(([path]) => path)).toEqual([
    "pricePlans.list",
    "pricePlans.current",
    "pricePlans.add",
    "pricePlans.cancel",
  ]);
});

describeOnEveryDatabase("planned prices", (test) => {
  let now = testNow;
  const clock = { now: () => now };
  const deps = () => ({ handle: test.handle, clock });
  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(pricePlanRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).pricePlans;
  const tomas = () => as("tomas", ["hollow-oak"]);
  const weekend = { fromDay: "2025-08-16", toDay: "2025-08-17" };
  const plan = { farmId: hollowOak, variantId: tomatoVariant, price: { unitPriceCents: 420 }, when: weekend };
  const priceNow = async () =>
    (await test.db.select().from(variants).where(eq(variants.id, tomatoVariant)))[0]!.unitPriceCents;
  const statusOf = async (id: PricePlanId) =>
    (await test.db.select().from(pricePlans).where(eq(pricePlans.id, id)))[0]!.status;
  const history = async () =>
    (await test.db.select().from(priceChanges).orderBy(priceChanges.seq)).map(
      ({ oldPriceCents, newPriceCents, reason }) => [oldPriceCents, newPriceCents, reason],
    );

  beforeEach(async () => {
    now = testNow;
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    for (const name of ["tomas", "maya"]) await buildPerson(test.db, name);
    await test.db.insert(farmMembers).values({
      farmId: hollowOak,
      userId: callerNamed("tomas").userId!,
      role: "owner",
      addedAt: testNow,
    });
  });

  it("take effect by themselves at midnight at the market, as any change of a price, and end by themselves", async () => {
    const { planId } = await tomas().add(plan);
    expect(await priceNow()).toBe(490);
    now = new Date("2025-08-16T03:59:59Z");
    expect(await applyDuePlans(deps())).toEqual({ started: 0, ended: 0, missed: 0 });
    now = new Date("2025-08-16T04:00:00Z");
    expect(await applyDuePlans(deps())).toEqual({ started: 1, ended: 0, missed: 0 });
    expect(await priceNow()).toBe(420);
    expect(await publishedTopics(test.db)).toEqual(["price.changed"]);
    const [shown] = (
      await catalogAs(test.handle, callerNamed("maya"), shiftedClock(now, clock)).products.get({
        slug: "heirloom-tomato",
      })
    ).variants;
    expect(shown).toMatchObject({ unitPriceCents: 420, previousPriceCents: 490 });
    now = new Date("2025-08-18T04:00:00Z");
    expect(await applyDuePlans(deps())).toEqual({ started: 0, ended: 1, missed: 0 });
    expect(await priceNow()).toBe(490);
    expect(await statusOf(planId)).toBe("over");
    expect(await history()).toEqual([
      [490, 420, "planned price"],
      [420, 490, "planned price is over"],
    ]);
  });

  it("take effect once, however often and by however many at a time it is looked", async () => {
    await tomas().add({ ...plan, reason: "glut" });
    now = new Date("2025-08-16T09:00:00Z");
    const runs = await Promise.all([1, 2, 3, 4].map(() => applyDuePlans(deps())));
    expect(runs.reduce((sum, { started }) => sum + started, 0)).toBe(1);
    await applyDuePlans(deps());
    expect(await history()).toEqual([[490, 420, "planned: glut"]]);
  });

  it("take effect late after a standstill, and not at all when their days went by", async () => {
    const { planId } = await tomas().add(plan);
    const later = await tomas().add({ ...plan, when: { fromDay: "2025-08-20", toDay: "2025-08-20" } });
    now = new Date("2025-08-20T20:00:00Z");
    expect(await applyDuePlans(deps())).toEqual({ started: 1, ended: 0, missed: 1 });
    expect([await statusOf(planId), await statusOf(later.planId)]).toEqual(["missed", "running"]);
  });

  const called: [string, () => Promise<unknown>][] = [
    ["its market day is cancelled", () => test.db.update(orderWindows).set({ isCancelled: true })],
    ["the farm has left the market", () => test.db.delete(marketFarms)],
  ];
  it.each(called)("for a market day end at once, or never begin, where %s", async (_what, callOff) => {
    const window = { marketId: riverside, closesAt: new Date("2025-08-21T16:00:00Z") };
    const opens = { "2025-08-16": "2025-08-10T16:00:00Z", "2025-08-23": "2025-08-17T16:00:00Z" };
    await test.db.insert(orderWindows).values(
      Object.entries(opens).map(([marketDay, opensAt]) => ({
        ...window,
        id: newId<OrderWindowId>(),
        marketDay,
        opensAt: new Date(opensAt),
      })),
    );
    const planFor = async (marketDay: string) =>
      (await tomas().add({ ...plan, when: { marketId: riverside, marketDay } })).planId;
    const running = await planFor("2025-08-16");
    const planned = await planFor("2025-08-23");
    const always = { ...plan, price: { unitPriceCents: 450 }, when: { fromDay: "2025-09-01", toDay: null } };
    const { planId: other } = await tomas().add(always);
    expect(await priceNow()).toBe(420);
    expect(await applyDuePlans(deps())).toEqual({ started: 0, ended: 0, missed: 0 });
    await callOff();
    expect(await applyDuePlans(deps())).toEqual({ started: 0, ended: 1, missed: 1 });
    expect(await priceNow()).toBe(490);
    expect(await Promise.all([running, planned, other].map(statusOf))).toEqual([
      "cancelled",
      "cancelled",
      "planned",
    ]);
    expect(await applyDuePlans(deps())).toEqual({ started: 0, ended: 0, missed: 0 });
  });

  it("give way to each other at the same midnight without leaving the first one's price behind", async () => {
    await tomas().add(plan);
    await tomas().add({
      ...plan,
      price: { unitPriceCents: 520 },
      when: { fromDay: "2025-08-18", toDay: null },
    });
    now = new Date("2025-08-16T10:00:00Z");
    await applyDuePlans(deps());
    now = new Date("2025-08-18T10:00:00Z");
    expect(await applyDuePlans(deps())).toEqual({ started: 1, ended: 1, missed: 0 });
    expect((await history()).map(([from, to]) => [from, to])).toEqual([
      [490, 420],
      [420, 490],
      [490, 520],
    ]);
    expect((await tomas().list({ farmId: hollowOak })).plans.map(({ status }) => status)).toEqual([
      "over",
      "over",
    ]);
  });

  it("that are cancelled never take effect, and while they run are undone at once", async () => {
    const first = await tomas().add(plan);
    expect(await tomas().cancel({ farmId: hollowOak, planId: first.planId })).toEqual({
      unitPriceCents: 490,
    });
    now = new Date("2025-08-16T10:00:00Z");
    await applyDuePlans(deps());
    expect(await history()).toEqual([]);
    const second = await tomas().add({ ...plan, when: { fromDay: "2025-08-16", toDay: "2025-08-16" } });
    expect(second.status).toBe("running");
    expect(await priceNow()).toBe(420);
    expect(await tomas().cancel({ farmId: hollowOak, planId: second.planId })).toEqual({
      unitPriceCents: 490,
    });
    expect(await priceNow()).toBe(490);
    await expect(tomas().cancel({ farmId: hollowOak, planId: second.planId })).rejects.toMatchObject({
      code: "CONFLICT",
    });
  });

  it("leave alone what was changed by hand meanwhile", async () => {
    const { planId } = await tomas().add({ ...plan, when: { fromDay: "2025-08-13", toDay: "2025-08-14" } });
    await test.handle.transaction((tx) =>
      setPrice(tx, { farmId: hollowOak, variantId: tomatoVariant, unitPriceCents: 450 }, { now }),
    );
    expect((await tomas().list({ farmId: hollowOak })).plans).toMatchObject([
      { id: planId, isOverruled: true },
    ]);
    now = new Date("2025-08-15T10:00:00Z");
    await applyDuePlans(deps());
    expect(await priceNow()).toBe(450);
  });

  it("may be a promotion, whose single one costs its share", async () => {
    await tomas().add({ ...plan, price: { units: 2, totalCents: 900 } });
    expect((await tomas().list({ farmId: hollowOak, productId: tomato })).plans).toMatchObject([
      {
        unitPriceCents: 450,
        reason: "2 for 9.00",
        promotion: { units: 2, totalCents: 900, words: "2 for 9.00" },
      },
    ]);
    const shopper = as("maya", []);
    expect(await shopper.current({ productId: tomato })).toEqual([]);
    now = new Date("2025-08-16T10:00:00Z");
    await applyDuePlans(deps());
    expect(await history()).toEqual([[490, 450, "planned: 2 for 9.00"]]);
    expect(await shopper.current({ productId: tomato })).toEqual([
      { variantId: tomatoVariant, words: "2 for 9.00", toDay: "2025-08-17" },
    ]);
    // Once it costs something else, the words would promise what does not hold.
    await test.handle.transaction((tx) =>
      setPrice(tx, { farmId: hollowOak, variantId: tomatoVariant, unitPriceCents: 480 }, { now }),
    );
    expect(await shopper.current({ productId: tomato })).toEqual([]);
  });

  it("for a market day hold from the day on which ordering for it opens until it is over", async () => {
    await marketDay("2025-08-23");
    const { marketDays, today } = await tomas().list({ farmId: hollowOak });
    expect(today).toBe("2025-08-13");
    expect(marketDays).toMatchObject([
      { marketId: riverside, marketDay: "2025-08-23", fromDay: "2025-08-17" },
    ]);
    const when = { marketId: riverside, marketDay: "2025-08-23" };
    await tomas().add({ ...plan, when });
    expect((await tomas().list({ farmId: hollowOak })).plans).toMatchObject([
      { fromDay: "2025-08-17", toDay: "2025-08-23", marketDay: "2025-08-23", marketName: "riverside" },
    ]);
    await expect(
      tomas().add({ ...plan, when: { marketId: riverside, marketDay: "2025-08-24" } }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("are below the farm's floor only where it says so", async () => {
    await test.db.insert(productCosts).values({
      productId: tomato,
      farmId: hollowOak,
      costCents: 400,
      perBase: 1_000,
      marginBasisPoints: 2_500,
      updatedAt: now,
    });
    await expect(tomas().add(plan)).rejects.toMatchObject({
      code: "BAD_REQUEST",
      cause: { code: "price_below_floor", details: { floorCents: 500 } },
    });
    await tomas().add({ ...plan, mayBeBelowFloor: true });
    expect((await tomas().list({ farmId: hollowOak })).plans).toMatchObject([{ isBelowFloor: true }]);
  });

  it("do not stand in each other's way, also when two are planned at once", async () => {
    const both = await Promise.allSettled([tomas().add(plan), tomas().add(plan)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(
      tomas().add({ ...plan, when: { fromDay: "2025-08-17", toDay: "2025-08-20" } }),
    ).rejects.toMatchObject({ code: "CONFLICT", cause: { code: "price_plan_overlaps" } });
  });

  it.each([
    ["a price of nothing", { price: { unitPriceCents: 0 } }],
    ["half a cent", { price: { unitPriceCents: 4.5 } }],
    ["more than a price may be", { price: { unitPriceCents: 10_000_001 } }],
    ["two kinds of price", { price: { unitPriceCents: 400, units: 2, totalCents: 900 } }],
    ["one for the price of one", { price: { units: 1, totalCents: 900 } }],
    ["a promotion that comes to nothing", { price: { units: 100, totalCents: 99 } }],
    ["a day that is none", { when: { fromDay: "2025-02-30", toDay: null } }],
    ["yesterday", { when: { fromDay: "2025-08-12", toDay: "2025-08-20" } }],
    ["an end before the beginning", { when: { fromDay: "2025-08-16", toDay: "2025-08-15" } }],
    ["a sermon", { reason: "x".repeat(201) }],
  ])("refuse %s with one clear error", async (_, wrong) => {
    await expect(tomas().add({ ...plan, ...wrong } as typeof plan)).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    expect(await test.db.select().from(pricePlans)).toEqual([]);
  });

  it("of another farm are not found", async () => {
    const { planId } = await tomas().add(plan);
    const fern = as("fern", ["fern-bank"]);
    for (const call of [
      () => fern.list({ farmId: hollowOak }),
      () => fern.add(plan),
      () => fern.add({ ...plan, farmId: fernBank }),
      () => fern.cancel({ farmId: hollowOak, planId }),
      () => fern.cancel({ farmId: fernBank, planId }),
      () => tomas().cancel({ farmId: hollowOak, planId: nobodys }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await fern.list({ farmId: fernBank })).plans).toEqual([]);
  });

  it("move the forecast of the days that they are for, which says so, and let it go when cancelled", async () => {
    await pastOfFourProducts();
    await forecastDemand({ ...deps(), threads: 0 });
    const forecastOf = async () => {
      const [row] = await test.db.select().from(demandForecasts).where(eq(demandForecasts.productId, tomato));
      return { p50: row!.p50, price: row!.drivers.find(({ kind }) => kind === "price")?.text };
    };
    const before = await forecastOf();
    expect(before.price ?? "").not.toMatch(/planned/);
    const { planId } = await tomas().add({
      ...plan,
      price: { unitPriceCents: 400 },
      when: { marketId: riverside, marketDay: "2025-08-16" },
    });
    await runJobs();
    const planned = await forecastOf();
    expect(planned.price).toMatch(/^Price 4\.00 planned, 1\d % below usual: about \d+ % more$/);
    expect(planned.p50).toBeGreaterThan(1.1 * before.p50);
    await tomas().cancel({ farmId: hollowOak, planId });
    await forecastChanged({ ...deps(), threads: 0 }, hollowOak);
    // One product alone borrows its bounds from fewer others than all together.
    expect(Math.abs((await forecastOf()).p50 / before.p50 - 1)).toBeLessThan(1e-3);
  });

  async function marketDay(day: string): Promise<void> {
    const closesAt = new Date(Date.parse(`${day}T00:00:00Z`) - days(2) + hours(24));
    await test.db.insert(orderWindows).values({
      id: newId<OrderWindowId>(),
      marketId: riverside,
      marketDay: day,
      opensAt: new Date(closesAt.getTime() - days(4) - hours(12)),
      closesAt,
    });
  }

  /** Has the work done that waits, as the server does. */
  async function runJobs(): Promise<void> {
    const waiting = await test.db.select().from(jobs);
    expect(waiting.map(({ name }) => name)).toEqual(["planning.refresh-farm"]);
    const runner = createJobRunner({ ...deps(), log: silentLogger, jobs: [refreshFarmJob()], pollMs: 5 });
    runner.start();
    await expect
      .poll(async () => (await test.db.select().from(jobs)).every(({ doneAt }) => doneAt !== null), {
        timeout: 20_000,
      })
      .toBe(true);
    await runner.stop();
  }

  /** Sixty Saturdays of four products, whose buyers answer to a price that changes every five weeks. */
  async function pastOfFourProducts(): Promise<void> {
    const slugs = ["heirloom-tomato", "plum-tomato", "runner-bean", "sweet-pepper"];
    for (const slug of slugs.slice(1)) await buildProduct(test.db, { slug });
    await test.db.update(products).set({ listedAt: new Date(testNow.getTime() - days(600)) });
    const saturdays = Array.from({ length: 60 }, (_, back) =>
      new Date(Date.parse("2025-08-09T00:00:00Z") - days(7 * (59 - back))).toISOString().slice(0, 10),
    );
    for (const day of [...saturdays, "2025-08-16"]) await marketDay(day);
    const asked = (week: number, at: number) => (Math.floor((week + 2 * at) / 5) % 2 === 0 ? 490 : 430);
    for (const [at, slug] of slugs.entries()) {
      const ids = { farmId: hollowOak, productId: productIdOf(slug), variantId: variantIdOf(slug) };
      await test.db.insert(stallSales).values(
        saturdays.map((day, week) => ({
          ...ids,
          id: idFromName<typeof stallSales.$inferInsert.id>("test/sale", `${slug} ${day}`),
          marketId: riverside,
          marketDay: day,
          quantityBase: Math.round(
            (9_000 + 2_000 * at) * (asked(week, at) / 490) ** -2 * (1 + 0.04 * Math.sin(7 * week + at)),
          ),
          unitPriceCents: asked(week, at),
          unitPricePer: 1_000,
          totalCents: 0,
          feeCents: 0,
          tender: "cash" as const,
          idempotencyKey: `${slug} ${day}`,
          soldAt: new Date(`${day}T14:00:00Z`),
        })),
      );
      const changes = saturdays.flatMap((day, week) =>
        week > 0 && asked(week, at) !== asked(week - 1, at)
          ? [
              {
                variantId: ids.variantId,
                oldPriceCents: asked(week - 1, at),
                newPriceCents: asked(week, at),
                changedAt: new Date(Date.parse(`${day}T00:00:00Z`) - days(5)),
              },
            ]
          : [],
      );
      await test.db.insert(priceChanges).values(changes);
      await test.db
        .update(variants)
        .set({ unitPriceCents: asked(59, at) })
        .where(eq(variants.id, ids.variantId));
    }
  }
});
