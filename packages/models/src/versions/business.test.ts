import { buildMarket, callerNamed, marketIdOf, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { insertMany } from "@almanac/db";
import { orders, shopperOutlooks, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext, fakeClock } from "@almanac/events/testing";
import { hours, minutes, newId, type OrderId } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger } from "@almanac/trpc";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { databaseArtefacts } from "./artefacts.ts";
import { armOf } from "../core/decisions/arms.ts";
import { registerVersion } from "./register-version.ts";
import { activateVersion } from "./registry.ts";
import { modelsRoutes } from "../router.ts";
import { createModelService, type ModelService } from "../serving/service.ts";
import { simulatedWorld } from "../testing.ts";
import { trainLifetime } from "../training/train-lifetime.ts";

describeOnEveryDatabase("guardrails of business in a rollout", (test) => {
  const bus = createInProcessBus();
  let clock = fakeClock(testNow);
  let models: ModelService;
  const operator = () =>
    createCallerFactory(router(modelsRoutes({ models, bus, allowsTestSwitch: true })))(
      aRequestContext(test.handle, { clock, caller: callerNamed("ines", { roles: ["operator"] }) }),
    );

  beforeEach(() => {
    clock = fakeClock(testNow);
    const artefacts = databaseArtefacts(test.handle, clock);
    models = createModelService({ handle: test.handle, bus, clock, log: silentLogger, artefacts });
  });
  afterEach(() => models.stop());
  afterAll(() => bus.close());

  /** A rollout to a quarter of 400 shoppers, all answered at night; then so many of either arm order, a few of them twice. */
  async function rollOut(buying: { champion: number; challenger: number }): Promise<string> {
    const deps = { handle: test.handle, bus, clock, models };
    const versions = [];
    for (const seed of [1, 2]) {
      const made = trainLifetime(simulatedWorld({ shoppers: 200, until: testNow, weeks: 40, seed }), {
        seed,
      });
      if (made.kind !== "trained") throw new Error(made.why);
      versions.push(
        await registerVersion(deps, "lifetime", made, { codeCommit: "test", seed, windowTo: testNow }),
      );
    }
    const [one, two] = versions;
    await activateVersion(deps, one!.id);
    await operator().ml.models.startRollout({ versionId: two!.id });
    await operator().ml.models.stepRollout({ name: "lifetime", percent: 25 });
    const { seed, percent } = (await models.challenger("lifetime"))!;
    const people = Array.from({ length: 400 }, (_, n) => shopperIdOf(`exposed ${n}`));
    const has = (id: string): boolean => armOf(id, { seed, percent }) === "challenger";
    await insertMany(
      test.db,
      shoppers,
      people.map((id) => ({ id })),
    );
    clock.advance(minutes(5));
    await insertMany(
      test.db,
      shopperOutlooks,
      people.map((shopperId) => ({
        shopperId,
        state: "active" as const,
        isAtRisk: false,
        reasons: [],
        lifetimeVersionId: has(shopperId) ? two!.id : one!.id,
        computedAt: clock.now(),
      })),
    );
    await buildMarket(test.db);
    const buyers = [false, true].flatMap((isChallenger) => {
      const own = people.filter((id) => has(id) === isChallenger);
      return own.slice(0, Math.round(own.length * (isChallenger ? buying.challenger : buying.champion)));
    });
    await insertMany(
      test.db,
      orders,
      [...buyers, ...buyers.slice(0, 10)].map((shopperId, n) => ({
        id: newId<OrderId>(),
        number: `B-${n}`,
        shopperId,
        marketId: marketIdOf("riverside"),
        status: "placed" as const,
        subtotalCents: 2_000,
        totalCents: 2_000,
        holdCents: 2_000,
        idempotencyKey: `b-${n}`,
        requestHash: `b-${n}`,
        placedAt: new Date(clock.now().getTime() + hours(1)),
        updatedAt: clock.now(),
      })),
    );
    clock.advance(hours(2));
    return two!.id;
  }

  it("roll back by themselves a version with whose answers surely fewer order, and say so", async () => {
    const versionId = await rollOut({ champion: 0.6, challenger: 0.1 });
    expect(await operator().ml.models.watch()).toEqual({ watched: 1, rolledBack: 1 });
    const [ended] = (await operator().ml.models.card({ versionId })).rollouts;
    expect(ended).toMatchObject({ status: "rolled_back", percent: 25 });
    expect(ended!.endReason).toMatch(/10\.\d % of its shoppers ordered, 60\.\d % of the champion's/);
  });

  it("hold where as many order, and are there beside latency, failures and scores", async () => {
    const versionId = await rollOut({ champion: 0.5, challenger: 0.45 });
    expect(await operator().ml.models.watch()).toEqual({ watched: 1, rolledBack: 0 });
    const { rollout } = await operator().ml.models.card({ versionId });
    const states = Object.fromEntries(rollout!.verdicts.map(({ rail, state }) => [rail, state]));
    expect(states).toEqual({
      latency: "too early",
      errors: "too early",
      scores: "too early",
      orders: "holds",
      revenue: "holds",
    });
  });
});
