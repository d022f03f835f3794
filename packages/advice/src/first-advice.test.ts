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
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  adviceSettings,
  demandForecasts,
  farmMembers,
  jobs,
  orderWindows,
  products,
  stallSales,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import { createJobRunner } from "@almanac/jobs";
import { days, newId, seconds, type OrderWindowId, type StallSaleId, type UserId } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { firstAdviceJob, planFirstAdvice } from "./jobs.ts";
import { adviceRoutes } from "./router.ts";
import { listUnadvisedFarms } from "./store/facts.ts";

const hollowOak = farmIdOf("hollow-oak");
const fernBank = farmIdOf("fern-bank");
const riverside = marketIdOf("riverside");
const today = testNow.toISOString().slice(0, 10) as Parameters<typeof listUnadvisedFarms>[1];
const dayIn = (count: number): string => new Date(testNow.getTime() + days(count)).toISOString().slice(0, 10);

describeOnEveryDatabase("the first advice of a shop", (test) => {
  let now = testNow;
  const clock = { now: () => now };
  const deps = () => ({ handle: test.handle, clock });

  /** How often forecasts were begun: each run reads the weather once. */
  let runs = 0;
  const weather = {
    read: () => {
      runs++;
      return Promise.resolve([]);
    },
  };
  const runner = () =>
    createJobRunner({ ...deps(), log: silentLogger, jobs: [firstAdviceJob({ weather })], pollMs: 5 });

  const fill = async (): Promise<void> => {
    await buildMarket(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "at-home", marketSlugs: [] });
    await buildProduct(test.db, { slug: "heirloom-tomato" });
    await buildPerson(test.db, "tomas");
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
      weeks.slice(1).map((week) => ({
        id: newId<StallSaleId>(),
        farmId: hollowOak,
        marketId: riverside,
        marketDay: dayIn(3 - 7 * week),
        productId: productIdOf("heirloom-tomato"),
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
  };
  beforeEach(async () => {
    now = testNow;
    runs = 0;
    await test.fill("a farm that sold for six weeks", fill);
  });

  it("is made of every farm with a market day to come, once however many processes start", async () => {
    await Promise.all([planFirstAdvice(deps(), seconds(2)), planFirstAdvice(deps(), seconds(2))]);
    expect(await test.db.select().from(jobs)).toHaveLength(1);
    await runner().drain();
    expect(await test.db.select().from(adviceSettings)).toEqual([]);

    now = new Date(testNow.getTime() + seconds(3));
    await runner().drain();
    expect(runs).toBe(1);
    expect((await test.db.select().from(demandForecasts)).map(({ farmId }) => farmId)).toContain(hollowOak);
    const advised = await test.db.select().from(adviceSettings);
    expect(new Map(advised.map(({ farmId, advisedAt }) => [farmId, advisedAt]))).toEqual(
      new Map([
        [hollowOak, now],
        [fernBank, now],
      ]),
    );
    await planFirstAdvice(deps(), 0);
    expect(await test.db.select().from(jobs)).toHaveLength(1);
  });

  it("is waited for by who looks meanwhile, and neither made twice by them", async () => {
    await planFirstAdvice(deps(), 0);
    const tomas = createCallerFactory(router(adviceRoutes({ weather })))(
      aRequestContext(test.handle, { clock, caller: callerNamed("tomas", { farmIds: [hollowOak] }) }),
    ).advice;
    const [, ...seen] = await Promise.all([
      runner().drain(),
      ...[1, 2, 3].map(() => tomas.list({ farmId: hollowOak })),
    ]);
    expect(runs).toBe(1);
    const [{ advisedAt } = { advisedAt: null }] = await test.db
      .select()
      .from(adviceSettings)
      .where(eq(adviceSettings.farmId, hollowOak));
    for (const { pending, madeAt } of seen) {
      expect(pending.length).toBeGreaterThan(0);
      expect(madeAt).toBe(advisedAt?.toISOString());
    }
  });

  it("begins with the farms that somebody may look at, and leaves those that have some", async () => {
    expect(await listUnadvisedFarms(test.db, today)).toEqual([fernBank, hollowOak]);
    await test.db
      .insert(farmMembers)
      .values({ farmId: hollowOak, userId: callerNamed("tomas").userId as UserId });
    expect(await listUnadvisedFarms(test.db, today)).toEqual([hollowOak, fernBank]);
    await firstAdviceJob({ weather }).execute(
      {},
      { ...deps(), log: silentLogger, signal: new AbortController().signal, attempt: 1 },
    );
    // Nothing is ever forecast of a farm that has sold nothing.
    expect(await listUnadvisedFarms(test.db, today)).toEqual([fernBank]);
    await test.db.update(adviceSettings).set({ advisedAt: null });
    expect(await listUnadvisedFarms(test.db, today)).toEqual([hollowOak, fernBank]);
    await test.db.update(orderWindows).set({ isCancelled: true });
    expect(await listUnadvisedFarms(test.db, today)).toEqual([]);
  });
});
