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
  buildPerson,
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  demandForecasts,
  marketFarms,
  orderLines,
  orders,
  orderWindows,
  products,
  stallSales,
  stockEntries,
  variants,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import type { WeatherSource } from "@almanac/forecasting";
import {
  atMarketTime,
  days,
  hours,
  newId,
  type CalendarDay,
  type MarketId,
  type OrderWindowId,
  type StallSaleId,
} from "@almanac/kernel";
import { writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq, gt, lt, type SQL } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { comingForecasts } from "./coming-demand.ts";
import { forecastChanged, forecastDemand } from "./forecasting.ts";
import { planningRoutes } from "./router.ts";
import { listAbsences } from "./store/absences.ts";
import { readSales } from "./store/demand.ts";

const clock = { now: () => testNow };
const tomato = productIdOf("heirloom-tomato");
const hollowOak = farmIdOf("hollow-oak");
const riverside = marketIdOf("riverside");
const ago = (ms: number) => new Date(testNow.getTime() - ms);
const weeks = 12;

it("declares a right for every procedure", () => {
  expect([...declaredRights(router(planningRoutes())).keys()]).toEqual([
    "planning.forecasts",
    "planning.forecast",
    "planning.history",
    "planning.nowcast",
    "planning.unusual",
    "planning.answerUnusual",
    "planning.refresh",
  ]);
});

