import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildMarket, callerNamed, marketIdOf, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import {
  actionEvents,
  auditLog,
  liveMessages,
  modelActivations,
  modelAudit,
  modelPredictions,
  modelRollouts,
  modelVersions,
  orders,
  shopperOutlooks,
  shoppers,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { createJobRunner } from "@almanac/jobs";
import { days, isAppError, newId, shiftedClock, type EventId, type OrderId } from "@almanac/kernel";
import {
  createCallerFactory,
  createRateLimiter,
  declaredRights,
  router,
  silentLogger,
  wireErrorOf,
  type Role,
} from "@almanac/trpc";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folderArtefacts } from "./versions/artefacts.ts";
import type { TrainedModel } from "./core/kinds/family.ts";
import { modelJobs } from "./runs/jobs.ts";
import { outlookNow } from "./serving/outlook.ts";
import { registerVersion } from "./versions/register-version.ts";
import { activateVersion, type RegistryDeps } from "./versions/registry.ts";
import { modelsRoutes } from "./router.ts";
import { createModelService, type ModelService, type ModelServiceOptions } from "./serving/service.ts";
import { verifyAudit } from "./store/audit.ts";
import { findActivation, type StoredVersion } from "./store/versions.ts";
import { readWorld } from "./store/world.ts";
import { simulatedHistories, simulatedWorld } from "./testing.ts";
import { trainLifetime } from "./training/train-lifetime.ts";

const simulated = { shoppers: 300, until: testNow, weeks: 104 };
const lifetimeOf = (seed: number): TrainedModel => {
  const outcome = trainLifetime(simulatedWorld({ ...simulated, weeks: 40, seed }), { seed });
  if (outcome.kind !== "trained") throw new Error(outcome.why);
  return outcome;
};
/** Two versions that answer otherwise, of a shop too young for its half-year to be held back. */
const made: TrainedModel[] = [];
beforeAll(() => void made.push(lifetimeOf(1), lifetimeOf(2)));

const input = {
  repeats: 6,
  lastWeeks: 30,
  ageWeeks: 32,
  meanCents: 2_400,
  weeksAhead: 26,
  lastHalfYearCents: 9_600,
};

it("declares a right for every procedure, and lets operators alone change models", () => {
  const rights = declaredRights(router(modelsRoutes({} as Parameters<typeof modelsRoutes>[0])));
  expect(rights.get("ml.predict")).toMatchObject({ right: "account", limit: "predict" });
  expect(rights.get("ml.farm")).toMatchObject({ right: "farm.read" });
  // What a farm is told changes no model.
  expect(rights.get("farmCustomers.value")).toMatchObject({ right: "farm.read" });
  expect(rights.get("ml.season")).toMatchObject({ right: "farm.read" });
  const elsewhere = new Set(["ml.predict", "ml.farm", "ml.season", "farmCustomers.value"]);
  const others = [...rights].filter(([path]) => !elsewhere.has(path)).map(([, { right }]) => right);
  expect(new Set(others)).toEqual(new Set(["operate.read", "operate.write"]));
});

