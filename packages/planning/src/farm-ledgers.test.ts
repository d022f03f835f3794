import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import type { Queryable } from "@almanac/db";
import { markets, orderLines, orders, orderWindows, stallSales, stockEntries } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { days, hours, newId, type CalendarDay, type OrderWindowId, type StallSaleId } from "@almanac/kernel";
import { createNotedChanges } from "@almanac/signals";
import { writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, router } from "@almanac/trpc";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { expectedDemand, type ForecastDay } from "./expected-demand.ts";
import { rememberSales } from "./farm-ledgers.ts";
import { forecastDemand } from "./forecasting.ts";
import { readPastDemand } from "./past-demand.ts";
import { planningRoutes } from "./router.ts";
import { listAbsences } from "./store/absences.ts";
import { listPlannedProducts, readSales } from "./store/demand.ts";

const clock = { now: () => testNow };
const [tomato, bean] = [productIdOf("heirloom-tomato"), productIdOf("runner-bean")];
const farmId = farmIdOf("hollow-oak");
const marketId = marketIdOf("riverside");
const ago = (ms: number) => new Date(testNow.getTime() - ms);
const since = ago(days(200));
const weeks = 8;

describeOnEveryDatabase("what is remembered of sales", (test) => {
  /** A window that closed so many days ago, or closes in so many; its market day is two days after. */
  async function window(closedDaysAgo: number): Promise<OrderWindowId> {
    const id = newId<OrderWindowId>();
    const closesAt = ago(days(closedDaysAgo));
    const [opensAt, marketDay] = [new Date(closesAt.getTime() - days(6)), dayOf(closedDaysAgo)];
    await test.db.insert(orderWindows).values({ id, marketId, marketDay, opensAt, closesAt });
    return id;
  }
  const dayOf = (closedDaysAgo: number) =>
    ago(days(closedDaysAgo - 2))
      .toISOString()
      .slice(0, 10) as CalendarDay;

  async function order(orderWindowId: OrderWindowId, placedAt: Date) {
    const about = { shopperId: shopperIdOf("maya"), marketId, productIds: [tomato, bean], placedAt };
    const id = await writeOrder(test.db, about);
    await test.db.update(orders).set({ orderWindowId }).where(eq(orders.id, id));
    return id;
  }

  const entry = (deltaBase: number, at: Date) =>
    test.db.insert(stockEntries).values({ productId: tomato, deltaBase, reason: "recount", at });

  const sell = (soldAt: Date) =>
    test.db.insert(stallSales).values({
      id: newId<StallSaleId>(),
      farmId,
      marketId,
      marketDay: dayOf(3),
      productId: bean,
      variantId: variantIdOf("runner-bean"),
      quantityBase: 400,
      unitPriceCents: 1,
      unitPricePer: 1,
      totalCents: 400,
      feeCents: 0,
      tender: "cash",
      idempotencyKey: newId(),
      soldAt,
    });

  let openWindow: OrderWindowId;

  /** All that follows from sales, of a day that is to come. */
  async function known(db: Queryable, now: Date = testNow) {
    const products = await listPlannedProducts(db, farmId);
    const forecasts = [tomato, bean].map((productId): ForecastDay => ({
      productId,
      marketId,
      marketDay: dayOf(-2),
      p10: 1,
      p50: 2_000,
      p90: 9_000,
    }));
    const expected = await expectedDemand(db, farmId, forecasts, now);
    const past = await readPastDemand(db, { since, now, farmId, products });
    return { expected, ...past, sales: inOrder(past.sales) };
  }
  const inOrder = <Sale extends { productId: string; day: string }>(sales: readonly Sale[]) =>
    sales.toSorted((a, b) => (`${a.productId} ${a.day}` < `${b.productId} ${b.day}` ? -1 : 1));
  /** The same by a transaction, which reads everything. */
  const readAnew = (now?: Date) => test.handle.transaction((tx) => known(tx, now));

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    await buildProduct(test.db, { slug: "runner-bean" });
    await buildPerson(test.db, "maya");
    for (let week = weeks; week >= 1; week--) {
      const id = await window(7 * week - 4);
      for (let n = 0; n < 2 + (week % 3); n++) await order(id, ago(days(7 * week - 4) + hours(20 * n)));
    }
    openWindow = await window(-2);
    await window(-9);
    await entry(5_000, ago(days(190)));
    await entry(-5_000, ago(days(33)));
    await entry(5_000, ago(days(19)));
    rememberSales(test.db, createNotedChanges(test.handle));
  });
  afterEach(() => void vi.restoreAllMocks());

  it("is what is read anew, after whatever changes it", async () => {
    const { db } = test;
    const orderId = await order(openWindow, ago(hours(30)));
    const later = new Date(testNow.getTime() + hours(1));
    const onDay = (closedDaysAgo: number) => eq(orderWindows.marketDay, dayOf(closedDaysAgo));
    const steps: readonly (readonly [isSeen: boolean, change: () => PromiseLike<unknown>])[] = [
      [true, () => order(openWindow, ago(hours(2)))],
      [true, () => db.update(orders).set({ status: "cancelled" }).where(eq(orders.id, orderId))],
      [true, () => db.update(orderLines).set({ weighedBase: 777 })],
      [true, () => db.update(orderLines).set({ quantityBase: 1_234 })],
      [true, () => db.update(orders).set({ placedAt: later }).where(eq(orders.orderWindowId, openWindow))],
      [true, () => sell(ago(days(1)))],
      [true, () => db.update(stallSales).set({ undoneAt: testNow })],
      [true, () => entry(-5_000, ago(days(5)))],
      [true, () => entry(9_000, ago(days(1)))],
      [false, () => db.update(markets).set({ closesAt: "23:00" })],
      [
        true,
        () =>
          db
            .update(orderWindows)
            .set({ closesAt: ago(days(4)) })
            .where(onDay(3)),
      ],
      [true, () => db.update(orderWindows).set({ isCancelled: true }).where(onDay(10))],
      [true, () => db.delete(orderLines).where(eq(orderLines.productId, bean))],
      [true, () => db.delete(stockEntries).where(eq(stockEntries.deltaBase, -5_000))],
      [true, () => db.execute(sql`truncate stock_entries`)],
    ];
    let before = await known(db);
    for (const [at, [isSeen, change]] of steps.entries()) {
      await change();
      const now = await known(db);
      const words = `${at} ${String(change)}`;
      expect(now, words).toEqual(await readAnew());
      if (isSeen) expect(now, words).not.toEqual(before);
      before = now;
    }
  });

  it("is of the time of asking, also when nothing has changed but that", async () => {
    await order(openWindow, ago(hours(2)));
    await known(test.db);
    const moments = [days(-40), days(-6), hours(-1), hours(1), days(3), days(30)];
    for (const ms of moments) {
      const now = new Date(testNow.getTime() + ms);
      expect(await known(test.db, now), String(ms)).toEqual(await readAnew(now));
    }
  });

  it("tells the same sales and absences as one statement about all farms", async () => {
    const { sales, absences } = await known(test.db);
    expect(sales.length).toBe(2 * weeks);
    expect(sales).toMatchObject(inOrder(await readSales(test.db, { since, now: testNow })));
    expect(await listAbsences(test.db, { since, now: testNow })).toEqual(absences);
  });

  it("is not seen by a transaction, whose own changes are told of once it is committed", async () => {
    const before = await known(test.db);
    await test.handle.transaction(async (tx) => {
      await tx.delete(orderLines).where(eq(orderLines.productId, bean));
      expect((await known(tx)).sales.length).toBe(weeks);
    });
    expect(before.sales.length).toBe(2 * weeks);
    expect((await known(test.db)).sales.length).toBe(weeks);
  });

  it("is not read from the database again while nothing changes, and then of what has changed alone", async () => {
    await forecastDemand({ handle: test.handle, clock, threads: 0 });
    const farmer = callerNamed("tomas", { farmIds: [farmId] });
    const { planning } = createCallerFactory(router(planningRoutes()))(
      aRequestContext(test.handle, { clock, caller: farmer }),
    );
    const pages = [
      () => planning.forecasts({ farmId }),
      () => planning.forecast({ farmId, productId: tomato }),
      () => planning.history({ farmId, productId: tomato }),
    ];
    for (const page of pages) await page();
    const asked = vi.spyOn(test.handle.client, "query");
    const statements = () => asked.mock.calls.map(([text]) => text);
    const dear = () => statements().filter((text) => /order_lines|stock_entries|stall_sales/.test(text));
    for (const page of pages) {
      asked.mockClear();
      await page();
      expect(dear(), String(page)).toEqual([]);
      expect(statements().length, String(page)).toBeLessThanOrEqual(9);
    }
    await entry(1, testNow);
    asked.mockClear();
    for (const page of pages) await page();
    // Sales, presence and lines of the one product, once for all of the pages.
    expect(dear().length).toBe(3);
    const named = asked.mock.calls
      .filter(([text]) => dear().includes(text))
      .flatMap(([, values]) => values ?? []);
    expect(named).toContain(tomato);
    expect(named).not.toContain(bean);
  });
});