describeOnEveryDatabase("forecasts of demand", (test) => {
  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(planningRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).planning;

  /** A window that closed so many days ago, or closes in so many; its market day is two days after. */
  async function window(closedDaysAgo: number, marketId = riverside): Promise<OrderWindowId> {
    const id = newId<OrderWindowId>();
    const closesAt = ago(days(closedDaysAgo));
    await test.db.insert(orderWindows).values({
      id,
      marketId,
      marketDay: new Date(closesAt.getTime() + days(2)).toISOString().slice(0, 10),
      opensAt: new Date(closesAt.getTime() - days(6)),
      closesAt,
    });
    return id;
  }

  async function order(windowId: OrderWindowId, placedAt: Date, marketId = riverside): Promise<void> {
    const id = await writeOrder(test.db, {
      shopperId: shopperIdOf("maya"),
      marketId,
      productIds: [tomato],
      placedAt,
    });
    await test.db.update(orders).set({ orderWindowId: windowId }).where(eq(orders.id, id));
  }

  const fill = async (): Promise<void> => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    await buildPerson(test.db, "maya");
    await test.db.update(products).set({ listedAt: ago(days(400)) });
    for (let week = weeks; week >= 1; week--) {
      const id = await window(7 * week - 4);
      for (let n = 0; n < 2 + (week % 2); n++) await order(id, ago(days(7 * week - 3)));
    }
    await window(-2);
    await window(-9);
  };
  beforeEach(() => test.fill("twelve weeks of orders", fill));

  it("are made for the next two market days, with bounds in order and the reasons", async () => {
    expect(await forecastDemand({ handle: test.handle, clock, threads: 0 })).toEqual({
      forecasts: 2,
      products: 1,
    });
    const { forecasts, accuracy } = await as("tomas", ["hollow-oak"]).forecasts({ farmId: hollowOak });
    expect(forecasts).toHaveLength(2);
    for (const { p10, p50, p90, type, model } of forecasts) {
      expect(type).toBe("ensemble");
      expect(model.split("+").length).toBeGreaterThan(1);
      expect(p10).toBeLessThanOrEqual(p50);
      expect(p50).toBeLessThanOrEqual(p90);
      expect(p10).toBeGreaterThanOrEqual(0);
    }
    expect(accuracy).toBeGreaterThan(0.5);
    const one = await as("tomas", ["hollow-oak"]).forecast({ farmId: hollowOak, productId: tomato });
    expect(one.forecasts[0]!.drivers[0]!.text).toMatch(/^The last 4 market days: /);
    expect(one.forecasts[0]!.factors).toMatchObject({
      weather: "unavailable",
      events: expect.stringMatching(/^Events: /) as string,
      season: expect.stringMatching(/^Season: /) as string,
    });
    expect(one.judged).toMatchObject({ days: 8, demandClass: "regular" });
    expect(one.reason).toBeNull();
    expect(one.history).toHaveLength(weeks);
  });

  it("are never below what is ordered already, and the same when they are made again", async () => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const before = (await as("tomas", ["hollow-oak"]).forecasts({ farmId: hollowOak })).forecasts;
    const open = await window(-3);
    await test.db.delete(orderWindows).where(eq(orderWindows.id, open));
    const [next] = await test.db
      .select()
      .from(orderWindows)
      .where(eq(orderWindows.marketDay, before[0]!.marketDay));
    for (let n = 0; n < 20; n++) await order(next!.id, ago(hours(1)));
    await as("tomas", ["hollow-oak"]).refresh({ farmId: hollowOak });
    const after = (await as("tomas", ["hollow-oak"]).forecasts({ farmId: hollowOak })).forecasts;
    expect(after[0]!.orderedBase).toBeGreaterThan(before[0]!.p90);
    expect(after[0]!.p10).toBe(after[0]!.orderedBase);
    expect(after[1]).toEqual(before[1]);
  });

  it("stay open above what is ordered where earlier days tell how orders come in", async () => {
    const windows = await test.db.select().from(orderWindows);
    // Four days before each closing two more had ordered; the test's own orders came a day before.
    for (const { id, closesAt } of windows.filter(({ closesAt }) => closesAt < testNow))
      for (let n = 0; n < 2; n++) await order(id, new Date(closesAt.getTime() - days(4)));
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const tomas = as("tomas", ["hollow-oak"]);
    const empty = (await tomas.forecasts({ farmId: hollowOak })).forecasts[0]!;
    expect(empty.usuallyOrdered).toBeGreaterThan(0.3);
    expect(empty.usuallyOrdered).toBeLessThan(0.6);
    const next = windows.find(({ marketDay }) => marketDay === empty.marketDay)!;
    for (let n = 0; n < 12; n++) await order(next.id, ago(hours(1)));
    const full = (await tomas.forecasts({ farmId: hollowOak })).forecasts[0]!;
    expect(full.orderedBase).toBeGreaterThan(empty.p90);
    expect(full.p10).toBeGreaterThan(full.orderedBase);
    expect(full.p50).toBeGreaterThan(full.p10);
    expect(full.p90).toBeGreaterThan(full.p50);
  });

  it("of the day that has come leave room for walk-ins as its order book tells, and its nowcast begins there", async () => {
    const windows = await test.db.select().from(orderWindows);
    const [line] = await test.db.select().from(orderLines).limit(1);
    const lineBase = line!.quantityBase;
    const sale = {
      farmId: hollowOak,
      marketId: riverside,
      productId: tomato,
      variantId: line!.variantId,
      quantityBase: 4 * lineBase,
      unitPriceCents: 100,
      unitPricePer: lineBase,
      totalCents: 400,
      feeCents: 20,
      tender: "cash" as const,
    };
    // Two or three had ordered, and walk-ins bought four more.
    await test.db.insert(stallSales).values(
      windows
        .filter(({ closesAt }) => closesAt < testNow)
        .map(({ id, marketDay, closesAt }) => ({
          ...sale,
          id: newId<StallSaleId>(),
          marketDay,
          idempotencyKey: id,
          soldAt: new Date(closesAt.getTime() + days(2)),
        })),
    );
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const [next] = windows
      .filter(({ closesAt }) => closesAt > testNow)
      .sort((one, other) => (one.marketDay < other.marketDay ? -1 : 1));
    for (let n = 0; n < 6; n++) await order(next!.id, ago(hours(1)));
    const beforeOpening = atMarketTime(next!.marketDay as CalendarDay, 6, 0, "America/New_York");
    const tomas = createCallerFactory(router(planningRoutes()))(
      aRequestContext(test.handle, {
        clock: { now: () => beforeOpening },
        caller: callerNamed("tomas", { farmIds: [hollowOak] }),
      }),
    ).planning;
    const [expected] = (await tomas.forecasts({ farmId: hollowOak })).forecasts;
    const found = await tomas.nowcast({ farmId: hollowOak });
    const product = found!.products.find(({ productId }) => productId === tomato)!;
    const { p50, orderedBase } = expected!;
    for (const pick of ["p10", "p50", "p90"] as const)
      expect(product.morning![pick]).toBeCloseTo(expected![pick], 6);
    expect(orderedBase).toBe(6 * lineBase);
    expect(p50).toBeGreaterThan(8 * lineBase);
    expect(product.now.p50).toBeGreaterThan(8 * lineBase);
  });

  it("are made again each hour only for products with new facts, and come out as in the night", async () => {
    const hourly = () => forecastChanged({ handle: test.handle, clock, threads: 0 });
    const bean = await buildProduct(test.db, { slug: "runner-bean" });
    await test.db.update(products).set({ listedAt: ago(days(400)) });
    const [window3] = await test.db
      .select()
      .from(orderWindows)
      .where(eq(orderWindows.closesAt, ago(days(7 * 3 - 4))));
    const beans = await writeOrder(test.db, {
      shopperId: shopperIdOf("maya"),
      marketId: riverside,
      productIds: [bean],
      placedAt: ago(days(7 * 3 - 3)),
    });
    await test.db.update(orders).set({ orderWindowId: window3!.id }).where(eq(orders.id, beans));
    expect(await hourly()).toMatchObject({ products: 2, unchanged: 0, forecasts: 4 });
    expect(await hourly()).toMatchObject({ products: 0, unchanged: 2, forecasts: 0 });

    await order(window3!.id, ago(days(7 * 3 - 3)));
    expect(await hourly()).toMatchObject({ products: 1, unchanged: 1, forecasts: 2 });
    const { forecasts } = await as("tomas", ["hollow-oak"]).forecasts({ farmId: hollowOak });
    expect(forecasts).toHaveLength(4);

    await test.db.update(orders).set({ status: "cancelled" }).where(eq(orders.id, beans));
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    expect((await hourly()).products).toBe(0);
  });

  const gone: [string, () => Promise<unknown>][] = [
    [
      "market days are cancelled",
      () => test.db.update(orderWindows).set({ isCancelled: true }).where(gt(orderWindows.closesAt, testNow)),
    ],
    ["the farm has left the market", () => test.db.delete(marketFarms)],
    ["the product is archived", () => test.db.update(products).set({ status: "archived" })],
  ];
  it.each(gone)("are not told where %s, and hold no more after the next hour's run", async (_what, end) => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const tomas = as("tomas", ["hollow-oak"]);
    expect((await tomas.forecasts({ farmId: hollowOak })).forecasts).toHaveLength(2);
    await end();
    expect((await tomas.forecasts({ farmId: hollowOak })).forecasts).toEqual([]);
    await test.db.update(demandForecasts).set({ isCurrent: true });
    await forecastChanged({ handle: test.handle, clock, threads: 0 });
    const held = await test.db.select().from(demandForecasts).where(eq(demandForecasts.isCurrent, true));
    expect(held).toEqual([]);
  });

  it("of one cancelled day go, and of the others stay", async () => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const tomas = as("tomas", ["hollow-oak"]);
    const [next, after] = (await tomas.forecasts({ farmId: hollowOak })).forecasts;
    await test.db
      .update(orderWindows)
      .set({ isCancelled: true })
      .where(eq(orderWindows.marketDay, next!.marketDay));
    const { forecasts } = await tomas.forecasts({ farmId: hollowOak });
    expect(forecasts.map(({ marketDay }) => marketDay)).toEqual([after!.marketDay]);
  });

  it("are made again where the farm has set another price", async () => {
    const hourly = () => forecastChanged({ handle: test.handle, clock, threads: 0 });
    expect((await hourly()).products).toBe(1);
    await test.db.update(variants).set({ unitPriceCents: 333 });
    expect(await hourly()).toMatchObject({ products: 1, unchanged: 0 });
    expect((await hourly()).products).toBe(0);
  });

  it("are one row a product, market, day and version; another version's stay to be compared, and do not hold", async () => {
    const make = () => forecastDemand({ handle: test.handle, clock, threads: 0 });
    await make();
    await make();
    const rows = await test.db.select().from(demandForecasts);
    expect(rows).toHaveLength(2);
    await test.db.update(demandForecasts).set({ modelVersion: "0" });
    await make();
    const all = await test.db.select().from(demandForecasts);
    expect(
      all
        .map(({ modelVersion, isCurrent }) => `${modelVersion} ${isCurrent}`)
        .sort((a, b) => a.localeCompare(b)),
    ).toEqual(["0 false", "0 false", `${rows[0]!.modelVersion} true`, `${rows[0]!.modelVersion} true`]);
    const tomas = as("tomas", ["hollow-oak"]);
    expect((await tomas.forecasts({ farmId: hollowOak })).forecasts).toHaveLength(2);
  });

  it("of days that are over can be looked back on, by version, beside what was asked for", async () => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const later = { now: () => new Date(testNow.getTime() + days(6)) };
    await forecastDemand({ handle: test.handle, clock: later, threads: 0 });
    const caller = (farms: readonly string[]) =>
      createCallerFactory(router(planningRoutes()))(
        aRequestContext(test.handle, {
          clock: later,
          caller: callerNamed("tomas", { farmIds: farms.map(farmIdOf) }),
        }),
      ).planning;
    const [past, ...others] = await caller(["hollow-oak"]).history({ farmId: hollowOak, productId: tomato });
    expect(others).toEqual([]);
    expect(past).toMatchObject({ soldBase: 0, soldOut: false, madeAt: testNow.toISOString() });
    expect(past!.p50).toBeGreaterThan(0);
    await expect(
      caller(["fern-bank"]).history({ farmId: farmIdOf("fern-bank"), productId: tomato }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(past!.isCancelled).toBe(false);
    await test.db
      .update(orderWindows)
      .set({ isCancelled: true })
      .where(eq(orderWindows.marketDay, past!.marketDay));
    const again = await caller(["hollow-oak"]).history({ farmId: hollowOak, productId: tomato });
    expect(again).toEqual([{ ...past, isCancelled: true }]);
  });

  it("tell the weather that is forecast, and that its service did not answer where it did not", async () => {
    const told = async (weather: WeatherSource) => {
      await forecastDemand({ handle: test.handle, clock, threads: 0, weather });
      const { forecasts } = await as("tomas", ["hollow-oak"]).forecast({
        farmId: hollowOak,
        productId: tomato,
      });
      return { text: forecasts[0]!.drivers.at(-1)!.text, factor: forecasts[0]!.factors.weather };
    };
    const wet: WeatherSource = {
      read: async (_, from, to) =>
        Array.from({ length: to - from + 1 }, (_, at) => ({ day: from + at, rainMm: 9, temperatureC: 18 })),
    };
    expect((await told(wet)).factor).toMatch(/^Weather: 18 °C and rain forecast; /);
    const down: WeatherSource = { read: () => Promise.reject(new Error("down")) };
    const failed = await told(down);
    expect(failed.text).toMatch(/^Weather: its service did not answer; usual are /);
    expect(failed.factor).toBe("unavailable");
  });

  it("know a day that was sold out long before ordering closed, and not one that sold out at the end or was soon back", async () => {
    const early = ago(days(7 * 3 - 4) + days(3));
    const late = ago(days(7 * 2 - 4) + hours(2));
    const entry = { productId: tomato, orderLineId: null, note: "" };
    await test.db.delete(stockEntries);
    await test.db.insert(stockEntries).values([
      { ...entry, deltaBase: 10, reason: "harvest", at: ago(days(60)) },
      { ...entry, deltaBase: -10, reason: "recount", at: ago(days(7 * 5 - 4) + days(3)) },
      { ...entry, deltaBase: 10, reason: "recount", at: ago(days(7 * 5 - 4) + days(3) - hours(11)) },
      { ...entry, deltaBase: -10, reason: "waste", at: early },
      { ...entry, deltaBase: 10, reason: "harvest", at: new Date(early.getTime() + days(4)) },
      { ...entry, deltaBase: -10, reason: "waste", at: late },
    ]);
    const sales = await readSales(test.db, { since: ago(days(200)), now: testNow });
    const out = sales.filter(({ soldOut }) => soldOut).map(({ day }) => day);
    expect(out).toEqual([new Date(testNow.getTime() - days(7 * 3 - 4) + days(2)).toISOString().slice(0, 10)]);
  });

  it("know a market day with nothing to sell from one on which nobody wanted any", async () => {
    const nobody = (week: number) =>
      test.db
        .update(orders)
        .set({ status: "cancelled" })
        .where(eq(orders.placedAt, ago(days(7 * week - 3))));
    await nobody(6);
    await nobody(5);
    const entry = { productId: tomato, orderLineId: null, note: "" };
    await test.db.delete(stockEntries);
    await test.db.insert(stockEntries).values([
      { ...entry, deltaBase: 10, reason: "harvest", at: ago(days(200)) },
      { ...entry, deltaBase: -10, reason: "waste", at: ago(days(41)) },
      { ...entry, deltaBase: 10, reason: "harvest", at: ago(days(35)) },
    ]);
    const { history } = await as("tomas", ["hollow-oak"]).forecast({ farmId: hollowOak, productId: tomato });
    const soldOf = (week: number) =>
      history.find(
        ({ day }) =>
          day ===
          ago(days(7 * week - 6))
            .toISOString()
            .slice(0, 10),
      )!.soldBase;
    expect([7, 6, 5].map(soldOf)).toEqual([soldOf(9), null, 0]);
  });

  it("were not without anything to sell where the sale that took the last was taken back", async () => {
    await test.db
      .update(orders)
      .set({ status: "cancelled" })
      .where(eq(orders.placedAt, ago(days(7 * 5 - 3))));
    const closedAt = ago(days(7 * 5 - 4));
    const soldAt = new Date(closedAt.getTime() - hours(20));
    const undoneAt = new Date(closedAt.getTime() + hours(2));
    const id = newId<StallSaleId>();
    await test.db.insert(stallSales).values({
      id,
      farmId: hollowOak,
      marketId: riverside,
      productId: tomato,
      variantId: variantIdOf("heirloom-tomato"),
      quantityBase: 10,
      unitPriceCents: 490,
      unitPricePer: 1_000,
      totalCents: 5,
      feeCents: 0,
      tender: "cash",
      marketDay: soldAt.toISOString().slice(0, 10),
      idempotencyKey: "till-1",
      soldAt,
      undoneAt,
    });
    const entry = { productId: tomato, orderLineId: null, note: "" };
    await test.db.delete(stockEntries);
    await test.db.insert(stockEntries).values([
      { ...entry, deltaBase: 10, reason: "harvest", at: ago(days(200)) },
      { ...entry, deltaBase: -10, reason: "stall_sale", at: soldAt, idempotencyKey: `stall:${id}` },
      { ...entry, deltaBase: 10, reason: "return", at: undoneAt, idempotencyKey: `stall:${id}:undo` },
      { ...entry, deltaBase: -10, reason: "waste", at: ago(days(8)) },
    ]);
    const question = { since: ago(days(60)), farmId: hollowOak };
    const spans = async (now: Date) => (await listAbsences(test.db, { ...question, now })).get(tomato);
    const before = { from: -Infinity, until: ago(days(200)).getTime() };
    const gone = { from: ago(days(8)).getTime(), until: Infinity };
    expect(await spans(testNow)).toEqual([before, gone]);
    expect(await spans(ago(days(9)))).toEqual([before]);
    await test.db
      .insert(stockEntries)
      .values({ ...entry, deltaBase: 10, reason: "harvest", at: ago(days(2)) });
    expect(await spans(testNow)).toEqual([before, { ...gone, until: ago(days(2)).getTime() }]);
    expect(await spans(ago(days(3)))).toEqual([before, gone]);
    const { history } = await as("tomas", ["hollow-oak"]).forecast({ farmId: hollowOak, productId: tomato });
    const marketDay = new Date(closedAt.getTime() + days(2)).toISOString().slice(0, 10);
    expect(history.find(({ day }) => day === marketDay)!.soldBase).toBe(0);
  });

  it("follow from the same sales whether these are read at once or in parts", async () => {
    const bean = await buildProduct(test.db, { slug: "runner-bean" });
    const question = { since: ago(days(200)), now: testNow };
    const whole = await readSales(test.db, question);
    expect(whole.length).toBe(weeks);
    const parts = await Promise.all(
      [tomato, bean].map((id) => readSales(test.db, { ...question, products: { from: id, to: id } })),
    );
    const inOrder = (sales: typeof whole) => sales.toSorted((one, other) => (one.day < other.day ? -1 : 1));
    expect(inOrder(parts.flat())).toEqual(inOrder(whole));
  });

  it("are made by the first who looks, also by two at once", async () => {
    const tomas = as("tomas", ["hollow-oak"]);
    const both = await Promise.all([1, 2].map(() => tomas.forecasts({ farmId: hollowOak })));
    expect(both.map(({ forecasts }) => forecasts.length)).toEqual([2, 2]);
    await Promise.all([1, 2, 3].map(() => tomas.refresh({ farmId: hollowOak })));
    expect((await tomas.forecasts({ farmId: hollowOak })).forecasts).toHaveLength(2);
  });

  it("are made once for several who ask at once, and not at all where no market day is to come", async () => {
    const stages: string[] = [];
    const deps = { handle: test.handle, clock, threads: 0, onStage: (stage: string) => stages.push(stage) };
    const found = await Promise.all([1, 2, 3].map(() => comingForecasts(deps, hollowOak)));
    expect(found.map((rows) => rows.length)).toEqual([2, 2, 2]);
    expect(stages.filter((stage) => stage === "judge")).toHaveLength(1);
    await test.db.delete(demandForecasts);
    await test.db.delete(orderWindows).where(gt(orderWindows.closesAt, testNow));
    stages.length = 0;
    expect(await comingForecasts(deps, hollowOak)).toEqual([]);
    expect(stages).toEqual([]);
  });

  it("of a farm at two markets are told apart: a product's page is of one of them, by name", async () => {
    const thursday = marketIdOf("thursday");
    await buildMarket(test.db, { slug: "thursday", name: "Thursday Market", weekday: 4 });
    await test.db.insert(marketFarms).values({ marketId: thursday, farmId: hollowOak, stall: "1" });
    // A day after the other market's next day, and three times as much.
    for (let week = weeks; week > 1; week--) {
      const id = await window(7 * week - 10, thursday);
      for (let n = 0; n < 7 + (week % 2); n++) await order(id, ago(days(7 * week - 9)), thursday);
    }
    await window(-3, thursday);
    await window(-10, thursday);
    const tomas = as("tomas", ["hollow-oak"]);
    await tomas.refresh({ farmId: hollowOak });

    const all = (await tomas.forecasts({ farmId: hollowOak })).forecasts;
    expect(all.map(({ marketName }) => marketName).sort()).toEqual([
      "Thursday Market",
      "Thursday Market",
      "riverside",
      "riverside",
    ]);
    const ask = (marketId?: MarketId) =>
      tomas.forecast({ farmId: hollowOak, productId: tomato, ...(marketId && { marketId }) });
    const markets = [
      { id: thursday, name: "Thursday Market" },
      { id: riverside, name: "riverside" },
    ];
    const first = await ask();
    expect(first).toMatchObject({ market: markets[1], markets });
    expect(first).toEqual(await ask(riverside));
    const other = await ask(thursday);
    expect(other).toMatchObject({ market: markets[0], markets });
    for (const { market, forecasts, history, judged } of [first, other]) {
      const own = all.filter(({ marketId }) => marketId === market!.id);
      expect(forecasts.map(({ marketDay, p50 }) => ({ marketDay, p50 }))).toEqual(
        own.map(({ marketDay, p50 }) => ({ marketDay, p50 })),
      );
      const sold = history.map(({ soldBase }) => soldBase!).filter((base) => base > 0);
      const mean = sold.reduce((sum, base) => sum + base, 0) / sold.length;
      for (const { p50 } of forecasts) expect(Math.abs(p50 / mean - 1)).toBeLessThan(0.4);
      expect(Math.abs(judged!.soldBase / mean - 1)).toBeLessThan(0.4);
    }
    expect((await tomas.forecasts({ farmId: hollowOak })).classes.regular.products).toBe(1);

    const rows = await test.db.select().from(demandForecasts);
    const at = (marketId: MarketId) => rows.find((row) => row.marketId === marketId)!;
    const past = (daysAgo: number) => ago(days(daysAgo)).toISOString().slice(0, 10);
    await test.db.insert(demandForecasts).values([
      { ...at(riverside), marketDay: past(4) },
      { ...at(thursday), marketDay: past(6) },
      { ...at(riverside), marketDay: past(11) },
    ]);
    const history = async (marketId?: MarketId) => {
      const question = { farmId: hollowOak, productId: tomato, limit: 2, ...(marketId && { marketId }) };
      return (await tomas.history(question)).map((row) => [row.marketId, row.marketDay]);
    };
    expect(await history(riverside)).toEqual([
      [riverside, past(4)],
      [riverside, past(11)],
    ]);
    expect(await history(thursday)).toEqual([[thursday, past(6)]]);
    expect(await history()).toEqual([
      [riverside, past(4)],
      [thursday, past(6)],
    ]);
  });

  it("have no market to choose where there is one, and none of a market that is not the product's", async () => {
    const tomas = as("tomas", ["hollow-oak"]);
    const { market, markets } = await tomas.forecast({ farmId: hollowOak, productId: tomato });
    expect(market).toEqual({ id: riverside, name: "riverside" });
    expect(markets).toEqual([market]);
    await expect(
      tomas.forecast({ farmId: hollowOak, productId: tomato, marketId: marketIdOf("elsewhere") }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    const bean = await buildProduct(test.db, { slug: "runner-bean" });
    expect(await tomas.forecast({ farmId: hollowOak, productId: bean })).toMatchObject({
      market: null,
      markets: [],
      reason: "never-sold",
    });
  });

  const cancelOrders = (placed: SQL) => test.db.update(orders).set({ status: "cancelled" }).where(placed);
  const cancelComing = () =>
    test.db.update(orderWindows).set({ isCancelled: true }).where(gt(orderWindows.closesAt, testNow));
  const none: [string, string, () => Promise<unknown>][] = [
    ["no-day", "none of the coming market days takes place", cancelComing],
    ["no-stall", "the farm has left the market", () => test.db.delete(marketFarms)],
    [
      "too-new",
      "it was sold on three days since it was listed",
      async () => {
        await cancelOrders(lt(orders.placedAt, ago(days(19))));
        await test.db.update(products).set({ listedAt: ago(days(14)) });
      },
    ],
    [
      "gone",
      "it has not been there for ten market days",
      async () => {
        await cancelOrders(gt(orders.placedAt, ago(days(74))));
        const entry = { productId: tomato, orderLineId: null, note: "" };
        await test.db.delete(stockEntries);
        await test.db.insert(stockEntries).values([
          { ...entry, deltaBase: 10, reason: "harvest", at: ago(days(200)) },
          { ...entry, deltaBase: -10, reason: "waste", at: ago(days(73)) },
        ]);
      },
    ],
    [
      "soon",
      "it was not worked out since",
      async () => {
        const bean = await buildProduct(test.db, { slug: "runner-bean" });
        await forecastDemand({ handle: test.handle, clock, threads: 0 });
        await test.db.update(demandForecasts).set({ productId: bean });
      },
    ],
  ];
  it.each(none)("say why there are none: %s, where %s", async (reason, _where, make) => {
    const tomas = as("tomas", ["hollow-oak"]);
    await make();
    const found = await tomas.forecast({ farmId: hollowOak, productId: tomato });
    expect(found).toMatchObject({ market: { id: riverside }, forecasts: [], reason });
    expect(found.history.length).toBeGreaterThan(0);
  });

  it("are not worked out with every look where no market day takes place, and at once where one does again", async () => {
    const stages: string[] = [];
    const onStage = (stage: string) => stages.push(stage);
    const deps = { handle: test.handle, clock, threads: 0, onStage };
    expect(await comingForecasts(deps, hollowOak)).toHaveLength(2);
    await cancelComing();
    stages.length = 0;
    expect(await comingForecasts(deps, hollowOak)).toEqual([]);
    expect(stages).toEqual([]);
    await window(-4);
    expect(await comingForecasts(deps, hollowOak)).toHaveLength(1);
  });

  it("of another farm are not found, and nothing is forecast for what was never sold", async () => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const fern = as("fern", ["fern-bank"]);
    for (const call of [
      () => fern.forecasts({ farmId: hollowOak }),
      () => fern.forecast({ farmId: hollowOak, productId: tomato }),
      () => fern.refresh({ farmId: hollowOak }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(fern.forecast({ farmId: farmIdOf("fern-bank"), productId: tomato })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await fern.forecasts({ farmId: farmIdOf("fern-bank") })).forecasts).toEqual([]);
  });
});
