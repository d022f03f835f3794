import { aRequestContext, fakeClock } from "@almanac/events/testing";
import type { DatabaseHandle } from "@almanac/db";
import { markets, orders, orderWindows, shopperOutlooks } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { importCompleteJourney, loadWorld } from "@almanac/demo";
import { createInProcessBus } from "@almanac/events";
import { insightsRoutes } from "@almanac/insights/router";
import { createJobRunner } from "@almanac/jobs";
import type { Clock, MarketId, UserId } from "@almanac/kernel";
import { createModelService, databaseArtefacts, modelJobs, modelsRoutes } from "@almanac/models/router";
import { anonymousCaller, createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { and, eq, gt, inArray, notInArray } from "drizzle-orm";
import { expect, it } from "vitest";

/** Trains both models of shoppers on what is in the database, scores everybody, and answers as an operator is answered. */
async function lookAtShoppers(handle: DatabaseHandle, clock: Clock) {
  const bus = createInProcessBus();
  const models = createModelService({
    handle,
    bus,
    clock,
    log: silentLogger,
    artefacts: databaseArtefacts(handle, clock),
  });
  const caller = {
    ...anonymousCaller,
    userId: "0198f2b0-0000-7000-8000-000000000001" as UserId,
    roles: ["operator" as const, "analyst" as const],
  };
  const modelRoutes = modelsRoutes({ models, bus, allowsTestSwitch: false });
  const insightRoutes = insightsRoutes({ models });
  const routes = router({ ml: modelRoutes.ml, admin: { ...modelRoutes.admin, ...insightRoutes.admin } });
  const operator = createCallerFactory(routes)(aRequestContext(handle, { clock, caller }));
  try {
    for (const name of ["churn", "lifetime"] as const) await operator.ml.train({ name, seed: 1 });
    await createJobRunner({
      handle,
      clock,
      log: silentLogger,
      jobs: modelJobs({ models, bus, codeCommit: "test" }).filter(({ name }) => name === "models.train"),
    }).drain();
    await operator.admin.insights.recompute();
    return {
      models: (await operator.ml.models.list()).models,
      overview: await operator.admin.outlook.overview({ limit: 200 }),
      segments: await operator.admin.insights.segments({}),
    };
  } finally {
    await models.stop();
    await bus.close();
  }
}

type Looked = Awaited<ReturnType<typeof lookAtShoppers>>;

function expectReasons({ overview, models }: Looked): void {
  expect(models.map(({ champion }) => champion !== null)).toEqual([true, true, false]);
  expect(overview.atRisk).toBeGreaterThan(0);
  for (const { reasons, churnProbability } of overview.shoppers) {
    expect(churnProbability).toBeGreaterThanOrEqual(0.3);
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.length).toBeLessThanOrEqual(3);
    for (const reason of reasons) expect(reason).not.toMatch(/NaN|undefined|null/);
  }
}

function expectAllInSegments({ segments: { total, heldBack, segments } }: Looked): void {
  const told = segments.reduce((sum, { people }) => sum + (people ?? 0), 0);
  const shares = segments.reduce((sum, { share }) => sum + (share ?? 0), 0);
  expect(told + heldBack).toBe(total);
  expect(shares + heldBack / total).toBeCloseTo(1, 10);
  expect(total).toBeGreaterThan(100);
}

describeOnEveryDatabase(
  "shoppers of the demo world in January, with one market closed since November",
  (test) => {
    it(
      "are at risk with reasons where their market is open, and resting where it is not; all are in a segment",
      { timeout: 300_000 },
      async () => {
        const clock = fakeClock("2026-01-20T12:00:00Z");
        const { db, handle } = test;
        await loadWorld(handle, {
          size: "demo",
          seed: 7,
          clock,
          figures: { shoppers: 300, orders: 4_500 },
        });
        const closed = await db.select({ id: markets.id }).from(markets).orderBy(markets.slug).limit(1);
        const winter = new Date("2025-11-01T00:00:00Z");
        const inWinter = await closeSince(handle, closed[0]!.id, winter);
        expect(inWinter).toBeGreaterThan(0);
        const looked = await lookAtShoppers(handle, clock);
        expectReasons(looked);
        expectAllInSegments(looked);
        // Who was there in October, and has never ordered anywhere else.
        const elsewhere = db
          .select({ id: orders.shopperId })
          .from(orders)
          .where(notInArray(orders.marketId, [closed[0]!.id]));
        const own = await db
          .selectDistinct({ id: orders.shopperId })
          .from(orders)
          .where(
            and(
              eq(orders.marketId, closed[0]!.id),
              gt(orders.placedAt, new Date("2025-10-10T00:00:00Z")),
              notInArray(orders.shopperId, elsewhere),
            ),
          );
        expect(own.length).toBeGreaterThan(5);
        const outlooks = await db
          .select()
          .from(shopperOutlooks)
          .where(
            inArray(
              shopperOutlooks.shopperId,
              own.map(({ id }) => id),
            ),
          );
        expect(outlooks.filter(({ isAtRisk }) => isAtRisk)).toEqual([]);
        expect(outlooks.filter(({ state }) => state === "away")).toEqual([]);
      },
    );
  },
);

async function closeSince(handle: DatabaseHandle, marketId: MarketId, since: Date): Promise<number> {
  const { db } = handle;
  await db
    .update(orderWindows)
    .set({ isCancelled: true })
    .where(and(eq(orderWindows.marketId, marketId), gt(orderWindows.opensAt, since)));
  // Orders of the closed months move into another shop's past: the market has none.
  const late = and(eq(orders.marketId, marketId), gt(orders.placedAt, since));
  const [other] = await db
    .select({ id: markets.id })
    .from(markets)
    .where(notInArray(markets.id, [marketId]))
    .limit(1);
  const moved = await db.$count(orders, late);
  await db
    .update(orders)
    .set({ marketId: other!.id, shopperId: await somebodyAt(handle, other!.id) })
    .where(late);
  return moved;
}

async function somebodyAt({ db }: DatabaseHandle, marketId: MarketId) {
  const [row] = await db
    .select({ id: orders.shopperId })
    .from(orders)
    .where(eq(orders.marketId, marketId))
    .limit(1);
  return row!.id;
}

/** A folder with items.csv.gz and train.csv.gz, as `almanac import completejourney` reads them. */
const receipts = process.env["TEST_RECEIPTS"];
if (receipts === undefined) {
  console.log("households of imported receipts: not looked at, TEST_RECEIPTS names no folder of them");
} else {
  describeOnEveryDatabase("households of imported receipts", (test) => {
    it("are at risk with reasons, and all in a segment", { timeout: 600_000 }, async () => {
      const clock = fakeClock(new Date());
      await importCompleteJourney(test.handle, receipts, { clock, onProgress: () => {} });
      const looked = await lookAtShoppers(test.handle, clock);
      expectReasons(looked);
      expectAllInSegments(looked);
    });
  });
}
