import { describeOnEveryDatabase } from "@almanac/db/testing";
import { demandForecasts, liveMessages, stockEntries } from "@almanac/db/schema";
import { createInProcessBus, type Fact } from "@almanac/events";
import {
  addCalendarDays,
  atMarketTime,
  hours,
  isAppError,
  minutes,
  seconds,
  type CalendarDay,
  type ShiftedClock,
} from "@almanac/kernel";
import { openStall, stall, stallClock, testContext, userIdOf } from "@almanac/orders/testing";
import { sellAtStall, undoStallSale } from "@almanac/stall";
import { createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { isSellOutNews } from "./core/sell-out-alert.ts";
import { nowcastUpdates, type NowcastUpdates } from "./nowcast-updates.ts";
import { planningRoutes } from "./router.ts";
import { readGoneSince } from "./store/day-facts.ts";
import { readSales } from "./store/demand.ts";
import type { StoredForecast } from "./store/forecasts.ts";

const zone = "America/New_York";
const farmId = stall.farmId("hollow-oak");
const tomato = stall.productId("tomato");
const saturday: CalendarDay = "2025-08-16";

describe("the news that a product may sell out", () => {
  const closesAt = 10 * 3_600_000;
  const news = { sellOutChance: 0.7, sellsOutAt: 8 * 3_600_000, closesAt };

  it("is told once, and again when it is half an hour worse", () => {
    expect(isSellOutNews(news, undefined)).toBe(true);
    expect(isSellOutNews(news, { sellsOutAt: news.sellsOutAt })).toBe(false);
    expect(isSellOutNews(news, { sellsOutAt: news.sellsOutAt + 29 * 60_000 })).toBe(false);
    expect(isSellOutNews(news, { sellsOutAt: news.sellsOutAt + 30 * 60_000 })).toBe(true);
  });

  it("is not told of what is unlikely, nor of the last minutes", () => {
    expect(isSellOutNews({ ...news, sellOutChance: 0.49 }, undefined)).toBe(false);
    expect(isSellOutNews({ ...news, sellsOutAt: closesAt - 60_000 }, undefined)).toBe(false);
    expect(isSellOutNews({ sellOutChance: 0.9, closesAt }, undefined)).toBe(false);
  });
});

describeOnEveryDatabase("a market day while it runs", (test) => {
  let clock: ShiftedClock;
  const bus = createInProcessBus({ log: silentLogger });
  const goTo = (hour: number, minute = 0) =>
    clock.advance(atMarketTime(saturday, hour, minute, zone).getTime() - clock.now().getTime());
  const as = (slug: "hollow-oak" | "fern-bank") =>
    createCallerFactory(router(planningRoutes()))(
      testContext(test.handle, clock, {
        kind: "user",
        userId: userIdOf(slug),
        farmIds: [stall.farmId(slug)],
      }),
    ).planning;
  const ofTomato = async () => {
    const found = await as("hollow-oak").nowcast({ farmId });
    return found?.products.find(({ productId }) => productId === tomato);
  };
  let sales = 0;
  const sell = (quantityBase: number) =>
    sellAtStall(
      { handle: test.handle, clock },
      {
        farmId,
        marketId: stall.marketId,
        variantId: stall.variantId("tomato"),
        quantityBase,
        tender: "cash",
        idempotencyKey: `till-key-${++sales}`,
      },
    );
  let updates: NowcastUpdates;
  /** What waits for later, and how long. */
  let waiting: { afterMs: number; action: () => void }[];
  const tell = async (marketDay: CalendarDay = saturday) => {
    const payload = { farmId, marketId: stall.marketId, marketDay, productId: tomato };
    const fact: Fact = { topic: "stall.changed", payload };
    const committed: (() => unknown)[] = [];
    await test.handle.transaction((tx) =>
      updates.consumer.handle(fact, {
        tx,
        seq: 1,
        traceId: "test",
        afterCommit: (action) => committed.push(action),
        count: () => undefined,
      }),
    );
    for (const action of committed) await action();
    await updates.idle();
  };
  const told = (type: string) =>
    test.db.select().from(liveMessages).where(eq(liveMessages.type, type)).orderBy(asc(liveMessages.seq));
  const forecast = (marketDay: CalendarDay): StoredForecast => ({
    farmId,
    productId: tomato,
    marketId: stall.marketId,
    marketDay,
    modelVersion: "1",
    priceCents: null,
    isCurrent: true,
    p10: 14_000,
    p50: 20_000,
    p90: 27_000,
    model: "naive",
    demandClass: "regular",
    daysLearned: 40,
    pastError: 1,
    pastVolume: 10,
    pastDays: 8,
    pastBias: 0,
    drivers: [],
    fingerprint: "",
    madeAt: clock.now(),
  });

  beforeEach(async () => {
    clock = stallClock();
    await openStall(test.db, { stockBase: { tomato: 21_000 } });
    await test.db.insert(demandForecasts).values(forecast(saturday));
    goTo(8);
    waiting = [];
    updates = nowcastUpdates({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      later(afterMs, action) {
        const one = { afterMs, action };
        waiting.push(one);
        return () => (waiting = waiting.filter((other) => other !== one));
      },
    });
  });

  it("expects what was forecast before the first sale", async () => {
    const product = await ofTomato();
    expect(product).toMatchObject({ soldBase: 0, leftBase: 21_000, morning: { p50: 20_000 } });
    expect(Math.abs(product!.now.p50 - 20_000)).toBeLessThan(1_500);
  });

  it("expects more when 60 % of the P50 is sold by ten, tells it live and warns when it may sell out, once", async () => {
    goTo(10);
    for (let n = 0; n < 16; n++) await sell(750);
    await tell();
    const product = await ofTomato();
    expect(product!.soldBase).toBe(12_000);
    expect(product!.now.p50).toBeGreaterThan(20_000);
    expect(product!.sellOutChance).toBeGreaterThanOrEqual(0.5);
    const [update] = await told("NOWCAST_UPDATE");
    expect(update).toMatchObject({ topic: `farm:${farmId}:sales`, payload: { soldBase: 12_000 } });
    const alerts = await told("INVENTORY_ALERT");
    expect(alerts).toHaveLength(1);
    expect((alerts[0]!.payload as { text: string }).text).toMatch(
      /^Heirloom tomato may sell out at 1[0-2]:[0-5]0\.$/,
    );
    clock.advance(seconds(3));
    await tell();
    expect(await told("INVENTORY_ALERT")).toHaveLength(1);
  });

  it("tells the first of many sales at once, and what they came to together three seconds after it", async () => {
    goTo(10);
    await sell(750);
    await tell();
    expect((await told("NOWCAST_UPDATE")).map(({ payload }) => payload["soldBase"])).toEqual([750]);
    for (let n = 0; n < 5; n++) {
      clock.advance(500);
      await sell(750);
      await tell();
    }
    expect(await told("NOWCAST_UPDATE")).toHaveLength(1);
    expect(waiting.map(({ afterMs }) => afterMs)).toEqual([2_500]);
    clock.advance(500);
    waiting[0]!.action();
    await updates.idle();
    expect((await told("NOWCAST_UPDATE")).map(({ payload }) => payload["soldBase"])).toEqual([750, 4_500]);
  });

  it("calls off what waits when the process ends", async () => {
    goTo(10);
    await tell();
    await tell();
    expect(waiting).toHaveLength(1);
    updates.stop();
    expect(waiting).toEqual([]);
  });

  it("ends at what was sold, and a fact of another day changes nothing", async () => {
    goTo(9);
    await sell(5_000);
    goTo(13);
    expect((await ofTomato())!.now).toEqual({ p10: 5_000, p50: 5_000, p90: 5_000 });
    await tell(addCalendarDays(saturday, -7));
    expect(await told("NOWCAST_UPDATE")).toEqual([]);
  });

  it("knows that more was wanted where it sold out early, also in the demand that is learned from", async () => {
    goTo(9, 30);
    for (let n = 0; n < 28; n++) await sell(750);
    goTo(13);
    const product = await ofTomato();
    expect(product).toMatchObject({ leftBase: 0, sellOutChance: 1 });
    expect(product!.now.p50).toBeGreaterThan(25_000);
    const since = atMarketTime("2025-08-01", 0, 0, zone);
    expect(await readSales(test.db, { since, now: clock.now(), farmId })).toEqual([
      {
        productId: tomato,
        marketId: stall.marketId,
        day: saturday,
        soldBase: 21_000,
        walkedBase: 21_000,
        soldOut: true,
      },
    ]);
  });

  describe("as its stock ledger tells it", () => {
    beforeEach(() => test.db.update(stockEntries).set({ at: new Date(clock.now().getTime() - hours(12)) }));

    const soldOut = async () => {
      const since = atMarketTime("2025-08-01", 0, 0, zone);
      const [day] = await readSales(test.db, { since, now: clock.now(), farmId });
      const gone = await readGoneSince(test.db, { marketId: stall.marketId, day: saturday }, [tomato]);
      expect(gone.has(tomato)).toBe(day!.soldOut);
      return day!.soldOut;
    };
    const count = (deltaBase: number) =>
      test.db
        .insert(stockEntries)
        .values({ productId: tomato, deltaBase, reason: "recount", at: clock.now() });

    it("is not sold out by a sale that was taken back, whenever that was", async () => {
      goTo(9);
      const { saleId } = await sell(21_000);
      expect(await soldOut()).toBe(true);
      clock.advance(minutes(90));
      await undoStallSale({ handle: test.handle, clock }, { farmId, saleId });
      await sell(14_000);
      expect(await soldOut()).toBe(false);
      await sell(7_000);
      expect(await soldOut()).toBe(true);
    });

    it("is not sold out by a wrong count that was soon put right, and is by one that stood", async () => {
      goTo(9);
      await sell(1_000);
      clock.advance(minutes(1));
      await count(-20_000);
      // Counted once more, as wrongly.
      clock.advance(minutes(10));
      await count(0);
      clock.advance(minutes(10));
      await count(20_000);
      expect(await soldOut()).toBe(false);
      await count(-20_000);
      clock.advance(minutes(20));
      await count(0);
      clock.advance(minutes(20));
      await count(20_000);
      expect(await soldOut()).toBe(true);
    });
  });

  it("is nothing on a day without market, and not there for another farm", async () => {
    clock = stallClock();
    expect(await as("hollow-oak").nowcast({ farmId })).toBeNull();
    const refused = await as("fern-bank")
      .nowcast({ farmId })
      .catch((error: { cause?: unknown }) => error.cause);
    expect(isAppError(refused) && refused.code).toBe("farm_not_found");
  });
});
