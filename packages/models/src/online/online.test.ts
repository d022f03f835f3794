import {
  buildFarm,
  buildMarket,
  buildProduct,
  callerNamed,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import {
  actionEvents,
  liveMessages,
  onlineItems,
  onlineTastes,
  products,
  shoppers,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext, fakeClock } from "@almanac/events/testing";
import { createJobRunner } from "@almanac/jobs";
import { AppError, days, isAppError, minutes } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, type Role } from "@almanac/trpc";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, expect, it } from "vitest";
import { databaseArtefacts } from "../versions/artefacts.ts";
import { modelJobs } from "../runs/jobs.ts";
import { modelsEraseStep, modelsExportStep, modelsMergeStep } from "../personal-data.ts";
import { modelsRoutes } from "../router.ts";
import { createModelService, type ModelService } from "../serving/service.ts";
import { findLearner, readAllTastes } from "../store/online.ts";
import { followLog } from "./follow.ts";
import { rebuildTastesFromLog } from "./rebuild.ts";
import { likingLog, shopOfTastes } from "./testing.ts";

describeOnEveryDatabase("tastes that follow the event log", (test) => {
  let clock = fakeClock(testNow);
  const bus = createInProcessBus();
  let models: ModelService;
  const deps = () => ({ handle: test.handle, clock, bus, models });
  const state = async () => (await findLearner(test.db))!.state;
  const tastes = async () => {
    const all = new Map<string, unknown>();
    for await (const page of readAllTastes(test.db))
      for (const [id, one] of page) all.set(id, { ...one, taste: Array.from(one.taste) });
    return all;
  };
  const addLines = (from: number, lines: number) =>
    insertMany(test.db, actionEvents, likingLog({ from, lines, until: testNow }));
  const as = (name: string, roles: Role[] = []) =>
    createCallerFactory(router(modelsRoutes({ models, bus, allowsTestSwitch: true })))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { roles }) }),
    );

  beforeEach(async () => {
    clock = fakeClock(testNow);
    await shopOfTastes(test.db, { buildMarket, buildFarm, buildProduct });
    models = createModelService({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      artefacts: databaseArtefacts(test.handle, clock),
    });
    return () => models.stop();
  });

  it("are built from the log that is there, and then learn from what comes, each line once", async () => {
    await addLines(0, 600);
    expect(await followLog(deps())).toBeUndefined();
    await rebuildTastesFromLog(deps());
    await addLines(600, 300);
    expect(await followLog({ ...deps(), pageSize: 70 })).toBe(300);
    expect(await followLog(deps())).toBe(0);
    const live = { state: await state(), tastes: await tastes() };
    expect(live.state).toMatchObject({ seen: 900, learned: 900, people: 12 });
    // What was learned line by line, with stops, is what all lines at once come to.
    await rebuildTastesFromLog(deps());
    expect((await findLearner(test.db))!.check).toMatchObject({
      kind: "agrees",
      difference: 0,
      overlap: 1,
      lines: 900,
    });
    expect({ state: await state(), tastes: await tastes() }).toEqual(live);
  });

  it("tell better what is taken than how many take it, and say who answers", async () => {
    await addLines(0, 3_000);
    await rebuildTastesFromLog(deps());
    const told = (await as("ines", ["operator"]).admin.tastes.state())!;
    expect(told).toMatchObject({ lines: 3_000, behind: 0, answers: "taste", check: null });
    expect(told.guessed!.taste).toBeGreaterThan(told.guessed!.common + 0.05);
    expect(told.saved!.low).toBeGreaterThan(0);
  });

  it("leave alone the newest lines, as others may still be written before them", async () => {
    await addLines(0, 100);
    await rebuildTastesFromLog(deps());
    const [young] = likingLog({ from: 100, lines: 1, until: testNow });
    await test.db.insert(actionEvents).values({ ...young!, recordedAt: testNow });
    expect(await followLog(deps())).toBe(0);
    clock.advance(minutes(2));
    expect(await followLog(deps())).toBe(1);
  });

  it("learn nothing from who refused, and of who was erased or signed in keep nothing", async () => {
    await addLines(0, 600);
    const [refusing, leaving, joining] = [1, 2, 3].map((n) => shopperIdOf(`liker ${n}`));
    await test.db.update(shoppers).set({ personalise: false }).where(eq(shoppers.id, refusing!));
    await rebuildTastesFromLog(deps());
    expect([...(await tastes()).keys()]).not.toContain(refusing);
    expect((await state()).skipped.nobody).toBeGreaterThan(20);
    expect(await modelsExportStep.export(test.db, { shopperId: leaving! } as never)).toMatchObject({
      taste: { things: expect.any(Number) },
    });
    await test.handle.transaction(async (tx) => {
      await modelsEraseStep.erase(tx, { shopperId: leaving! } as never, { clock } as never);
      await modelsMergeStep.merge(tx, joining!, shopperIdOf("liker 4"), { clock } as never);
    });
    await test.db.update(actionEvents).set({ shopperId: null }).where(eq(actionEvents.shopperId, leaving!));
    await test.db
      .update(actionEvents)
      .set({ shopperId: shopperIdOf("liker 4") })
      .where(eq(actionEvents.shopperId, joining!));
    await rebuildTastesFromLog(deps());
    const check = (await findLearner(test.db))!.check!;
    expect(check.overlap).toBeLessThanOrEqual(1);
    expect(["people left", "replaced"]).toContain(check.kind);
    const kept = await tastes();
    expect(kept.has(leaving!) || kept.has(joining!)).toBe(false);
  });

  it("of one poisoned shopper move that one alone, and sixty lines a day at most", async () => {
    await addLines(0, 2_000);
    await rebuildTastesFromLog(deps());
    const before = await tastes();
    const [poisoned, target] = [
      shopperIdOf("liker 5"),
      (await test.db.select().from(onlineItems).limit(1))[0]!,
    ];
    const poison = likingLog({ from: 10_000, lines: 1_000, until: testNow }).map((line) => ({
      ...line,
      shopperId: poisoned,
      entityId: target.productId as string,
      recordedAt: new Date(testNow.getTime() - minutes(5)),
    }));
    await insertMany(test.db, actionEvents, poison);
    await followLog(deps());
    const after = await tastes();
    for (const [shopperId, taste] of before) {
      if (shopperId === poisoned) expect(after.get(shopperId)).not.toEqual(taste);
      else expect(after.get(shopperId)).toEqual(taste);
    }
    expect((await state()).skipped.tooMany).toBeGreaterThanOrEqual(940);
    const [now] = await test.db.select().from(onlineItems).where(eq(onlineItems.productId, target.productId));
    expect(now!.people - target.people).toBeLessThanOrEqual(1);
  });

  it("are replaced where they had lost something, and operators are told", async () => {
    await addLines(0, 600);
    await rebuildTastesFromLog(deps());
    const right = await tastes();
    const [victim] = right.keys();
    await test.db.execute(
      sql`update online_tastes set taste = set_byte(taste, 3, 7) where shopper_id = ${victim}::uuid`,
    );
    const rebuilt = await as("ines", ["operator"]).admin.tastes.rebuild();
    expect(rebuilt).toMatchObject({ kind: "built", check: { kind: "replaced" } });
    expect(await tastes()).toEqual(right);
    const alerts = await test.db.select().from(liveMessages).where(eq(liveMessages.type, "SYSTEM_ALERT"));
    expect(JSON.stringify(alerts.at(-1)!.payload)).toContain("rebuilt from the log and replaced");
  });

  it("forget what lies ninety days back, and take up what is new on sale, with the night's rebuild", async () => {
    await addLines(0, 400);
    const old = likingLog({ from: 5_000, lines: 50, until: new Date(testNow.getTime() - days(100)) });
    await test.db.delete(actionEvents);
    await insertMany(test.db, actionEvents, [...old, ...likingLog({ from: 0, lines: 400, until: testNow })]);
    const [late] = await test.db.select().from(products).limit(1);
    await test.db.update(products).set({ status: "draft" }).where(eq(products.id, late!.id));
    await rebuildTastesFromLog(deps());
    expect(await state()).toMatchObject({ seen: 400 });
    expect((await state()).skipped.unknown).toBeGreaterThan(0);
    await test.db.update(products).set({ status: "live" }).where(eq(products.id, late!.id));
    await rebuildTastesFromLog(deps());
    expect((await findLearner(test.db))!.check!.kind).toBe("agrees");
    expect((await state()).skipped.unknown).toBe(0);
  });

  it("come by the jobs of a shop alone; a shop with nothing to choose from, or without the mathematics, waits", async () => {
    await addLines(0, 200);
    const work = (on: ModelService) =>
      createJobRunner({
        handle: test.handle,
        clock,
        log: silentLogger,
        jobs: modelJobs({ models: on, bus, codeCommit: "test" }).filter(
          ({ name }) => name === "models.follow",
        ),
      });
    const without = {
      ...models,
      mathematics: () => Promise.reject(new AppError("model_not_serving", "not here")),
    };
    const helpless = work(without);
    clock.advance(minutes(1));
    await helpless.drain();
    expect(helpless.stats()).toMatchObject({ done: 1, failures: 0 });
    expect(await findLearner(test.db)).toBeUndefined();
    const able = work(models);
    clock.advance(minutes(1));
    await able.drain();
    expect(await state()).toMatchObject({ seen: 200 });
    await test.db.delete(onlineTastes);
    await test.db.update(products).set({ status: "draft" });
    expect(await rebuildTastesFromLog(deps())).toEqual({ kind: "nothing to choose" });
  });

  it("are seen and rebuilt by operators alone", async () => {
    const refused = async (made: Promise<unknown>) =>
      made.then(
        () => "ok",
        (error: unknown) => (isAppError(error) ? error.code : "other"),
      );
    expect(await refused(as("tomas").admin.tastes.rebuild())).not.toBe("ok");
    expect(await refused(as("tomas").admin.tastes.state())).not.toBe("ok");
    expect(await as("ines", ["operator"]).admin.tastes.state()).toBeNull();
  });

  afterAll(() => bus.close());
});
