import { beforeEach, describe, expect, it } from "vitest";
import { asc, eq } from "drizzle-orm";
import { insertMany } from "@almanac/db";
import { auditLog, experimentExposures, liveMessages, searchLog, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  callerNamed,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { mergeVisitor } from "@almanac/identity";
import {
  AppError,
  idFromName,
  isAppError,
  minutes,
  newId,
  shiftedClock,
  type ShiftedClock,
  type ShopperId,
} from "@almanac/kernel";
import {
  anonymousCaller,
  createCallerFactory,
  router,
  silentLogger,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import { bucketOf } from "./core/bucketing.ts";
import { experimentsMergeStep } from "./personal-data.ts";
import { lookAt } from "./results.ts";
import {
  createExperimentsService,
  experimentsRoutes,
  ensureHoldout,
  type ExperimentsService,
} from "./router.ts";
import { insertExposure, mergeExposures } from "./store/exposures.ts";

const draft = {
  key: "search-weights",
  name: "More season in the order",
  surface: "search" as const,
  arms: [
    { key: "control", name: "As it is", weight: 0.5 },
    { key: "season", name: "More season", weight: 0.5, config: { rankingVersionId: "v2" } },
  ],
  primaryMetric: "search_ctr" as const,
};

describeOnEveryDatabase("experiments", (test) => {
  const bus = createInProcessBus();
  let clock: ShiftedClock;
  let service: ExperimentsService;

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    for (const name of ["maya", "ines"]) await buildPerson(test.db, name);
    service = createExperimentsService({ handle: test.handle, bus, clock, log: silentLogger });
    return () => service.close();
  });

  const operator = (): Caller => ({ ...callerNamed("ines"), roles: ["operator"] });
  const as = (caller: Caller, allowsSimulation = true, context: Partial<RequestContext> = {}) => {
    const { admin, ...routes } = experimentsRoutes({
      experiments: service,
      bus,
      allowsSimulation,
      async checkArm(surface, { config }) {
        if (config["reranker"] === 404) throw new AppError("experiment_arm_unknown", `None on ${surface}.`);
      },
    });
    return createCallerFactory(router({ ...routes, admin: router(admin) }))({
      ...aRequestContext(test.handle, { caller, clock }),
      ...context,
    });
  };
  const codeOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    const cause = error instanceof Error ? error.cause : undefined;
    return isAppError(cause) ? cause.code : error instanceof Error ? error.message : undefined;
  };
  const run = async (changes: object = {}): Promise<string> => {
    const { id } = await as(operator()).admin.experiments.create({ ...draft, ...changes });
    await as(operator()).admin.experiments.start({ id });
    return id;
  };
  /** A visitor whom the hash deals a certain arm. */
  const visitorIn = async (arm: "control" | "season", seed: string = draft.key): Promise<ShopperId> => {
    for (let i = 0; ; i++) {
      const id = idFromName<ShopperId>("experiments/visitor", `${arm}/${i}`);
      if (bucketOf(id, `${seed}/arm`) < 0.5 !== (arm === "control")) continue;
      await test.db
        .insert(shoppers)
        .values({ id, createdAt: testNow, lastSeenAt: testNow })
        .onConflictDoNothing();
      return id;
    }
  };
  const visitor = (shopperId: ShopperId): Caller => ({ ...anonymousCaller, shopperId });
  const exposures = () =>
    test.db.select().from(experimentExposures).orderBy(asc(experimentExposures.exposedAt));

  describe("a draft that is not wanted", () => {
    it("is taken away with a line in the audit log, and nothing that runs can be", async () => {
      const { id } = await as(operator()).admin.experiments.create(draft);
      await as(operator()).admin.experiments.discard({ id });
      expect(await codeOf(as(operator()).admin.experiments.get({ id }))).toBe("experiment_not_found");
      const running = await run({ key: "another" });
      expect(await codeOf(as(operator()).admin.experiments.discard({ id: running }))).toBe(
        "experiment_not_editable",
      );
      const lines = await test.db.select().from(auditLog).where(eq(auditLog.action, "experiment.discarded"));
      expect(lines).toMatchObject([{ subject: id, details: { key: draft.key } }]);
      const holdout = await ensureHoldout({ handle: test.handle, clock });
      expect(await codeOf(as(operator()).admin.experiments.discard({ id: holdout }))).toBe(
        "experiment_not_editable",
      );
    });
  });

  describe("a draft", () => {
    it("is refused when the shares of its arms do not sum to one", async () => {
      const arms = [draft.arms[0]!, { ...draft.arms[1]!, weight: 0.6 }];
      expect(await codeOf(as(operator()).admin.experiments.create({ ...draft, arms }))).toBe(
        "weights_do_not_sum",
      );
    });

    it("is refused when its key is taken or its metric is not measured where it runs", async () => {
      const { create } = as(operator()).admin.experiments;
      await create(draft);
      expect(await codeOf(create(draft))).toBe("experiment_key_taken");
      expect(await codeOf(create({ ...draft, key: "other", primaryMetric: "recommendation_ctr" }))).toBe(
        "input_invalid",
      );
    });

    it("changes nothing for anybody until it is started, and cannot be changed afterwards", async () => {
      const { id } = await as(operator()).admin.experiments.create(draft);
      expect(await as(visitor(await visitorIn("season"))).experiments.assignments({})).toEqual([]);
      const { key: _, ...plan } = draft;
      await as(operator()).admin.experiments.update({ id, ...plan, name: "Better name" });
      await as(operator()).admin.experiments.start({ id });
      expect(await codeOf(as(operator()).admin.experiments.update({ id, ...plan }))).toBe(
        "experiment_not_editable",
      );
      expect(await codeOf(as(operator()).admin.experiments.start({ id }))).toBe("experiment_not_editable");
    });

    it("is not started while an arm names what there is not, and is once it does not", async () => {
      const named = (reranker: number) => [draft.arms[0]!, { ...draft.arms[1]!, config: { reranker } }];
      const { key: _, ...plan } = draft;
      const { id } = await as(operator()).admin.experiments.create({ ...draft, arms: named(404) });
      expect(await codeOf(as(operator()).admin.experiments.start({ id }))).toBe("experiment_arm_unknown");
      expect(await as(operator()).admin.experiments.get({ id })).toMatchObject({ status: "draft" });
      await as(operator()).admin.experiments.update({ id, ...plan, arms: named(3) });
      await as(operator()).admin.experiments.start({ id });
      expect(await as(operator()).admin.experiments.get({ id })).toMatchObject({ status: "running" });
    });

    it("cannot be started on a part of a namespace that another one has", async () => {
      const at = (key: string, from: number, to: number) =>
        run({ key, namespace: { name: "search", from, to } });
      await at("left", 0, 0.5);
      await at("right", 0.5, 1);
      expect(await codeOf(at("middle", 0.4, 0.6))).toBe("namespace_taken");
    });

    it("is for operators; analysts read, shoppers do neither", async () => {
      const analyst: Caller = { ...callerNamed("ines"), roles: ["analyst"] };
      expect(await as(analyst).admin.experiments.list({})).toEqual([]);
      expect(await codeOf(as(analyst).admin.experiments.create(draft))).toBe("right_missing");
      expect(await codeOf(as(callerNamed("maya")).admin.experiments.list({}))).toBe("right_missing");
      expect(await codeOf(as(anonymousCaller).admin.experiments.list({}))).toBe("sign_in_required");
    });
  });

  describe("a running experiment", () => {
    it("gives each shopper the arm of the hash, with what the arm sets", async () => {
      await run();
      const [season] = await as(visitor(await visitorIn("season"))).experiments.assignments({});
      expect(season).toEqual({
        key: "search-weights",
        surface: "search",
        arm: "season",
        config: { rankingVersionId: "v2" },
        isPartaking: true,
      });
      const shopperId = await visitorIn("control");
      expect((await service.chooseArm({ surface: "search", shopperId })).config).toEqual({});
      expect((await service.chooseArm({ surface: "recommendations", shopperId })).assignments).toEqual([]);
    });

    it("deals a browser that has not shopped yet by its cookie, and makes no shopper of whoever asks", async () => {
      await run();
      const id = await visitorIn("season");
      await test.db.delete(shoppers).where(eq(shoppers.id, id));
      const before = await test.db.$count(shoppers);
      const armFor = async (visitorId?: ShopperId) =>
        (await as(anonymousCaller, true, { visitorId: () => visitorId }).experiments.assignments({}))[0];
      expect(await armFor(id)).toMatchObject({ arm: "season", isPartaking: true });
      expect(await armFor()).toMatchObject({ arm: "control", isPartaking: false });
      expect(await test.db.$count(shoppers)).toBe(before);
    });

    it("notes an exposure once, when it was rendered, and only in the arm that is the shopper's", async () => {
      await run();
      const id = await visitorIn("season");
      expect(await exposures()).toEqual([]);
      const { expose } = as(visitor(id)).experiments;
      expect(await expose({ rendered: [{ key: draft.key, arm: "control" }] })).toEqual({ noted: [] });
      expect(await expose({ rendered: [{ key: draft.key, arm: "season" }] })).toEqual({ noted: [draft.key] });
      clock.advance(minutes(5));
      await expose({ rendered: [{ key: draft.key, arm: "season" }] });
      expect(await exposures()).toMatchObject([{ shopperId: id, arm: "season", exposedAt: testNow }]);
    });

    it("leaves whoever refused to be followed alone, and counts them nowhere", async () => {
      await run();
      const id = await visitorIn("season");
      await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, id));
      expect(await as(visitor(id)).experiments.assignments({})).toMatchObject([
        { arm: "control", isPartaking: false },
      ]);
      await as(visitor(id)).experiments.expose({ rendered: [{ key: draft.key, arm: "control" }] });
      expect(await exposures()).toEqual([]);
    });

    it("tells open pages when it is stopped, gives everybody control and writes no exposure any more", async () => {
      const id = await run();
      const shopperId = await visitorIn("season");
      await as(operator()).admin.experiments.stop({ id, reason: "Enough" });
      const messages = await test.db.select().from(liveMessages).orderBy(asc(liveMessages.seq));
      expect(messages.map(({ topic, type, payload }) => [topic, type, payload])).toEqual([
        ["system", "VARIANT_CHANGED", { key: draft.key, surface: "search", status: "running" }],
        ["system", "VARIANT_CHANGED", { key: draft.key, surface: "search", status: "stopped" }],
      ]);
      expect(await as(visitor(shopperId)).experiments.assignments({ fresh: true })).toEqual([]);
      // A process that has not heard of it yet:
      const late = { experimentId: id, shopperId, arm: "season", exposedAt: clock.now() };
      expect(await insertExposure(test.db, late)).toBe(false);
      expect(await exposures()).toEqual([]);
    });

    it("has no exposure after its end, however many come while it is being stopped", async () => {
      const id = await run();
      const people = Array.from({ length: 60 }, () => newId<ShopperId>());
      const work = people.map((shopperId, i) => async () => {
        clock.advance(1);
        if (i === 30) await as(operator()).admin.experiments.stop({ id });
        return insertExposure(test.db, {
          experimentId: id,
          shopperId,
          arm: "season",
          exposedAt: clock.now(),
        });
      });
      await Promise.all(work.map((one) => one()));
      const { stoppedAt } = await as(operator()).admin.experiments.get({ id });
      const rows = await exposures();
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row.exposedAt.getTime()).toBeLessThanOrEqual(Date.parse(stoppedAt!));
    });

    it("writes who did what to it in the audit log", async () => {
      const id = await run();
      await as(operator()).admin.experiments.rollOut({ id, rollout: 0.25 });
      await as(operator()).admin.experiments.stop({ id });
      const lines = await test.db.select().from(auditLog).orderBy(asc(auditLog.seq));
      expect(lines.map(({ action, subject }) => [action, subject])).toEqual(
        ["experiment.created", "experiment.started", "experiment.rolled_out", "experiment.stopped"].map(
          (action) => [action, id],
        ),
      );
    });

    it("keeps what its split was up to the moment at which an arm was stopped", async () => {
      const third = 1 / 3;
      const [control, season] = draft.arms;
      const arms = [
        { ...control, weight: third },
        { ...season, weight: third },
        { key: "fresh", name: "Fresh first", weight: third },
      ];
      const id = await run({ arms });
      const come = (counts: Record<string, number>) =>
        insertMany(
          test.db,
          experimentExposures,
          Object.entries(counts).flatMap(([arm, n]) =>
            Array.from({ length: n }, () => ({
              experimentId: id,
              shopperId: newId<ShopperId>(),
              arm,
              exposedAt: clock.now(),
            })),
          ),
        );
      const ratio = async () => (await as(operator()).admin.experiments.results({ id })).ratio;
      await come({ control: 200, season: 200, fresh: 100 });
      expect(await ratio()).toMatchObject({
        isAlarm: true,
        periods: [{ arms: ["control", "season", "fresh"] }],
      });
      await as(operator()).admin.experiments.stopArm({ id, arm: "fresh" });
      clock.advance(minutes(1));
      await come({ control: 50, season: 50 });
      const [before, after] = (await ratio()).periods;
      expect(before).toMatchObject({ arms: ["control", "season", "fresh"], isAlarm: true });
      expect(after).toMatchObject({ arms: ["control", "season"], isAlarm: false });
      expect(after?.chiSquare).toBeCloseTo(0, 12);
      expect((await ratio()).isAlarm).toBe(true);
    });

    it("ends when its last arm is stopped, and only treatments can be", async () => {
      const id = await run();
      expect(await codeOf(as(operator()).admin.experiments.stopArm({ id, arm: "control" }))).toBe(
        "experiment_not_editable",
      );
      await as(operator()).admin.experiments.stopArm({ id, arm: "season" });
      expect(await as(operator()).admin.experiments.get({ id })).toMatchObject({ status: "stopped" });
    });
  });

  describe("signing in", () => {
    const signIn = async (from: ShopperId) =>
      test.handle.transaction((tx) =>
        mergeVisitor(tx, from, shopperIdOf("maya"), { clock, steps: [experimentsMergeStep] }),
      );
    const armOfMaya = async () => (await as(callerNamed("maya")).experiments.assignments({}))[0]?.arm;
    const otherArm = async () => {
      await run();
      return (await armOfMaya()) === "control" ? ("season" as const) : ("control" as const);
    };

    it("keeps the arm that the visitor saw, against the hash of the account", async () => {
      const arm = await otherArm();
      const id = await visitorIn(arm);
      await as(visitor(id)).experiments.expose({ rendered: [{ key: draft.key, arm }] });
      await signIn(id);
      expect(await armOfMaya()).toBe(arm);
      expect(await exposures()).toMatchObject([{ shopperId: shopperIdOf("maya"), arm, isCrossed: false }]);
      // And on another device, where nothing is known but the account.
      expect(
        await as(callerNamed("maya")).experiments.expose({ rendered: [{ key: draft.key, arm }] }),
      ).toEqual({
        noted: [draft.key],
      });
    });

    it("marks whoever saw one arm as a visitor and another with the account, and counts them for the account's", async () => {
      const arm = await otherArm();
      const own = arm === "control" ? "season" : "control";
      await as(callerNamed("maya")).experiments.expose({ rendered: [{ key: draft.key, arm: own }] });
      const id = await visitorIn(arm);
      await as(visitor(id)).experiments.expose({ rendered: [{ key: draft.key, arm }] });
      await signIn(id);
      expect(await armOfMaya()).toBe(own);
      expect(await exposures()).toMatchObject([
        { shopperId: shopperIdOf("maya"), arm: own, isCrossed: true },
      ]);
      const [experiment] = await as(operator()).admin.experiments.list({});
      const { crossed, exposed, values } = await as(operator()).admin.experiments.results({
        id: experiment!.id,
      });
      expect(crossed).toBe(1);
      const counted = Object.fromEntries(exposed.map(({ arm: key, shoppers: count }) => [key, count]));
      expect(counted).toEqual({ [own]: 1, [arm]: 0 });
      const measured = values
        .filter(({ metric }) => metric === "conversion")
        .map(({ arm: key, n }) => [key, n]);
      expect(Object.fromEntries(measured)).toEqual(counted);
    });

    it("changes nothing for a visitor who was shown nothing", async () => {
      const before = await otherArm();
      await signIn(await visitorIn(before));
      expect(await armOfMaya()).not.toBe(before);
    });
  });

  describe("the holdout of recommendations", () => {
    it("is made once, as a draft, and holds 5 % out of other experiments there while it runs", async () => {
      const id = await ensureHoldout({ handle: test.handle, clock });
      expect(await ensureHoldout({ handle: test.handle, clock })).toBe(id);
      await run({ key: "for-you", surface: "recommendations", primaryMetric: "recommendation_ctr" });
      const held = async () => {
        const ids = Array.from({ length: 200 }, (_, i) => idFromName<ShopperId>("held", String(i)));
        const all = await Promise.all(ids.map((shopperId) => service.assignments(shopperId)));
        return all.filter((list) => list.some(({ reason }) => reason === "held_out")).length;
      };
      expect(await held()).toBe(0);
      await as(operator()).admin.experiments.start({ id });
      const count = await held();
      expect(count).toBeGreaterThan(2);
      expect(count).toBeLessThan(20);
    });

    it("keeps its split when shoppers sign in who saw the other side as visitors", async () => {
      const id = await ensureHoldout({ handle: test.handle, clock });
      await as(operator()).admin.experiments.start({ id });
      const ofAccounts = (i: number) => idFromName<ShopperId>("account", String(i));
      const armOf = async (shopperId: ShopperId) => (await service.assignments(shopperId))[0]!.arm.key;
      const exposedAt = clock.now();
      const accounts: { shopperId: ShopperId; arm: string }[] = [];
      for (let i = 0; i < 600; i++)
        accounts.push({ shopperId: ofAccounts(i), arm: await armOf(ofAccounts(i)) });
      await insertMany(
        test.db,
        experimentExposures,
        accounts.map((account) => ({ ...account, experimentId: id, exposedAt })),
      );
      const sizes = async () => {
        const { exposed, ratio } = await as(operator()).admin.experiments.results({ id });
        return { sizes: exposed.map(({ shoppers: count }) => count), isAlarm: ratio.isAlarm };
      };
      const before = await sizes();
      expect(before.isAlarm).toBe(false);
      // Every held-out account comes back on a device where it saw recommendations.
      for (const { shopperId, arm } of accounts) {
        if (arm !== "held-out") continue;
        const visitorId = newId<ShopperId>();
        await insertExposure(test.db, {
          experimentId: id,
          shopperId: visitorId,
          arm: "recommended",
          exposedAt,
        });
        await test.handle.transaction((tx) => mergeExposures(tx, visitorId, shopperId, exposedAt));
      }
      expect(await sizes()).toEqual(before);
    });
  });
});

