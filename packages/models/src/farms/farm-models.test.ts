import {
  buildFarm,
  buildMarket,
  callerNamed,
  farmIdOf,
  marketIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import { auditLog, modelActivations, orders, shoppers, subOrders } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { createJobRunner, defineJob, enqueueJob } from "@almanac/jobs";
import {
  days,
  hours,
  isAppError,
  newId,
  shiftedClock,
  type FarmId,
  type OrderId,
  type ShiftedClock,
  type SubOrderId,
} from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, wireErrorOf } from "@almanac/trpc";
import { eq, isNull } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { databaseArtefacts } from "../versions/artefacts.ts";
import { modelJobs, planFirstModels } from "../runs/jobs.ts";
import { modelsRoutes } from "../router.ts";
import { createModelService, type ModelService } from "../serving/service.ts";
import { verifyAudit } from "../store/audit.ts";
import { readFarmWorld } from "../store/farm-world.ts";
import { simulatedHistories } from "../testing.ts";

const input = {
  repeats: 6,
  lastWeeks: 30,
  ageWeeks: 32,
  meanCents: 800,
  weeksAhead: 26,
  lastHalfYearCents: 3_200,
};
const { histories } = simulatedHistories({ shoppers: 220, seed: 5, until: testNow, weeks: 104 });
const oak = farmIdOf("hollow-oak");
const bank = farmIdOf("fern-bank");
/** Whose every order is this farm's alone. */
const whole = farmIdOf("whole-market");

