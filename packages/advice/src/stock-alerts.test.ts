import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import {
  demandForecasts,
  harvestWindows,
  liveMessages,
  marketFarms,
  orders,
  orderWindows,
  products,
  stockAlerts,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus, createOutboxRelay } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { days, hours, newId, shiftedClock, type OrderWindowId, type ShiftedClock } from "@almanac/kernel";
import { recordStock } from "@almanac/orders";
import { stockProduct, writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { lowStockRoutes } from "./low-stock-routes.ts";
import { farmStockAlerts, tellHeldStockAlerts } from "./workflows/stock-alerts.ts";

const tomato = productIdOf("heirloom-tomato");
const farmId = farmIdOf("hollow-oak");
const bus = createInProcessBus();

describeOnEveryDatabase("alerts of low stock", (test) => {
  let clock: ShiftedClock;
  let records = 0;

  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(lowStockRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).lowStock;
  const tomas = () => as("tomas", ["hollow-oak"]);

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    const market = await buildMarket(test.db);
    await buildOpenWindow(test.db, market);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db, { lowStockBase: 4_000 });
    await season("07-01", "07-20", "09-10", "10-10");
    await stockProduct(test.db, tomato, 10_000);
  });

  async function season(
    firstDay: string,
    peakStart: string,
    peakEnd: string,
    lastDay: string,
  ): Promise<void> {
    await test.db.delete(harvestWindows);
    const id = newId();
    const crop = "tomato";
    await test.db
      .insert(harvestWindows)
      .values({ id, crop, kind: "field", firstDay, peakStart, peakEnd, lastDay });
  }

  async function expectDemand(p50: number, market = "riverside"): Promise<void> {
    await test.db.insert(demandForecasts).values({
      farmId,
      productId: tomato,
      marketId: marketIdOf(market),
      marketDay: "2025-08-16",
      p10: p50 / 2,
      p50,
      p90: 2 * p50,
      model: "test",
      demandClass: "regular",
      daysLearned: 50,
      pastError: 1,
      pastVolume: 10,
      pastDays: 8,
      madeAt: testNow,
    });
  }

  /** Stock moves to this, and whoever listens hears of it. */
  async function countStock(countedBase: number): Promise<void> {
    records += 1;
    await recordStock(
      { handle: test.handle, clock },
      { farmId, productId: tomato, reason: "recount", countedBase, idempotencyKey: `record-${records}` },
    );
    const consumers = [farmStockAlerts({ bus, clock })];
    const relay = createOutboxRelay({ handle: test.handle, bus, clock, log: silentLogger, consumers });
    await relay.drain();
    await relay.stop();
  }

  const told = async () =>
    (await test.db.select().from(liveMessages)).map(({ topic, type, payload }) => ({ topic, type, payload }));

  it("are told live to the farm once a day, however often the mark is crossed", async () => {
    for (let turn = 0; turn < 5; turn++) {
      await countStock(3_000);
      await countStock(10_000);
    }
    await countStock(2_000);
    expect(await told()).toEqual([
      {
        topic: `farm:${farmId}:inventory`,
        type: "INVENTORY_ALERT",
        payload: {
          productId: tomato,
          name: "heirloom-tomato",
          availableBase: 3_000,
          baseUnit: "g",
          priority: "MEDIUM",
        },
      },
    ]);
    clock.advance(days(1));
    await countStock(1_500);
    expect(await told()).toHaveLength(2);
  });

  it("begin earlier at the peak of the season, and stay away out of it", async () => {
    await countStock(5_500);
    expect(await told()).toHaveLength(1);
    await test.db.delete(liveMessages);
    await test.db.delete(stockAlerts);
    await season("10-01", "10-10", "11-01", "11-20");
    await countStock(100);
    await countStock(0);
    expect(await told()).toEqual([]);
  });

  it("are not of what has no mark or is not on sale", async () => {
    await test.db.update(products).set({ lowStockBase: 0 });
    await countStock(0);
    await test.db.update(products).set({ lowStockBase: 4_000, status: "hidden" });
    await countStock(10);
    await countStock(5);
    expect(await told()).toEqual([]);
  });

  it("are told again when all is gone while more is wanted", async () => {
    await expectDemand(3_500);
    await countStock(3_000);
    await countStock(0);
    expect((await told()).map(({ payload }) => (payload as { priority: string }).priority)).toEqual([
      "HIGH",
      "URGENT",
    ]);
    expect((await tomas().list({ farmId })).alerts).toMatchObject([
      {
        productId: tomato,
        priority: "URGENT",
        leftBase: 0,
        expectedBase: 3_500,
        marketDay: "2025-08-16",
        thresholdBase: 6_000,
      },
    ]);
  });

  it("count what all markets of the next day still want, until each is over", async () => {
    await buildMarket(test.db, { slug: "hilltop", closesAt: "16:00" });
    await test.db
      .insert(marketFarms)
      .values({ marketId: marketIdOf("hilltop"), farmId, stall: "1" })
      .onConflictDoNothing();
    await expectDemand(3_500);
    await expectDemand(2_000, "hilltop");
    await countStock(1_000);
    const expectedNow = async () =>
      (await tomas().list({ farmId })).alerts.map(({ expectedBase, marketDay }) => [expectedBase, marketDay]);
    expect(await expectedNow()).toEqual([[5_500, "2025-08-16"]]);
    // Saturday at 14:00 in New York.
    clock.advance(new Date("2025-08-16T18:00:00Z").getTime() - testNow.getTime());
    expect(await expectedNow()).toEqual([[2_000, "2025-08-16"]]);
  });

  it("go by the market day that is to come until it is over, though its orders are closed", async () => {
    await expectDemand(3_500);
    await countStock(1_000);
    const expectedNow = async () =>
      (await tomas().list({ farmId })).alerts.map(({ expectedBase }) => expectedBase);
    // Thursday evening, after ordering closed; Saturday 12:00 in New York; and 14:00, when the market is over.
    clock.advance(new Date("2025-08-15T01:00:00Z").getTime() - testNow.getTime());
    expect(await expectedNow()).toEqual([3_500]);
    clock.advance(hours(39));
    expect(await expectedNow()).toEqual([3_500]);
    clock.advance(hours(2));
    expect(await expectedNow()).toEqual([undefined]);
  });

  it("reckon with what is usually ordered later: an order book that holds the whole forecast already is not full", async () => {
    const [open] = await test.db.select().from(orderWindows);
    await buildPerson(test.db, "maya");
    const order = async (orderWindowId: OrderWindowId, placedAt: Date): Promise<void> => {
      const id = await writeOrder(test.db, {
        shopperId: shopperIdOf("maya"),
        marketId: marketIdOf("riverside"),
        productIds: [tomato],
        placedAt,
      });
      await test.db.update(orders).set({ orderWindowId }).where(eq(orders.id, id));
    };
    // Two of five had ordered by this time of the week.
    for (let week = 1; week <= 6; week++) {
      const id = newId<OrderWindowId>();
      const before = (at: Date): Date => new Date(at.getTime() - days(7 * week));
      await test.db.insert(orderWindows).values({
        id,
        marketId: marketIdOf("riverside"),
        marketDay: before(new Date(`${open!.marketDay}T12:00:00Z`))
          .toISOString()
          .slice(0, 10),
        opensAt: before(open!.opensAt),
        closesAt: before(open!.closesAt),
      });
      for (const later of [-2, -1, 1, 2, 3])
        await order(id, new Date(before(testNow).getTime() + hours(later)));
    }
    for (let n = 0; n < 4; n++) await order(open!.id, new Date(testNow.getTime() - hours(1)));
    await expectDemand(4_000);
    await countStock(0);
    const [alert] = (await tomas().list({ farmId })).alerts;
    expect(alert).toMatchObject({ priority: "URGENT", leftBase: 0 });
    expect(alert!.expectedBase).toBeGreaterThan(1_500);
    expect(alert!.expectedBase).toBeLessThan(6_000);
  });

  it("wait for the end of a market morning unless they are urgent", async () => {
    await expectDemand(3_500);
    // Saturday 08:00 in New York.
    clock.advance(Date.parse("2025-08-16T12:00:00Z") - testNow.getTime());
    await countStock(3_000);
    expect(await told()).toEqual([]);
    expect(await tellHeldStockAlerts({ handle: test.handle, bus, clock })).toBe(0);
    expect((await tomas().list({ farmId })).alerts).toHaveLength(1);
    clock.advance(hours(5));
    const both = await Promise.all(
      [1, 2].map(() => tellHeldStockAlerts({ handle: test.handle, bus, clock })),
    );
    expect(both.toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await told()).toHaveLength(1);
  });

  it("that waited are not told when stock came back in the meantime", async () => {
    clock.advance(Date.parse("2025-08-16T12:00:00Z") - testNow.getTime());
    await countStock(3_000);
    await countStock(10_000);
    clock.advance(hours(5));
    expect(await tellHeldStockAlerts({ handle: test.handle, bus, clock })).toBe(0);
    expect(await told()).toEqual([]);
  });

  it("are silent while the farmer does not want to hear of a product", async () => {
    await tomas().snooze({ farmId, productId: tomato, days: 7 });
    await countStock(0);
    expect(await told()).toEqual([]);
    expect((await tomas().list({ farmId })).snoozed).toMatchObject([{ productId: tomato }]);
    await tomas().snooze({ farmId, productId: tomato, days: 0 });
    await countStock(100);
    await countStock(0);
    expect(await told()).toHaveLength(1);
  });

  it("go when stock is back, and are no business of another farm", async () => {
    await countStock(1_000);
    expect((await tomas().list({ farmId })).alerts).toHaveLength(1);
    await countStock(20_000);
    expect((await tomas().list({ farmId })).alerts).toEqual([]);
    const fern = as("fern", ["fern-bank"]);
    await expect(fern.list({ farmId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(fern.snooze({ farmId, productId: tomato, days: 1 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(
      fern.snooze({ farmId: farmIdOf("fern-bank"), productId: tomato, days: 1 }),
    ).rejects.toMatchObject({ cause: { code: "product_not_found" } });
  });
});