describeOnEveryDatabase("models", (test) => {
  let folder: string;
  let models: ModelService;
  let deps: RegistryDeps;
  const clock = shiftedClock(testNow);
  const bus = createInProcessBus();
  const open: ModelService[] = [];

  function serve(more: Partial<ModelServiceOptions> = {}): ModelService {
    const artefacts = folderArtefacts(folder);
    const service = createModelService({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      artefacts,
      ...more,
    });
    open.push(service);
    return service;
  }

  const as = (name: string, roles: Role[] = [], more: object = {}) =>
    createCallerFactory(router(modelsRoutes({ models, bus, allowsTestSwitch: true })))({
      ...aRequestContext(test.handle, { clock, caller: callerNamed(name, { roles }) }),
      ...more,
    });
  const operator = () => as("ines", ["operator"]);
  const register = (at: number): Promise<StoredVersion> =>
    registerVersion(deps, "lifetime", made[at]!, { codeCommit: "test", seed: at + 1, windowTo: testNow });
  const reasonOf = (made: Promise<unknown>): Promise<string> =>
    made.then(
      () => "ok",
      (error: unknown) =>
        isAppError(error) ? error.code : wireErrorOf(error as Parameters<typeof wireErrorOf>[0]).reason,
    );
  const ask = (unit = "maya") => models.predict({ name: "lifetime", input, unit });
  /** Units on either side of a share, so that both arms are asked. */
  const askMany = async (count: number) => {
    for (let unit = 0; unit < count; unit++) await ask(`unit-${unit}`);
    await models.flush();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "almanac-models-"));
    models = serve();
    deps = { handle: test.handle, bus, clock, models };
  });
  afterEach(async () => {
    for (const service of open.splice(0)) await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("numbers versions by name, keeps them whole and immutable, and serves none by itself", async () => {
    const [one, two] = [await register(0), await register(1)];
    expect([one.version, two.version]).toEqual([1, 2]);
    expect(one.artefactHash).not.toBe(two.artefactHash);
    expect(one).toMatchObject({ type: "CUSTOM", scope: "global", seed: 1, codeCommit: "test" });
    expect(await reasonOf(ask())).toBe("model_not_serving");
  });

  it("leaves exactly one live when two are activated at once, and so does the table by itself", async () => {
    const versions = [await register(0), await register(1)];
    await Promise.all(versions.map(({ id }) => activateVersion(deps, id)));
    const live = await test.db
      .select()
      .from(modelActivations)
      .where(sql`ended_at is null`);
    expect(live).toHaveLength(1);
    const { type, scope, versionId } = live[0]!;
    const second = { type, scope, versionId, kind: "activated" as const, activatedAt: testNow };
    await expect(test.db.insert(modelActivations).values(second)).rejects.toThrow();
  });

  it("goes back by one act, in every process, and says what was live when", async () => {
    const [one, two] = [await register(0), await register(1)];
    const other = serve();
    await activateVersion(deps, one.id);
    const first = (await ask()).score;
    const early = clock.now().toISOString();
    clock.advance(days(1));
    await activateVersion(deps, two.id);
    const second = (await ask()).score;
    expect(second).not.toBe(first);
    expect((await other.predict({ name: "lifetime", input, unit: "maya" })).version).toBe(2);
    clock.advance(days(1));
    await operator().ml.models.rollBack({ name: "lifetime" });
    expect(await ask()).toMatchObject({ version: 1, score: first });
    expect((await other.predict({ name: "lifetime", input, unit: "maya" })).version).toBe(1);
    expect(await operator().ml.models.liveAt({ name: "lifetime", at: early })).toMatchObject({ version: 1 });
    const between = new Date(clock.now().getTime() - days(1) / 2).toISOString();
    expect(await operator().ml.models.liveAt({ name: "lifetime", at: between })).toMatchObject({
      version: 2,
    });
    const acts = await test.db.select().from(auditLog).orderBy(auditLog.seq);
    expect(acts.map(({ action }) => action)).toEqual([
      "model.activated",
      "model.activated",
      "model.rolled_back",
    ]);
    expect(await reasonOf(operator().ml.models.rollBack({ name: "churn" }))).toBe("nothing_to_roll_back");
  });

  it("fails no prediction while it goes to and fro under load", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    let isOver = false;
    let answered = 0;
    const load = Array.from({ length: 8 }, async (_, reader) => {
      while (!isOver) {
        expect([1, 2]).toContain((await ask(`unit-${reader}`)).version);
        answered += 1;
        await new Promise(setImmediate);
      }
    });
    for (let turn = 0; turn < 6; turn++) {
      await activateVersion(deps, turn % 2 === 0 ? two.id : one.id);
      const before = answered;
      while (answered < before + 20) await new Promise(setImmediate);
    }
    isOver = true;
    await Promise.all(load);
    expect(answered).toBeGreaterThanOrEqual(120);
  });

  it("refuses a version with one wrong byte, and goes on serving the other", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    const first = await ask();
    const path = join(folder, `${two.artefactHash}.model`);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    expect(await reasonOf(operator().ml.models.activate({ versionId: two.id }))).toBe("model_corrupt");
    expect(await reasonOf(operator().ml.models.startRollout({ versionId: two.id }))).toBe("model_corrupt");
    expect(await ask()).toMatchObject({ version: 1, score: first.score });
    const { versions } = await operator().ml.models.verify();
    expect(versions.find(({ id }) => id === two.id)!.problem).toContain("checksum");
    expect(versions.find(({ id }) => id === one.id)!.problem).toBeNull();
  });

  it("does not go back to a version whose file was damaged since, though it is in memory", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await activateVersion(deps, two.id);
    await writeFile(join(folder, `${one.artefactHash}.model`), "not this");
    expect(await reasonOf(operator().ml.models.rollBack({ name: "lifetime" }))).toBe("model_corrupt");
    expect(await ask()).toMatchObject({ version: 2 });
    const live = await findActivation(test.db, "CUSTOM", "global");
    expect(live).toMatchObject({ versionId: two.id });
  });

  it("keeps the chain of acts whole through switches, an open rollout included", async () => {
    const [one, two, three] = [await register(0), await register(1), await register(0)];
    await activateVersion(deps, one.id);
    await operator().ml.models.startRollout({ versionId: two.id });
    await Promise.all([activateVersion(deps, three.id), activateVersion(deps, two.id)]);
    await operator().ml.models.rollBack({ name: "lifetime" });
    const chain = await verifyAudit(test.db);
    expect(chain.broken).toBeUndefined();
    expect(chain.entries).toBe(8);
    const [rollout] = await test.db.select().from(modelRollouts);
    expect(rollout).toMatchObject({ status: "stopped", endedAt: expect.any(Date) });
  });

  it("keeps what served before when the live file is damaged afterwards, and says so", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await ask();
    // Another process makes the second live; its file is damaged before this one reads it.
    const other = serve();
    await writeFile(join(folder, `${two.artefactHash}.model`), "not this");
    await test.handle.transaction(async (tx) => {
      const live = (await findActivation(tx, "CUSTOM", "global"))!;
      await tx.update(modelActivations).set({ endedAt: testNow }).where(eq(modelActivations.seq, live.seq));
      const next = { versionId: two.id, kind: "activated" as const, activatedAt: testNow };
      await tx.insert(modelActivations).values({ type: "CUSTOM", scope: "global", ...next });
    });
    await other.changed();
    expect(await ask()).toMatchObject({ version: 1 });
    expect(models.health().problem).toContain("checksum");
    expect(await reasonOf(serve().predict({ name: "lifetime", input, unit: "x" }))).toBe("model_not_serving");
  });

  it("refuses a version whose golden predictions do not come out exactly", async () => {
    const version = await register(0);
    const golden = version.golden.map((one, at) => (at === 7 ? { ...one, score: one.score + 1e-9 } : one));
    await test.db.update(modelVersions).set({ golden }).where(eq(modelVersions.id, version.id));
    expect(await reasonOf(activateVersion(deps, version.id))).toBe("model_corrupt");
  });

  it("shadows without being seen, then rolls out: who has the challenger keeps it", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await operator().ml.models.startRollout({ versionId: two.id });
    await askMany(30);
    const shadowed = async () => {
      await models.flush();
      const kept = await test.db.select().from(modelPredictions).where(eq(modelPredictions.arm, "shadow"));
      return kept.map(({ versionId }) => versionId);
    };
    await expect.poll(shadowed).toEqual(Array.from({ length: 30 }, () => two.id));
    const shares: Set<string>[] = [];
    for (const percent of [5, 25, 50, 100]) {
      await operator().ml.models.stepRollout({ name: "lifetime", percent });
      const has = new Set<string>();
      for (let unit = 0; unit < 120; unit++)
        if ((await ask(`unit-${unit}`)).version === 2) has.add(`unit-${unit}`);
      for (const unit of shares.at(-1) ?? []) expect(has).toContain(unit);
      shares.push(has);
    }
    expect(shares.at(-1)!.size).toBe(120);
    expect((await models.champion("lifetime"))!.id).toBe(two.id);
    expect(await reasonOf(operator().ml.models.stepRollout({ name: "lifetime", percent: 50 }))).toBe(
      "rollout_not_possible",
    );
  });

  it("refuses rollouts beside nothing, beside itself, and two at once", async () => {
    const [one, two] = [await register(0), await register(1)];
    const start = (versionId: string) => reasonOf(operator().ml.models.startRollout({ versionId }));
    expect(await start(two.id)).toBe("rollout_not_possible");
    await activateVersion(deps, one.id);
    expect(await start(one.id)).toBe("rollout_not_possible");
    expect(await start(two.id)).toBe("ok");
    expect(await start(two.id)).toBe("rollout_not_possible");
    expect(await start(newId())).toBe("model_version_not_found");
  });

  it("rolls a slow challenger back by itself, with an alert and two lines of audit", async () => {
    let at = 0;
    // A clock of this test's own: the challenger is told to be slower, and nobody waits for it.
    models = serve({ elapsed: () => at });
    deps = { ...deps, models };
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await operator().ml.models.startRollout({ versionId: two.id });
    await operator().ml.models.stepRollout({ name: "lifetime", percent: 25 });
    const { rollout } = await operator().ml.models.card({ versionId: two.id });
    const slow = Array.from({ length: 25 }, () => ({
      versionId: two.id,
      rolloutId: rollout!.id,
      arm: "challenger" as const,
      input,
      score: 1,
      executionMs: 500,
      at: clock.now(),
    }));
    expect(await operator().ml.models.watch()).toEqual({ watched: 1, rolledBack: 0 });
    await test.db.insert(modelPredictions).values(slow);
    expect(await operator().ml.models.watch()).toEqual({ watched: 1, rolledBack: 1 });
    at += 5_000;
    for (let unit = 0; unit < 60; unit++) expect((await ask(`unit-${unit}`)).version).toBe(1);
    const card = await operator().ml.models.card({ versionId: two.id });
    expect(card.rollouts[0]).toMatchObject({ status: "rolled_back", percent: 25 });
    expect(card.rollouts[0]!.endReason).toContain("p95 is 500 ms");
    const alerts = await test.db.select().from(liveMessages).where(eq(liveMessages.type, "SYSTEM_ALERT"));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.topic).toBe("operate:monitor");
    const acts = await operator().ml.models.audit({ limit: 1 });
    expect(acts[0]).toMatchObject({ action: "model.rolled_back", subject: two.id, actorUserId: null });
    const log = await test.db.select().from(auditLog).where(eq(auditLog.action, "model.rolled_back"));
    expect(log).toHaveLength(1);
  });

  it("really waits for a challenger that was slowed down, in demo and test worlds alone", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await operator().ml.models.startRollout({ versionId: two.id });
    await operator().ml.models.stepRollout({ name: "lifetime", percent: 50 });
    await operator().ml.models.slowDown({ name: "lifetime", delayMs: 30 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, unit) => ask(`unit-${unit}`)));
    const slow = answers.filter(({ arm }) => arm === "challenger");
    expect(slow.length).toBeGreaterThan(0);
    // A timer may fire a millisecond early.
    for (const { executionMs } of slow) expect(executionMs).toBeGreaterThanOrEqual(28);
    const routes = router(modelsRoutes({ models, bus, allowsTestSwitch: false }));
    const live = createCallerFactory(routes)(
      aRequestContext(test.handle, { clock, caller: callerNamed("ines", { roles: ["operator"] }) }),
    );
    expect(await reasonOf(live.ml.models.slowDown({ name: "lifetime", delayMs: 30 }))).toBe(
      "test_switch_off",
    );
  });

  it("keeps inputs without anybody in them, with version, score and time", async () => {
    await activateVersion(deps, (await register(0)).id);
    const { score, versionId } = await as("maya").ml.predict({ name: "lifetime", input });
    await models.flush();
    const [kept] = await test.db.select().from(modelPredictions);
    expect(kept).toMatchObject({ versionId, score, arm: "champion", input, isError: false });
    expect(JSON.stringify(kept)).not.toMatch(/maya|@|phone/);
    expect(kept!.executionMs).toBeGreaterThanOrEqual(0);
  });

  it("refuses what is no input, and never fails on it", async () => {
    await activateVersion(deps, (await register(0)).id);
    const asked = (given: unknown) =>
      reasonOf(as("maya").ml.predict({ name: "lifetime", input: given } as never));
    const hostile: unknown[] = [
      { ...input, repeats: Number.NaN },
      { ...input, repeats: Number.POSITIVE_INFINITY },
      { ...input, repeats: 1e300 },
      { ...input, repeats: "1; drop table orders" },
      { ...input, email: 7 },
      { ...input, ["x".repeat(5_000)]: 1 },
      Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`n${at}`, at])),
      JSON.parse('{"__proto__": 5}'),
      [],
      null,
      "text",
    ];
    for (const given of hostile)
      expect(await asked(given), JSON.stringify(given)?.slice(0, 80)).toBe("input_invalid");
    expect(await test.db.$count(modelPredictions)).toBe(0);
  });

  it("answers sixty questions a minute and user, and tells the next when to come back", async () => {
    await activateVersion(deps, (await register(0)).id);
    const headers = new Headers();
    const shopper = as("maya", [], { limiter: createRateLimiter(), responseHeaders: headers });
    for (let n = 0; n < 60; n++) await shopper.ml.predict({ name: "lifetime", input });
    expect(await reasonOf(shopper.ml.predict({ name: "lifetime", input }))).toBe("too_many_requests");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("replays what one version was asked against another, and exactly against itself", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await askMany(12);
    const same = await operator().ml.models.replay({ from: one.id, to: one.id });
    expect(same).toMatchObject({ replayed: 12, changed: 0, largestChange: 0 });
    const other = await operator().ml.models.replay({ from: one.id, to: two.id });
    expect(other).toMatchObject({ replayed: 12, changed: 12, refused: 0 });
  });

  it("locates an act that was altered in the database", async () => {
    const [one, two] = [await register(0), await register(1)];
    await activateVersion(deps, one.id);
    await activateVersion(deps, two.id);
    expect((await operator().ml.models.verify()).audit).toMatchObject({ entries: 4 });
    await test.db.update(modelAudit).set({ action: "model.registered" }).where(eq(modelAudit.seq, 3));
    const { audit } = await operator().ml.models.verify();
    expect(audit.broken).toEqual({ seq: 3, why: "entry 3 was altered" });
  });

  it("serves the rest where the mathematics cannot be loaded, and says so", async () => {
    await activateVersion(deps, (await register(0)).id);
    const bare = serve({ loadMathematics: () => Promise.reject(new Error("no such package")) });
    expect(await reasonOf(bare.predict({ name: "lifetime", input, unit: "x" }))).toBe("model_not_serving");
    expect(bare.health().problem).toContain("mathematics");
    expect(await bare.champion("lifetime")).toBeUndefined();
  });

  describe("training on what is in the database", () => {
    const { histories } = simulatedHistories({ ...simulated, seed: 5, shoppers: 220 });
    const nameOf = (at: number): string => `buyer-${at}`;

    async function writeOrders(): Promise<void> {
      await buildMarket(test.db);
      await insertMany(
        test.db,
        shoppers,
        histories.map((_, at) => ({
          id: shopperIdOf(nameOf(at)),
          createdAt: new Date(testNow.getTime() - days(800)),
        })),
      );
      const rows = histories.flatMap(({ orders: own }, at) =>
        own.map((order, n) => {
          const placedAt = new Date(order.at);
          const money = { subtotalCents: order.cents, totalCents: order.cents, holdCents: order.cents };
          const key = `${at}/${n}`;
          return {
            id: newId<OrderId>(order.at),
            number: `T-${key}`,
            shopperId: shopperIdOf(nameOf(at)),
            marketId: marketIdOf("riverside"),
            status: "collected" as const,
            ...money,
            idempotencyKey: key,
            requestHash: key,
            placedAt,
            updatedAt: placedAt,
          };
        }),
      );
      await insertMany(test.db, orders, rows);
    }
    const fill = (): Promise<void> => test.fill("orders of two years", writeOrders);

    const work = () =>
      createJobRunner({
        handle: test.handle,
        clock,
        log: silentLogger,
        jobs: modelJobs({ models, bus, codeCommit: "test" }),
      });

    it("is refused to farmers, queued once for operators, and says INSUFFICIENT_DATA on an empty farm", async () => {
      expect(await reasonOf(as("tomas").ml.train({ name: "churn" }))).toBe("right_missing");
      const [first, again] = [
        await operator().ml.train({ name: "churn" }),
        await operator().ml.train({ name: "churn" }),
      ];
      expect(again).toEqual({ runId: first.runId, isNew: false });
      expect((await operator().ml.run({ runId: first.runId })).status).toBe("QUEUED");
      await work().drain();
      expect(await operator().ml.run({ runId: first.runId })).toMatchObject({
        status: "INSUFFICIENT_DATA",
        versionId: null,
        rowsLearned: 0,
      });
    });

    it("makes a version with its lineage, goes live when it is the first, and tells of every shopper", async () => {
      await fill();
      for (const name of ["churn", "lifetime"] as const) await operator().ml.train({ name, seed: 3 });
      await work().drain();
      const listed = (await operator().ml.models.list()).models.filter(({ name }) => name !== "season");
      expect(listed).toHaveLength(2);
      for (const { champion, runs, versions } of listed) {
        expect(runs[0]).toMatchObject({ status: "DONE", seed: 3 });
        expect(champion).toBe(versions[0]!.id);
      }
      const card = await operator().ml.models.card({ versionId: listed[0]!.champion! });
      expect(card.metrics.measures[0]!.name).toBe("AUC");
      expect(card.lineage).toMatchObject({ codeCommit: "test", seed: 3, goldenPredictions: 20 });
      expect(card.lineage.dataHash).toMatch(/^[0-9a-f]{64}$/);
      expect(card.isChampion).toBe(true);
      const overview = await operator().admin.outlook.overview({});
      expect(overview.active + overview.away + overview.new + overview.resting).toBe(220);
      expect(overview.atRisk).toBeGreaterThan(0);
      expect(overview.shoppers[0]!.reasons.length).toBeGreaterThan(0);
      const own = await outlookNow(deps, overview.shoppers[0]!.shopperId);
      expect(own!.churnRisk.probability).toBe(overview.shoppers[0]!.churnProbability);
      expect(own!.lifetimeValue!.lowCents).toBeLessThanOrEqual(own!.lifetimeValue!.highCents);
    });

    it("names the price when prices are three times as high, and puts what it learns then into the shadow", async () => {
      await fill();
      await operator().ml.train({ name: "lifetime", seed: 3 });
      await work().drain();
      await test.db.update(orders).set({ totalCents: sql`3 * total_cents` });
      const { drifts } = await operator().admin.outlook.recompute();
      expect(drifts.map(({ name }) => name)).toEqual(["lifetime"]);
      expect(drifts[0]!.drifted).toContain("meanCents");
      const alerts = await test.db.select().from(liveMessages).where(eq(liveMessages.type, "SYSTEM_ALERT"));
      expect(JSON.stringify(alerts.at(-1)!.payload)).toContain("Mean total of an order");
      await work().drain();
      const listed = (await operator().ml.models.list()).models.find(({ name }) => name === "lifetime")!;
      expect(listed.runs[0]).toMatchObject({ reason: "drift", status: "DONE" });
      expect(listed.challenger).toMatchObject({ versionId: listed.versions[0]!.id, percent: 0 });
      expect((await operator().admin.outlook.recompute()).drifts).toEqual([]);
    });

    it("gives shoppers of a rollout's share its answers at night, and notes both arms in the shadow", async () => {
      await fill();
      await operator().ml.train({ name: "churn", seed: 3 });
      await work().drain();
      await operator().ml.train({ name: "churn", seed: 4 });
      await work().drain();
      const [second, first] = (await operator().ml.models.list()).models[0]!.versions;
      await operator().ml.models.startRollout({ versionId: second!.id });
      await operator().admin.outlook.recompute();
      const byVersion = async () => {
        const rows = await test.db.select().from(shopperOutlooks).where(eq(shopperOutlooks.state, "active"));
        return (id: string): number => rows.filter(({ churnVersionId }) => churnVersionId === id).length;
      };
      expect((await byVersion())(second!.id)).toBe(0);
      const noted = await test.db.select().from(modelPredictions);
      const of = (arm: string) => noted.filter((row) => row.arm === arm).length;
      expect(of("shadow")).toBe(of("champion"));
      expect(of("shadow")).toBe((await byVersion())(first!.id));
      await operator().ml.models.stepRollout({ name: "churn", percent: 50 });
      await operator().admin.outlook.recompute();
      const count = await byVersion();
      expect(count(second!.id)).toBeGreaterThan(0);
      expect(count(first!.id)).toBeGreaterThan(0);
    });

    it("reads nothing that was not known by its moment, though it happened before", async () => {
      await fill();
      const maya = shopperIdOf(nameOf(1));
      const act = (occurredAt: Date, recordedAt: Date) => ({
        id: newId<EventId>(),
        action: "VIEW_PRODUCT",
        shopperId: maya,
        traceId: "test",
        occurredAt,
        recordedAt,
      });
      const ago = (n: number): Date => new Date(testNow.getTime() - days(n));
      const before = await readWorld(test.db, ago(10));
      await test.db.insert(actionEvents).values([act(ago(20), ago(5)), act(ago(3), ago(3))]);
      await test.db
        .update(orders)
        .set({ totalCents: 1 })
        .where(sql`placed_at > ${ago(10).toISOString()}::timestamptz`);
      expect(await readWorld(test.db, ago(10))).toEqual(before);
      expect(await readWorld(test.db, ago(4))).not.toEqual(before);
    });

    it("tells of a shopper who came since last night by the same functions, and nothing of who refused", async () => {
      await fill();
      await operator().ml.train({ name: "lifetime", seed: 3 });
      await work().drain();
      const someone = shopperIdOf(nameOf(0));
      const stored = await outlookNow(deps, someone);
      await test.db.delete(shopperOutlooks);
      expect((await outlookNow(deps, someone))!.lifetimeValue).toEqual(stored!.lifetimeValue);
      // Of somebody who looked around and never ordered too little is known.
      const stranger = shopperIdOf("stranger");
      await test.db
        .insert(shoppers)
        .values({ id: stranger, createdAt: new Date(testNow.getTime() - days(1)) });
      expect(await outlookNow(deps, stranger)).toMatchObject({ state: "new", lifetimeValue: null });
      await test.db.delete(shopperOutlooks);
      await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, someone));
      expect(await outlookNow(deps, someone)).toBeUndefined();
    });
  });

  afterAll(() => bus.close());
});