describeOnEveryDatabase("models of one farm", (test) => {
  const bus = createInProcessBus();
  let clock: ShiftedClock;
  let models: ModelService;

  beforeEach(() => {
    clock = shiftedClock(testNow);
    const artefacts = databaseArtefacts(test.handle, clock);
    models = createModelService({ handle: test.handle, bus, clock, log: silentLogger, artefacts });
  });
  afterEach(() => models.stop());
  afterAll(() => bus.close());

  const as = (name: string, more: Parameters<typeof callerNamed>[1] = {}) =>
    createCallerFactory(router(modelsRoutes({ models, bus, allowsTestSwitch: true })))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, more) }),
    );
  const operator = () => as("ines", { roles: ["operator"] });
  const tomas = () => as("tomas", { farmIds: [oak] });
  const fern = () => as("fern", { farmIds: [bank] });
  const work = () =>
    createJobRunner({
      handle: test.handle,
      clock,
      log: silentLogger,
      jobs: modelJobs({ models, bus, codeCommit: "test" }),
    });
  const train = async (farmId?: FarmId, seed = 3): Promise<void> => {
    await operator().ml.train({ name: "lifetime", seed, ...(farmId && { farmId }) });
    await work().drain();
  };
  const reasonOf = (made: Promise<unknown>): Promise<string> =>
    made.then(
      () => "ok",
      (error: unknown) =>
        isAppError(error) ? error.code : wireErrorOf(error as Parameters<typeof wireErrorOf>[0]).reason,
    );

  /**
   * Two years of orders at a market of three farms. Who is new buys at Hollow Oak for a quarter of a year and then at others, which the
   * farm's own version can learn and the general one cannot know; Fern Bank sells to eight people; or "whole-market" sells everything,
   * so that it has nothing of its own to learn.
   */
  async function writeOrders({ isWholeMarket = false } = {}): Promise<void> {
    await buildMarket(test.db);
    for (const slug of ["hollow-oak", "fern-bank", "whole-market"]) await buildFarm(test.db, { slug });
    await insertMany(
      test.db,
      shoppers,
      histories.map((_, at) => ({
        id: shopperIdOf(`buyer-${at}`),
        createdAt: new Date(testNow.getTime() - days(800)),
      })),
    );
    const placed = histories.flatMap(({ orders: own }, at) =>
      own.map((order, n) => ({ order, at, id: newId<OrderId>(order.at), key: `${at}/${n}` })),
    );
    const firstOf = (at: number): number => histories[at]!.orders[0]!.at;
    const moneyOf = (cents: number) => ({ subtotalCents: cents, totalCents: cents, holdCents: cents });
    await insertMany(
      test.db,
      orders,
      placed.map(({ order, at, id, key }) => ({
        id,
        number: `T-${key}`,
        shopperId: shopperIdOf(`buyer-${at}`),
        marketId: marketIdOf("riverside"),
        status: "collected" as const,
        ...moneyOf(order.cents),
        idempotencyKey: key,
        requestHash: key,
        placedAt: new Date(order.at),
        updatedAt: new Date(order.at),
      })),
    );
    const part = (orderId: OrderId, farmId: FarmId, cents: number) => ({
      id: newId<SubOrderId>(),
      orderId,
      farmId,
      status: "collected" as const,
      subtotalCents: cents,
      feeCents: 0,
    });
    await insertMany(
      test.db,
      subOrders,
      placed.flatMap(({ order, at, id }) =>
        isWholeMarket
          ? [part(id, whole, order.cents)]
          : [
              ...(order.at - firstOf(at) < days(91) ? [part(id, oak, Math.round(order.cents / 3))] : []),
              ...(at < 8 ? [part(id, bank, 100)] : []),
            ],
      ),
    );
  }

  const fill = (): Promise<void> => test.fill("three farms", () => writeOrders());
  /** With a general version that serves. */
  const fillAndTrain = (): Promise<void> =>
    test.fill("a general version", async () => {
      await writeOrders();
      await train();
    });

  it("answers for the farm whose own beats the general one on its own customers, and for no other", async () => {
    await fillAndTrain();
    const ask = (farmId?: FarmId) =>
      tomas().ml.predict({ name: "lifetime", input, ...(farmId && { farmId }) });
    const general = await ask();
    expect(await ask(oak)).toMatchObject({ scope: "global", score: general.score });
    await train(oak);
    expect((await tomas().ml.farm({ farmId: oak })).runs).toMatchObject([{ status: "DONE" }]);
    const own = await ask(oak);
    expect(own).toMatchObject({ scope: oak, version: 1 });
    expect(own.score).not.toBe(general.score);
    expect(await ask()).toMatchObject({ scope: "global", score: general.score });
    expect(await fern().ml.predict({ name: "lifetime", input, farmId: bank })).toMatchObject({
      scope: "global",
      score: general.score,
    });

    const live = await test.db.select().from(modelActivations).where(isNull(modelActivations.endedAt));
    expect(live.map(({ scope }) => scope).toSorted()).toEqual([oak, "global"].toSorted());
    const [act] = await test.db.select().from(auditLog).where(eq(auditLog.subject, own.versionId));
    expect(act).toMatchObject({ action: "model.activated", details: { farm: oak, kind: "promoted" } });
    expect((await verifyAudit(test.db)).broken).toBeUndefined();

    const view = await tomas().ml.farm({ farmId: oak });
    expect(view.serving).toEqual({ version: 1, isOwn: true });
    expect(view.runs[0]!.verdict).toContain("beats the general one");
    const misses = view.versions[0]!.measures.find(({ name }) => name.startsWith("mean absolute"))!.values;
    expect(misses[view.versions[0]!.servedBy]).toBeLessThan(misses["the general version"]!);
    expect(view.outlook).toMatchObject({ isTold: true, version: 1 });
    expect(view.outlook!.customers).toBeGreaterThan(100);
  });

  it("says INSUFFICIENT_DATA of a small farm, for which the general one goes on, and tells nothing of its few", async () => {
    await fillAndTrain();
    await train(bank);
    const view = await fern().ml.farm({ farmId: bank });
    expect(view.runs[0]).toMatchObject({ status: "INSUFFICIENT_DATA" });
    expect(view.runs[0]!.verdict).toContain("8 shoppers have ordered");
    expect(view).toMatchObject({ serving: { version: 1, isOwn: false }, versions: [], champion: null });
    expect(view.outlook).toBeNull();
    expect(await fern().farmCustomers.value({ farmId: bank })).toMatchObject({ kind: "too-few" });
  });

  it("keeps a farm's own that is no better, since the farm sells all that the market does", async () => {
    await writeOrders({ isWholeMarket: true });
    await train();
    await train(whole);
    const [farm] = (await operator().ml.models.list()).models.find(({ name }) => name === "lifetime")!.farms!;
    expect(farm).toMatchObject({ farmId: whole, live: null, latest: { status: "DONE" } });
    expect(farm!.latest!.verdict).toContain("goes on answering");
    expect((await models.serving("lifetime", whole))!.scope).toBe("global");
  });

  it("never goes live without a general one to compare it with", async () => {
    await fill();
    await train(oak);
    const view = await tomas().ml.farm({ farmId: oak });
    expect(view.versions).toHaveLength(1);
    expect(view).toMatchObject({ champion: null, serving: null, outlook: null });
    expect(await reasonOf(tomas().ml.predict({ name: "lifetime", input, farmId: oak }))).toBe(
      "model_not_serving",
    );
  });

  it("shows a farm's versions to its members and to operators, and to nobody else that they are there", async () => {
    await fillAndTrain();
    await train(oak);
    const { versions, runs } = await tomas().ml.farm({ farmId: oak });
    expect(runs).toMatchObject([{ status: "DONE" }]);
    expect(versions).toHaveLength(1);
    expect((await operator().ml.farm({ farmId: oak })).versions).toEqual(versions);
    expect(await reasonOf(fern().ml.farm({ farmId: oak }))).toBe("farm_not_found");
    expect(await reasonOf(as("maya").ml.farm({ farmId: oak }))).toBe("right_missing");
    for (const stranger of [fern(), as("maya")])
      expect(await reasonOf(stranger.ml.predict({ name: "lifetime", input, farmId: oak }))).toBe(
        "farm_not_found",
      );
    const nowhere = newId<FarmId>();
    expect(await reasonOf(operator().ml.predict({ name: "lifetime", input, farmId: nowhere }))).toBe(
      "farm_not_found",
    );
    expect(await operator().ml.runs({ farmId: oak })).toHaveLength(1);
    const { runs: runsOf, models: modelsOf } = operator().ml;
    const lifetime = { name: "lifetime", farmId: nowhere } as const;
    expect(await reasonOf(runsOf({ farmId: nowhere }))).toBe("farm_not_found");
    expect(await reasonOf(modelsOf.versions(lifetime))).toBe("farm_not_found");
    expect(await reasonOf(modelsOf.liveAt({ ...lifetime, at: "2025-08-13T12:00:00Z" }))).toBe(
      "farm_not_found",
    );
    const [version] = versions;
    for (const act of [
      tomas().ml.models.activate({ versionId: version!.id }),
      tomas().ml.models.retire({ name: "lifetime", farmId: oak }),
      tomas().ml.train({ name: "lifetime", farmId: oak }),
      tomas().ml.models.card({ versionId: version!.id }),
      tomas().ml.models.versions({ name: "lifetime", farmId: oak }),
    ])
      expect(await reasonOf(act)).toBe("right_missing");
    expect(await operator().ml.models.versions({ name: "lifetime", farmId: oak })).toHaveLength(1);
    expect(await operator().ml.models.versions({ name: "lifetime" })).toHaveLength(1);
    expect(await reasonOf(operator().ml.train({ name: "churn", farmId: oak }))).toBe("input_invalid");
  });

  it("is rolled out and taken back by itself, and everybody else's stays as it was", async () => {
    await fillAndTrain();
    await train(oak);
    await train(oak, 4);
    const [second, first] = (await tomas().ml.farm({ farmId: oak })).versions;
    const model = { name: "lifetime", farmId: oak } as const;
    await operator().ml.models.startRollout({ versionId: second!.id });
    await operator().ml.models.stepRollout({ ...model, percent: 100 });
    const ask = (farmId?: FarmId) =>
      tomas().ml.predict({ name: "lifetime", input, ...(farmId && { farmId }) });
    expect(await ask(oak)).toMatchObject({ versionId: second!.id, scope: oak });
    expect(await ask()).toMatchObject({ version: 1, scope: "global" });
    await operator().ml.models.rollBack(model);
    expect(await ask(oak)).toMatchObject({ versionId: first!.id });

    await operator().ml.models.startRollout({ versionId: second!.id });
    await operator().ml.models.retire(model);
    expect(await ask(oak)).toMatchObject({ scope: "global" });
    expect(await reasonOf(operator().ml.models.retire(model))).toBe("nothing_to_roll_back");
    expect(await reasonOf(operator().ml.models.stepRollout({ ...model, percent: 5 }))).toBe(
      "rollout_not_possible",
    );
    const acts = await test.db.select().from(auditLog).where(eq(auditLog.action, "model.retired"));
    expect(acts).toMatchObject([{ subject: first!.id, details: { farm: oak } }]);
    expect((await verifyAudit(test.db)).broken).toBeUndefined();
  });

  it("is trained each week after the general one, for every farm that sold within a year", async () => {
    await fill();
    const weekly = defineJob({ name: "models.weekly", data: z.object({}), run: () => Promise.resolve() });
    await enqueueJob(test.db, weekly, {});
    await work().drain();
    const { farms, runs } = (await operator().ml.models.list()).models.find(
      ({ name }) => name === "lifetime",
    )!;
    expect(runs).toMatchObject([{ status: "DONE", reason: "weekly" }]);
    expect(farms!.map(({ farmName, latest, live }) => [farmName, latest!.status, live !== null])).toEqual([
      ["fern-bank", "INSUFFICIENT_DATA", false],
      ["hollow-oak", "DONE", true],
    ]);
    expect((await tomas().ml.farm({ farmId: oak })).outlook).toMatchObject({ version: 1 });
  });

  it("waits with first trainings until the shop has been open for so long", async () => {
    await planFirstModels({ handle: test.handle, clock, afterMs: hours(1) });
    const reasons = async () => {
      await work().drain();
      const { models: all } = await operator().ml.models.list();
      return all.map(({ name, runs }) => [name, ...runs.map(({ reason }) => reason)]);
    };
    expect(await reasons()).toEqual([["churn"], ["lifetime"], ["season"]]);
    clock.advance(hours(1));
    expect(await reasons()).toEqual([
      ["churn", "first"],
      ["lifetime", "first"],
      ["season", "first"],
    ]);
  });

  it("reads what the farm sold to whom it may learn of, and nothing of other farms or of later", async () => {
    await fill();
    const ago = new Date(testNow.getTime() - days(100));
    const before = await readFarmWorld(test.db, ago, oak);
    await test.db.update(subOrders).set({ subtotalCents: 1 }).where(eq(subOrders.farmId, bank));
    expect(await readFarmWorld(test.db, ago, oak)).toEqual(before);
    const [gone] = before.shopperIds;
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, gone!));
    const after = await readFarmWorld(test.db, ago, oak);
    expect(after.shopperIds).toEqual(before.shopperIds.slice(1));
    const latest = Math.max(...after.packed.orders.flatMap(({ at }) => [...at]));
    expect(latest).toBeLessThanOrEqual(ago.getTime());
    const sold = (world: typeof before) =>
      world.packed.orders.reduce((sum, { cents }) => sum + cents.reduce((a, b) => a + b, 0), 0);
    expect(sold(after)).toBeLessThan(sold(before));
  });
});
