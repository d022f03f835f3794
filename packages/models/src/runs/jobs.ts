import type { Bus } from "@almanac/events";
import { defineJob, enqueueJob, type Job } from "@almanac/jobs";
import { days, isAppError, minutes, seconds, type FarmId, type Milliseconds } from "@almanac/kernel";
import { z } from "zod";
import { families, modelNames, shopperModelNames, type ModelName } from "../core/kinds/families.ts";
import { globalScope } from "../core/kinds/scope.ts";
import { enqueueTraining, seedOf } from "./enqueue.ts";
import { lookAtFarm, orderFarmTrainings, sellingFarms } from "../farms/farm-jobs.ts";
import { followLog } from "../online/follow.ts";
import { rebuildTastesFromLog } from "../online/rebuild.ts";
import type { RegistryDeps } from "../versions/registry.ts";
import { scoreAll } from "../serving/scoring.ts";
import type { ModelService } from "../serving/service.ts";
import { removeOldPredictions } from "../store/predictions.ts";
import { runTraining } from "./training.ts";
import type { SeasonParts } from "../training/learn-season.ts";
import { watchEveryMs, watchRollouts } from "../versions/watch.ts";
import { hasFarmRun } from "../store/runs.ts";
import { listVersions } from "../store/versions.ts";

const keepPredictionsMs = days(30);
const weekly = "0 5 * * 0";
/** How soon what somebody did is learned from. */
const followEveryMs = seconds(30);

/**
 * Scores everybody; where what comes in has newly drifted, a training is ordered whose result stands in the champion's shadow.
 */
export async function lookAtShoppers(
  deps: RegistryDeps,
  options: { signal?: AbortSignal } = {},
): ReturnType<typeof scoreAll> {
  const found = await scoreAll(deps, options);
  for (const { name } of found.drifts)
    await enqueueTraining(deps, { name, seed: seedOf(deps.clock.now()), reason: "drift" });
  return found;
}

export interface ModelJobParts {
  readonly models: ModelService;
  readonly bus: Bus;
  readonly codeCommit: string;
  /** The network of seasons, where one is installed: without it the harmonic regression serves alone. */
  readonly loadNetwork?: SeasonParts["loadNetwork"];
}

/** The work of models that is due by itself. Times are UTC. */
export function modelJobs({ models, bus, codeCommit, loadNetwork }: ModelJobParts): Job[] {
  return [
    defineJob({
      name: "models.train",
      data: z.object({ runId: z.string() }),
      maxAttempts: 2,
      timeoutMs: minutes(20),
      run: async ({ runId }, { handle, clock, signal, log }) => {
        const deps = { handle, clock, bus, models, codeCommit, loadNetwork, signal, log };
        const run = await runTraining(deps, runId);
        if (run.status !== "DONE" || run.scope !== globalScope) return;
        const name = run.name as ModelName;
        const isByItself = run.reason === "weekly" || run.reason === "first";
        if (families[name].isPerFarm && isByItself)
          await orderFarmTrainings(deps, { name, seed: run.seed, reason: run.reason });
        if (shopperModelNames.some((one) => one === name)) await lookAtShoppers(deps, { signal });
      },
    }),
    defineJob({
      name: "models.farm",
      data: z.object({ farmId: z.string() }),
      run: ({ farmId }, { handle, clock, signal }) =>
        lookAtFarm({ handle, clock, bus, models }, farmId as FarmId, { signal }),
    }),
    defineJob({
      name: "models.first",
      data: z.object({}),
      run: (_, { handle, clock }) => ensureFirstModels({ handle, clock }),
    }),
    defineJob({
      name: "models.weekly",
      data: z.object({}),
      schedules: [{ cron: weekly, timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => {
        for (const name of modelNames)
          await enqueueTraining({ handle, clock }, { name, seed: seedOf(clock.now()), reason: "weekly" });
      },
    }),
    defineJob({
      name: "models.score",
      data: z.object({}),
      schedules: [{ cron: "0 4 * * *", timeZone: "UTC", catchUp: true }],
      timeoutMs: minutes(20),
      run: async (_, { handle, clock, signal, log }) => {
        const { scored, drifts } = await lookAtShoppers({ handle, clock, bus, models }, { signal });
        log.info({ scored, drifts }, "shoppers were looked at");
        await removeOldPredictions(handle.db, new Date(clock.now().getTime() - keepPredictionsMs));
        for (const { id } of await sellingFarms({ handle, clock }))
          await lookAtFarm({ handle, clock, bus, models }, id, { signal });
      },
    }),
    defineJob({
      name: "models.follow",
      data: z.object({}),
      schedules: [{ everyMs: followEveryMs }],
      timeoutMs: minutes(5),
      run: (_, { handle, clock, signal }) =>
        withMathematics(async () => {
          const deps = { handle, clock, bus, models, signal };
          if ((await followLog(deps)) === undefined) await rebuildTastesFromLog(deps);
        }),
    }),
    defineJob({
      name: "models.rebuild",
      data: z.object({}),
      schedules: [{ cron: "10 3 * * *", timeZone: "UTC", catchUp: true }],
      timeoutMs: minutes(20),
      run: (_, { handle, clock, log, signal }) =>
        withMathematics(async () => {
          const rebuilt = await rebuildTastesFromLog({ handle, clock, bus, models, signal });
          log.info({ rebuilt }, "tastes were learned again from the log");
        }),
    }),
    defineJob({
      name: "models.watch",
      data: z.object({}),
      schedules: [{ everyMs: watchEveryMs }],
      run: async (_, { handle, clock }) => void (await watchRollouts({ handle, clock, bus, models })),
    }),
  ];
}

/** A process without the mathematics leaves it to one that has them: that is no failure of the job. */
async function withMathematics(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAppError(error) || error.code !== "model_not_serving") throw error;
  }
}

const firstJob = defineJob({
  name: "models.first",
  data: z.object({}),
  run: () => Promise.resolve(),
});

/** Sees to it that every model has a version, `afterMs` after the shop was opened: learning reads two years of it. */
export async function planFirstModels({
  handle,
  clock,
  afterMs,
}: Pick<RegistryDeps, "handle" | "clock"> & { afterMs: Milliseconds }): Promise<void> {
  const runAt = new Date(clock.now().getTime() + afterMs);
  await enqueueJob(handle.db, firstJob, {}, { key: `models.first ${runAt.toISOString()}`, runAt });
}

/** Orders the first training of every model that has no version yet, and of farms where none was ever trained. */
async function ensureFirstModels({ handle, clock }: Pick<RegistryDeps, "handle" | "clock">): Promise<void> {
  for (const name of modelNames) {
    const order = { name, seed: 1, reason: "first" as const };
    const [version] = await listVersions(handle.db, { name, scope: globalScope, limit: 1 });
    if (!version) await enqueueTraining({ handle, clock }, order);
    else if (families[name].isPerFarm && !(await hasFarmRun(handle.db, name)))
      await orderFarmTrainings({ handle, clock }, order);
  }
}