describeOnEveryDatabase("results of an experiment", (test) => {
  const bus = createInProcessBus();
  let clock: ShiftedClock;
  let service: ExperimentsService;
  let id: string;

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db);
    await buildPerson(test.db, "ines");
    service = createExperimentsService({ handle: test.handle, bus, clock, log: silentLogger });
    return () => service.close();
  });

  const api = (allowsSimulation = true) => {
    const { admin } = experimentsRoutes({ experiments: service, bus, allowsSimulation });
    const caller: Caller = { ...callerNamed("ines"), roles: ["operator"] };
    return createCallerFactory(router({ admin: router(admin) }))(
      aRequestContext(test.handle, { caller, clock }),
    ).admin.experiments;
  };
  const start = async (changes: object = {}) => {
    ({ id } = await api().create({ ...draft, ...changes }));
    await api().start({ id });
    clock.advance(minutes(60));
  };
  const writeShoppers = async (n: number): Promise<ShopperId[]> => {
    const ids = Array.from({ length: n }, () => newId<ShopperId>());
    const at = clock.now();
    await insertMany(
      test.db,
      shoppers,
      ids.map((shopperId) => ({ id: shopperId, createdAt: at, lastSeenAt: at })),
    );
    return ids;
  };
  /** Shoppers in both arms with one search each, which took so long and was clicked in a share of cases. */
  const writeSearches = async (
    arm: string,
    { n, ms, clicked }: { n: number; ms: number; clicked: number },
  ) => {
    const ids = await writeShoppers(n);
    const at = clock.now();
    await insertMany(
      test.db,
      experimentExposures,
      ids.map((shopperId) => ({
        experimentId: id,
        shopperId,
        arm,
        marketId: marketIdOf("riverside"),
        exposedAt: at,
      })),
    );
    await insertMany(
      test.db,
      searchLog,
      ids.map((shopperId, i) => ({
        id: newId(),
        shopperId,
        query: "tomato",
        algorithm: "five_terms",
        isPersonalised: "no" as const,
        resultsCount: 1,
        shownIds: [productIdOf("heirloom-tomato")],
        ...(i < clicked * n && { clickedProductId: productIdOf("heirloom-tomato"), clickPosition: 1 }),
        executionMs: ms + (i % 3),
        searchedAt: at,
      })),
    );
  };

  it("counts searches and clicks of the exposed from the log, per shopper, with the interval of the lift", async () => {
    await start();
    await writeSearches("control", { n: 1_000, ms: 5, clicked: 0.2 });
    await writeSearches("season", { n: 1_000, ms: 5, clicked: 0.3 });
    const results = await api().results({ id });
    const clicks = results.values.filter(({ metric }) => metric === "search_ctr");
    expect(clicks.map(({ arm, value }) => [arm, value])).toEqual([
      ["control", 0.2],
      ["season", 0.3],
    ]);
    const comparison = results.comparisons.find(({ metric }) => metric === "search_ctr");
    expect(comparison?.relative?.value).toBeCloseTo(0.5, 10);
    expect(comparison?.absolute?.low).toBeGreaterThan(0);
    expect(results.verdict).toEqual({ kind: "winner", arm: "season" });
    expect(results.ratio.isAlarm).toBe(false);
  });

  it("counts nothing of what was done after the end", async () => {
    await start();
    await writeSearches("control", { n: 200, ms: 5, clicked: 0.2 });
    await writeSearches("season", { n: 200, ms: 5, clicked: 0.2 });
    await api().stop({ id });
    clock.advance(minutes(1));
    await test.db.update(searchLog).set({ searchedAt: clock.now() });
    const results = await api().results({ id });
    expect(results.values.find(({ metric }) => metric === "search_ctr")).toMatchObject({
      standardError: null,
    });
  });

  it("notes a look when there is more to see, keeps what it decided, and reading twice changes nothing", async () => {
    await start();
    await writeSearches("control", { n: 600, ms: 5, clicked: 0.1 });
    await writeSearches("season", { n: 600, ms: 5, clicked: 0.3 });
    await api().results({ id });
    expect((await api().results({ id })).looks).toMatchObject([{ units: 1_200 }]);
    // The lift goes away; the decision was made by an interval that holds at all looks, and stays.
    await writeSearches("control", { n: 400, ms: 5, clicked: 0.9 });
    await writeSearches("season", { n: 400, ms: 5, clicked: 0 });
    const later = await api().results({ id });
    expect(later.looks.map(({ units }) => units)).toEqual([1_200, 2_000]);
    expect(later.verdict).toEqual({ kind: "winner", arm: "season" });
  });

  it("an arm that is slower than the guardrail allows is stopped by itself, with a line in the audit log", async () => {
    await start({ guardrails: [{ metric: "search_latency", margin: 0.25 }] });
    await writeSearches("control", { n: 300, ms: 10, clicked: 0.2 });
    await writeSearches("season", { n: 300, ms: 500, clicked: 0.4 });
    const { experiment, verdict, guardrails } = await lookAt({ handle: test.handle, bus, clock }, id).then(
      ({ report, ...rest }) => ({ ...rest, guardrails: report.guardrails }),
    );
    expect(guardrails).toMatchObject([{ metric: "search_latency", state: "breached" }]);
    expect(verdict).toEqual({ kind: "control_wins" });
    expect(experiment).toMatchObject({
      status: "stopped",
      stopReason: "A guardrail was broken: Time of a search (“More season”).",
    });
    const lines = await test.db.select().from(auditLog).where(eq(auditLog.action, "experiment.arm_stopped"));
    expect(lines).toMatchObject([
      { actorUserId: null, details: { arm: "season", guardrail: "search_latency" } },
    ]);
  });

  it("simulated traffic with a true lift of 20 % gives an interval that holds it, and a split that is green", async () => {
    await start({ plannedUnits: 2_400 });
    const { exposed } = await api().simulate({ id, shoppers: 2_400, lift: 0.2, seed: 42 });
    expect(exposed).toBe(2_400);
    const results = await api().results({ id });
    const { relative } = results.comparisons.find(({ metric }) => metric === "search_ctr")!;
    expect(relative!.low).toBeLessThan(0.2);
    expect(relative!.high).toBeGreaterThan(0.2);
    expect(relative!.low).toBeGreaterThan(0);
    expect(results.ratio.isAlarm).toBe(false);
    expect(results.looks.length).toBeGreaterThan(5);
    expect(results.experiment.hasSimulated).toBe(true);
  }, 180_000);

  it("a split of 46 to 54 turns the check red, and hides the winner and every comparison", async () => {
    await start();
    await api().simulate({ id, shoppers: 2_000, lift: 0.2, controlShare: 0.46 });
    const results = await api().results({ id });
    expect(results.ratio.isAlarm).toBe(true);
    expect(results.verdict).toEqual({ kind: "mismatch" });
    expect(results.comparisons).toEqual([]);
  });

  describe("two rankings in one list", () => {
    const interleaving = { kind: "interleaving" as const, key: "mixed-search" };

    it("are for search, and two", async () => {
      const wrong = [
        { ...interleaving, surface: "recommendations" as const, primaryMetric: "conversion" as const },
        { ...interleaving, arms: [...draft.arms, { key: "more", name: "More", weight: 0 }] },
      ];
      for (const changes of wrong) {
        await expect(api().create({ ...draft, ...changes })).rejects.toMatchObject({
          cause: { code: "input_invalid" },
        });
      }
    });

    it("are both seen by whoever takes part, who is noted once, and no split is looked for", async () => {
      await start(interleaving);
      const [shopperId] = await writeShoppers(1);
      const [given] = await service.assignments(shopperId);
      expect(given).toMatchObject({ arm: { key: "season" }, against: { key: "control" }, isPartaking: true });
      expect(await service.expose(shopperId!, [{ key: "mixed-search", arm: "season" }])).toEqual([
        "mixed-search",
      ]);
      const { ratio, guardrails } = await api().results({ id });
      expect(ratio.isAlarm).toBe(false);
      expect(guardrails).toEqual([]);
    });

    it("are told apart by whose places are opened, each shopper one vote", async () => {
      await start(interleaving);
      const tomato = productIdOf("heirloom-tomato");
      const other = newId<ReturnType<typeof productIdOf>>();
      const people = await writeShoppers(90);
      await insertMany(
        test.db,
        experimentExposures,
        people.map((shopperId) => ({ experimentId: id, shopperId, arm: "season", exposedAt: clock.now() })),
      );
      const searched = (shopperId: ShopperId, team: "a" | "b", arm = "mixed-search/season") => ({
        id: newId(),
        shopperId,
        query: "tomato",
        algorithm: "five_terms",
        arm,
        isPersonalised: "no" as const,
        resultsCount: 2,
        shownIds: [other, tomato],
        shownTeams: team === "b" ? "ab" : "ba",
        clickedProductId: tomato,
        clickPosition: 2,
        executionMs: 3,
        searchedAt: clock.now(),
      });
      await insertMany(test.db, searchLog, [
        ...people.slice(0, 20).flatMap((one) => [searched(one, "a"), searched(one, "a")]),
        ...people.slice(20, 80).map((one) => searched(one, "b")),
        ...people.slice(80).flatMap((one) => [searched(one, "a"), searched(one, "b")]),
        // What another experiment had interleaved is none of this one's.
        ...people.slice(0, 60).map((one) => searched(one, "a", "other-search/season")),
      ]);
      const { interleaving: found, verdict } = await api().results({ id });
      expect(found).toMatchObject({ winsA: 20, winsB: 60, ties: 10 });
      expect(found!.preference!.value).toBeCloseTo(65 / 90 - 0.5, 12);
      expect(found!.preference!.low).toBeGreaterThan(0);
      expect(found!.signTestP).toBeLessThan(0.001);
      expect(verdict).toEqual({ kind: "winner", arm: "season" });
      expect((await api().results({ id })).looks).toMatchObject([
        { units: 90, intervals: [{ arm: "season" }] },
      ]);
    });

    it("are told apart in simulated traffic, and not where there is nothing to tell", async () => {
      await start(interleaving);
      await api().simulate({ id, shoppers: 1_200, lift: 0.3, seed: 7 });
      expect((await api().results({ id })).verdict).toEqual({ kind: "winner", arm: "season" });
      await start({ ...interleaving, key: "mixed-again" });
      await api().simulate({ id, shoppers: 1_200, lift: 0, seed: 7 });
      expect((await api().results({ id })).verdict).toEqual({ kind: "collecting" });
    });
  });

  it("is never simulated where nothing may be made up", async () => {
    await start();
    await expect(api(false).simulate({ id })).rejects.toMatchObject({ cause: { code: "simulation_off" } });
  });
});
