import type { Bus } from "@almanac/events";
import { AppError, isAppError, type FarmId, type ProductId } from "@almanac/kernel";
import { farmProcedure, idInput, momentInput, procedure, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { readArtefact } from "./versions/artefacts.ts";
import { families, modelNames } from "./core/kinds/families.ts";
import { scopeOf } from "./core/kinds/scope.ts";
import { enqueueTraining } from "./runs/enqueue.ts";
import { assertMayAsk, assertPerFarm, ofScope, requireFarm } from "./farms/farm-access.ts";
import { farmCustomersNow } from "./farms/farm-customers.ts";
import { farmModels } from "./farms/farm-view.ts";
import { lookAtShoppers } from "./runs/jobs.ts";
import { followLog } from "./online/follow.ts";
import { presentOnline } from "./online/present.ts";
import { rebuildTastesFromLog } from "./online/rebuild.ts";
import { listModels, modelCard } from "./present.ts";
import {
  activateVersion,
  delayChallenger,
  endRollout,
  openRolloutOf,
  retireScope,
  rollBack,
  startRollout,
  stepRollout,
  type RegistryDeps,
} from "./versions/registry.ts";
import { replayPredictions } from "./serving/replay.ts";
import { seasonOf } from "./serving/season.ts";
import type { ModelService } from "./serving/service.ts";
import { listModelAudit, verifyAudit } from "./store/audit.ts";
import { countOutlooks, listAtRisk } from "./store/outlooks.ts";
import { getRun, listRuns, type StoredRun } from "./store/runs.ts";
import { findActivationAt, getVersion, listVersions } from "./store/versions.ts";
import { watchRollouts } from "./versions/watch.ts";

export { enqueueTraining } from "./runs/enqueue.ts";
export { planFirstModels, modelJobs } from "./runs/jobs.ts";
export { modelsEraseStep, modelsExportStep, modelsMergeStep } from "./personal-data.ts";
export { createModelService } from "./serving/service.ts";
export type { ModelService, ModelsHealth } from "./serving/service.ts";
export { databaseArtefacts, folderArtefacts } from "./versions/artefacts.ts";
export type { ArtefactStore } from "./versions/artefacts.ts";

export interface ModelsDeps {
  readonly models: ModelService;
  readonly bus: Bus;
  /** Demo and test: a challenger can be made slower. */
  readonly allowsTestSwitch: boolean;
}

const nameInput = z.enum(modelNames);
/** How many versions are read to be verified, the newest first. */
const mostVerified = 2_000;
const ofVersion = z.object({ versionId: z.uuid() });
/** A model takes some dozen numbers; names are checked against its signature later. */
const inputValues = z
  .record(z.string().min(1).max(60), z.number().nullable())
  .refine((values) => Object.keys(values).length <= 100, "has more than 100 values");

export function modelsRoutes({ models, bus, allowsTestSwitch }: ModelsDeps) {
  const depsOf = ({ handle, clock, caller }: RequestContext): RegistryDeps => ({
    handle,
    clock,
    bus,
    models,
    actorUserId: caller.userId,
  });
  return {
    farmCustomers: router({
      /**
       * What the farm's shoppers are expected to bring it in the coming half-year, all together: sales, and what is left of
       * them after fees and the costs that the farm has told. Nobody is named, and fewer than ten are not told of.
       */
      value: farmProcedure("farm.read").query(({ ctx, input: { farmId } }) =>
        farmCustomersNow(ctx.db, farmId, ctx.clock.now()),
      ),
    }),
    ml: router({
      /**
       * One answer of a live model to an input of its signature. Sixty a minute. What a farm sells is for operators; its members
       * ask `ml.season`.
       */
      predict: procedure("account", { limit: "predict" })
        .input(
          ofScope.extend({
            input: inputValues,
            /** Whom it is about, if not the caller: decides the arm of a rollout, and is not kept. */
            unit: z.string().min(1).max(100).optional(),
            /** Reasons in words; who asks for many answers may do without. */
            withReasons: z.boolean().default(true),
          }),
        )
        .mutation(async ({ ctx, input: { unit, farmId, ...asked } }) => {
          if (farmId) await requireFarm(ctx, farmId);
          assertMayAsk(ctx, asked.name);
          return models.predict({
            ...asked,
            scope: scopeOf(farmId),
            unit: unit ?? ctx.caller.userId ?? ctx.ip,
          });
        }),
      /** Orders a training. It waits in the queue; `ml.run` tells how far it is. */
      train: procedure("operate.write", { limit: "write" })
        .input(ofScope.extend({ seed: z.int().min(1).max(1_000_000_000).default(1) }))
        .mutation(async ({ ctx, input: { name, farmId, seed } }) => {
          if (farmId) await assertPerFarm(ctx, name, farmId);
          const by = { reason: "asked" as const, requestedBy: ctx.caller.userId };
          return enqueueTraining(ctx, { name, scope: scopeOf(farmId), seed, ...by });
        }),
      /** The chance that a farm's product is asked for, week by week, at each of the farm's markets, and who tells it. */
      season: farmProcedure("farm.read")
        .input(z.object({ productId: idInput<ProductId>(), weeks: z.int().min(1).max(12).default(8) }))
        .query(({ ctx, input }) => seasonOf({ db: ctx.db, clock: ctx.clock, models }, input)),
      /** How a farm's own versions do, and what is expected of its customers together. */
      farm: farmProcedure("farm.read").query(({ ctx }) => farmModels(ctx.db, models, ctx.farmId)),
      run: procedure("operate.read")
        .input(z.object({ runId: z.uuid() }))
        .query(async ({ ctx, input }) => presentRun(await getRun(ctx.db, input.runId))),
      runs: procedure("operate.read")
        .input(
          z.object({
            name: nameInput.optional(),
            /** Of one farm's own versions; of all scopes unless told. */
            farmId: idInput<FarmId>().optional(),
            limit: z.int().min(1).max(100).default(20),
          }),
        )
        .query(async ({ ctx, input: { name, farmId, limit } }) => {
          if (farmId) await requireFarm(ctx, farmId);
          const runs = await listRuns(ctx.db, {
            limit,
            ...(name && { name }),
            ...(farmId && { scope: farmId }),
          });
          return runs.map(presentRun);
        }),
      models: router({
        /** All kinds of models, with what is live and what is tried. */
        list: procedure("operate.read").query(({ ctx }) => listModels(ctx.db, models, ctx.clock.now())),
        /** Everything that is known of one version. */
        card: procedure("operate.read")
          .input(ofVersion)
          .query(({ ctx, input }) => modelCard(depsOf(ctx), input.versionId)),
        versions: procedure("operate.read")
          .input(ofScope)
          .query(async ({ ctx, input: { name: wanted, farmId } }) => {
            if (farmId) await requireFarm(ctx, farmId);
            const versions = await listVersions(ctx.db, { name: wanted, scope: scopeOf(farmId) });
            return versions.map(({ id, name, version, artefactHash, createdAt, seed }) => ({
              id,
              name,
              version,
              artefactHash,
              seed,
              createdAt: createdAt.toISOString(),
            }));
          }),
        /** Reads every artefact and the chain of acts, and says what is not as it was written. */
        verify: procedure("operate.read", { limit: "heavy" }).query(async ({ ctx }) => {
          const versions = await listVersions(ctx.db, { limit: mostVerified });
          const checked = [];
          for (const version of versions) {
            const problem = await problemOf(async () => {
              await readArtefact(models.artefacts, version.artefactHash);
              await models.open(version);
            });
            const { id, name, version: number, scope } = version;
            checked.push({ id, name, version: number, scope, problem });
          }
          return { versions: checked, audit: await verifyAudit(ctx.db) };
        }),
        /** Which version was live at a moment. */
        liveAt: procedure("operate.read")
          .input(ofScope.extend({ at: momentInput }))
          .query(async ({ ctx, input: { name, farmId, at } }) => {
            if (farmId) await requireFarm(ctx, farmId);
            const scope = scopeOf(farmId);
            const found = await findActivationAt(ctx.db, families[name].type, scope, at);
            if (!found) return null;
            const { id, version } = await getVersion(ctx.db, found.versionId);
            return { versionId: id, version, since: found.activatedAt.toISOString() };
          }),
        /** Asks one version what another was asked. */
        replay: procedure("operate.read", { limit: "heavy" })
          .input(z.object({ from: z.uuid(), to: z.uuid(), limit: z.int().min(1).max(2_000).default(500) }))
          .query(({ ctx, input }) => replayPredictions({ handle: ctx.handle, models }, input)),
        activate: procedure("operate.write", { limit: "write" })
          .input(ofVersion)
          .mutation(({ ctx, input }) => activateVersion(depsOf(ctx), input.versionId)),
        rollBack: procedure("operate.write", { limit: "write" })
          .input(ofScope)
          .mutation(({ ctx, input: { name, farmId } }) => rollBack(depsOf(ctx), name, scopeOf(farmId))),
        /** Lets the general version answer a farm again. */
        retire: procedure("operate.write", { limit: "write" })
          .input(ofScope.required())
          .mutation(({ ctx, input: { name, farmId } }) => retireScope(depsOf(ctx), name, farmId)),
        startRollout: procedure("operate.write", { limit: "write" })
          .input(ofVersion)
          .mutation(async ({ ctx, input }) => ({
            rolloutId: await startRollout(depsOf(ctx), input.versionId),
          })),
        /** Steps of 5, 25, 50 and 100 % are offered; any share may be set. At 100 it is the champion. */
        stepRollout: procedure("operate.write", { limit: "write" })
          .input(ofScope.extend({ percent: z.int().min(0).max(100) }))
          .mutation(({ ctx, input: { name, farmId, percent } }) =>
            stepRollout(depsOf(ctx), name, percent, scopeOf(farmId)),
          ),
        stopRollout: procedure("operate.write", { limit: "write" })
          .input(ofScope)
          .mutation(async ({ ctx, input: { name, farmId } }) => {
            const deps = depsOf(ctx);
            const rollout = await openRolloutOf(deps, name, scopeOf(farmId));
            await endRollout(deps, rollout, "stopped", "stopped by hand");
          }),
        /** Looks at the guardrails now instead of within fifteen seconds. What follows from it is nobody's act. */
        watch: procedure("operate.write", { limit: "write" }).mutation(({ ctx }) =>
          watchRollouts({ ...depsOf(ctx), actorUserId: undefined }),
        ),
        /** Demo and test: the challenger answers this much later. @throws AppError `test_switch_off` elsewhere */
        slowDown: procedure("operate.write", { limit: "write" })
          .input(ofScope.extend({ delayMs: z.int().min(0).max(5_000) }))
          .mutation(({ ctx, input: { name, farmId, delayMs } }) => {
            if (!allowsTestSwitch)
              throw new AppError("test_switch_off", "A model is made slower in demo and test worlds only.");
            return delayChallenger(depsOf(ctx), name, delayMs, scopeOf(farmId));
          }),
        audit: procedure("operate.read")
          .input(z.object({ limit: z.int().min(1).max(200).default(50) }))
          .query(async ({ ctx, input }) =>
            (await listModelAudit(ctx.db, input.limit)).map((row) => ({ ...row, at: row.at.toISOString() })),
          ),
      }),
    }),
    admin: {
      /** Tastes that are learned from the event log line by line, in the shadow. */
      tastes: router({
        state: procedure("operate.read").query(({ ctx }) => presentOnline(ctx.db, models)),
        /** Learns from what came since, now instead of within half a minute. */
        learn: procedure("operate.write", { limit: "heavy" }).mutation(async ({ ctx }) => ({
          lines: (await followLog(depsOf(ctx))) ?? 0,
        })),
        /** Learns everything again from the log and holds both against each other, now instead of tonight. */
        rebuild: procedure("operate.write", { limit: "heavy" }).mutation(({ ctx }) =>
          rebuildTastesFromLog(depsOf(ctx)),
        ),
      }),
      outlook: router({
        /** How all shoppers are expected to fare, and those at risk that most is lost with. */
        overview: procedure("operate.read")
          .input(z.object({ limit: z.int().min(1).max(200).default(25) }))
          .query(async ({ ctx, input }) => {
            const [{ computedAt, valueCents, ...counts }, atRisk] = await Promise.all([
              countOutlooks(ctx.db),
              listAtRisk(ctx.db, input.limit),
            ]);
            return {
              ...counts,
              valueCents: valueCents ?? null,
              computedAt: computedAt?.toISOString() ?? null,
              shoppers: atRisk,
            };
          }),
        /** Works all of it out now instead of tonight. */
        recompute: procedure("operate.write", { limit: "heavy" }).mutation(({ ctx }) =>
          lookAtShoppers(depsOf(ctx)),
        ),
      }),
    },
  };
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

function presentRun({ requestedAt, startedAt, finishedAt, windowFrom, windowTo, ...run }: StoredRun) {
  return {
    ...run,
    requestedAt: requestedAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    windowFrom: windowFrom?.toISOString() ?? null,
    windowTo: windowTo?.toISOString() ?? null,
  };
}
