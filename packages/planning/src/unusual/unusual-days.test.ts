import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  farmIdOf,
  marketIdOf,
  productIdOf,
  testNow,
} from "@almanac/catalog/testing";
import {
  adviceSettings,
  demandForecasts,
  judgedMarketDays,
  liveMessages,
  orderWindows,
  products,
  stallSales,
  stockEntries,
  unusualDays,
  variants,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus, type Bus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { days, hours, newId, type CalendarDay, type OrderWindowId, type StallSaleId } from "@almanac/kernel";
import { createCallerFactory, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { readFacts } from "../read-facts.ts";
import { planningRoutes } from "../router.ts";
import { judgeMarketDays } from "./judge-market-days.ts";

const bus = createInProcessBus();
const hollowOak = farmIdOf("hollow-oak");
const fernBank = farmIdOf("fern-bank");
const riverside = marketIdOf("riverside");
const tomato = productIdOf("heirloom-tomato");
const basil = productIdOf("basil");
const marketDay = "2025-08-09" as CalendarDay;
const clock = { now: () => testNow };

describeOnEveryDatabase("unusual days", (test) => {
  const as = (name: string, farms: readonly string[]) =>
    createCallerFactory(router(planningRoutes()))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).planning;
  const tomas = () => as("tomas", ["hollow-oak"]);
  const judgeDays = (on: Bus = bus) => judgeMarketDays({ handle: test.handle, bus: on, clock });
  const told = async () =>
    (await test.db.select().from(liveMessages)).map(({ topic, payload }) => ({ topic, payload }));

  async function expected(productId: typeof tomato, more: Partial<typeof demandForecasts.$inferInsert> = {}) {
    await test.db.insert(demandForecasts).values({
      farmId: hollowOak,
      productId,
      marketId: riverside,
      marketDay,
      p10: 8_000,
      p50: 10_000,
      p90: 12_000,
      model: "test",
      demandClass: "regular",
      daysLearned: 50,
      pastError: 1,
      pastVolume: 10,
      pastDays: 8,
      madeAt: testNow,
      ...more,
    });
  }

  async function sold(
    productId: typeof tomato,
    quantityBase: number,
    more: Partial<typeof stallSales.$inferInsert> = {},
  ) {
    const [variant] = await test.db.select().from(variants).where(eq(variants.productId, productId));
    const id = newId<StallSaleId>();
    await test.db.insert(stallSales).values({
      id,
      farmId: hollowOak,
      marketId: riverside,
      marketDay,
      productId,
      variantId: variant!.id,
      quantityBase,
      unitPriceCents: 100,
      unitPricePer: 1_000,
      totalCents: 100,
      feeCents: 5,
      tender: "cash",
      idempotencyKey: id,
      soldAt: new Date(`${marketDay}T14:00:00Z`),
      ...more,
    });
    return id;
  }

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildProduct(test.db);
    await buildProduct(test.db, { slug: "basil", name: "Basil" });
    await buildPerson(test.db, "tomas");
    const closesAt = new Date(`${marketDay}T00:00:00Z`);
    await test.db.insert(orderWindows).values({
      id: newId<OrderWindowId>(),
      marketId: riverside,
      marketDay,
      opensAt: new Date(closesAt.getTime() - days(6)),
      closesAt,
    });
    await expected(tomato);
    await expected(basil);
    await sold(basil, 10_400);
  });

  it("are told live once, to the farm alone, however often and by however many they are looked for", async () => {
    await sold(tomato, 96_000);
    await sold(tomato, 9_000);
    await Promise.all([judgeDays(), judgeDays()]);
    expect(await judgeDays()).toEqual({ marketDays: 0, told: 0 });
    expect(await told()).toEqual([
      {
        topic: `farm:${hollowOak}:insights`,
        payload: {
          title: "Unusual sales on Saturday",
          text: expect.stringMatching(/: 105 kg sold, 8 kg to 12 kg was usual\.$/) as string,
        },
      },
    ]);
    const found = await tomas().unusual({ farmId: hollowOak });
    expect(found).toMatchObject([
      {
        productId: tomato,
        marketDay,
        soldBase: 105_000,
        largestBase: 96_000,
        direction: "more",
        reason: "none",
        isAlarm: true,
        answer: null,
      },
    ]);
    expect(await tomas().unusual({ farmId: hollowOak, productId: basil })).toEqual([]);
    expect(await as("fern", ["fern-bank"]).unusual({ farmId: fernBank })).toEqual([]);
    await expect(as("fern", ["fern-bank"]).unusual({ farmId: hollowOak })).rejects.toThrow();
  });

  it("are told by the next run where one broke off half-way", async () => {
    await sold(tomato, 105_000);
    const broken: Bus = { ...bus, publish: () => Promise.reject(new Error("the connection is gone")) };
    await expect(judgeDays(broken)).rejects.toThrow("the connection is gone");
    expect(await test.db.select().from(judgedMarketDays)).toEqual([]);
    expect(await test.db.select().from(unusualDays)).toEqual([]);
    expect(await judgeDays()).toEqual({ marketDays: 1, told: 1 });
    expect(await told()).toHaveLength(1);
  });

  it("are none where the market did not take place, a product sells now and then, or the farm stays at home", async () => {
    await sold(tomato, 105_000);
    await test.db.update(orderWindows).set({ isCancelled: true });
    expect(await judgeDays()).toEqual({ marketDays: 0, told: 0 });
    await test.db.update(orderWindows).set({ isCancelled: false });
    await test.db
      .update(demandForecasts)
      .set({ demandClass: "intermittent" })
      .where(eq(demandForecasts.productId, tomato));
    expect(await judgeDays()).toEqual({ marketDays: 1, told: 0 });
    await test.db.update(demandForecasts).set({ demandClass: "regular" });
    await test.db.delete(judgedMarketDays);
    await test.db
      .insert(adviceSettings)
      .values({ farmId: hollowOak, closedDays: [marketDay], updatedAt: testNow });
    expect(await judgeDays()).toEqual({ marketDays: 1, told: 0 });
    expect(await told()).toEqual([]);
  });

  it("are kept and not told where a farm has heard of three that week, and told as explained where it was sold out", async () => {
    await sold(tomato, 105_000);
    await test.db.delete(stallSales).where(eq(stallSales.productId, basil));
    await sold(basil, 500);
    const soldOutAt = new Date(`${marketDay}T14:40:00Z`);
    await test.db.insert(stockEntries).values(
      [10_000, -10_000].map((deltaBase, at) => ({
        productId: basil,
        deltaBase,
        reason: at === 0 ? ("harvest" as const) : ("stall_sale" as const),
        idempotencyKey: `test:${at}`,
        at: at === 0 ? new Date(soldOutAt.getTime() - days(3)) : soldOutAt,
      })),
    );
    const before = ["2025-08-04", "2025-08-05", "2025-08-06"].map((day) => ({
      farmId: hollowOak,
      productId: basil,
      marketId: riverside,
      marketDay: day,
      soldBase: 1,
      lowBase: 2,
      highBase: 3,
      surprise: 4,
      reason: "none" as const,
      isTold: true,
      foundAt: new Date(`${day}T20:00:00Z`),
    }));
    await test.db.insert(unusualDays).values(before);
    expect(await judgeDays()).toEqual({ marketDays: 1, told: 0 });
    expect(await told()).toEqual([]);
    const found = (await tomas().unusual({ farmId: hollowOak })).filter((one) => one.marketDay === marketDay);
    expect(found).toMatchObject([
      { productId: tomato, reason: "none", isTold: false, isAlarm: false },
      { productId: basil, reason: "sold out", reasonText: "Sold out since Sat 9 Aug, 10:40", isAlarm: false },
    ]);
  });

  it("that a farm calls a slip of the pen are left out of what forecasts learn from, until it takes that back", async () => {
    await test.db.update(products).set({ listedAt: new Date(testNow.getTime() - days(400)) });
    for (let week = 1; week <= 5; week++) {
      const day = new Date(Date.parse(`${marketDay}T00:00:00Z`) - days(7 * week));
      await test.db.insert(orderWindows).values({
        id: newId<OrderWindowId>(),
        marketId: riverside,
        marketDay: day.toISOString().slice(0, 10),
        opensAt: new Date(day.getTime() - days(6)),
        closesAt: day,
      });
    }
    await sold(tomato, 105_000);
    await judgeDays();
    const last = async () => {
      const { series } = await readFacts({ handle: test.handle, clock }, hollowOak);
      return series.find(({ productId }) => productId === tomato)!;
    };
    const before = await last();
    expect(before.history.sold.at(-1)).toBe(105_000);
    const day = { farmId: hollowOak, productId: tomato, marketId: riverside, marketDay };
    const fern = as("fern", ["fern-bank"]);
    await expect(fern.answerUnusual({ ...day, farmId: fernBank, answer: "slip" })).rejects.toThrow(
      "no such day",
    );
    await expect(fern.answerUnusual({ ...day, answer: "slip" })).rejects.toThrow();
    await tomas().answerUnusual({ ...day, answer: "slip" });
    await tomas().answerUnusual({ ...day, answer: "slip" });
    const after = await last();
    expect(after.history.sold.at(-1)).toBeNull();
    expect(after.demand.at(-1)).toBeNaN();
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(await tomas().unusual({ farmId: hollowOak })).toMatchObject([{ isAlarm: false, answer: "slip" }]);
    await tomas().answerUnusual({ ...day, answer: null });
    expect((await last()).fingerprint).toBe(before.fingerprint);
  });

  it("are taken off where the sale was taken back in time", async () => {
    const id = await sold(tomato, 96_000);
    await sold(tomato, 9_000);
    await judgeDays();
    await test.db
      .update(stallSales)
      .set({ undoneAt: new Date(testNow.getTime() - hours(1)) })
      .where(eq(stallSales.id, id));
    await judgeDays();
    expect(await tomas().unusual({ farmId: hollowOak })).toEqual([]);
  });
});
