import type { Bus } from "@almanac/events";
import { defineJob, enqueueJob, type Job } from "@almanac/jobs";
import { days, isAppError, minutes, seconds, type UserId } from "@almanac/kernel";
import { z } from "zod";
import { modelNames } from "./core/families.ts";
import { followLog } from "./online/follow.ts";
import { rebuildTastesFromLog } from "./online/rebuild.ts";
import type { RegistryDeps } from "./registry.ts";
import { scoreAll } from "./scoring.ts";
import type { ModelService } from "./service.ts";
import { removeOldPredictions } from "./store/predictions.ts";
import { requestRun, runTraining, type RunReason } from "./training.ts";
import { watchEveryMs, watchRollouts } from "./watch.ts";
import { listVersions } from "./store/versions.ts";

const keepPredictionsMs = days(30);
const weekly = "0 5 * * 0";
/** How soon what somebody did is learned from. */
const followEveryMs = seconds(30);

const trainJob = defineJob({
  name: "models.train",
  data: z.object({ runId: z.string() }),
  // The work itself is given by `modelJobs`; this one is only enqueued by.
  run: () => Promise.resolve(),
});

/** Orders a training and puts it into the queue, both or neither. */
export async function enqueueTraining(
  { handle, clock }: Pick<RegistryDeps, "handle" | "clock">,
  order: {
    name: (typeof modelNames)[number];
    seed: number;
    reason: RunReason;
    requestedBy?: UserId | undefined;
  },
): Promise<{ runId: string; isNew: boolean }> {
  const made = await requestRun({ handle, clock }, order);
  if (made.isNew)
    await enqueueJob(handle.db, trainJob, { runId: made.runId }, { key: `models.train ${made.runId}` });
  return made;
}

/** A number for this week's training: the same in every process. */
const seedOf = (at: Date): number => Math.floor(at.getTime() / days(7));

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
}

/** The work of models that is due by itself. Times are UTC. */
export function modelJobs({ models, bus, codeCommit }: ModelJobParts): Job[] {
  return [
    defineJob({
      name: "models.train",
      data: z.object({ runId: z.string() }),
      maxAttempts: 2,
      timeoutMs: minutes(20),
      run: async ({ runId }, { handle, clock, signal, log }) => {
        const deps = { handle, clock, bus, models, codeCommit, signal, log };
        const run = await runTraining(deps, runId);
        if (run.status === "DONE") await lookAtShoppers(deps, { signal });
      },
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

/** A shop that has just been opened is left in peace for so long: learning reads two years of it. */
const peaceMs = minutes(2);

/** Sees to it that every model has a version, a while after the shop was opened. */
export async function planFirstModels({
  handle,
  clock,
}: Pick<RegistryDeps, "handle" | "clock">): Promise<void> {
  const runAt = new Date(clock.now().getTime() + peaceMs);
  await enqueueJob(handle.db, firstJob, {}, { key: `models.first ${runAt.toISOString()}`, runAt });
}

/** Orders the first training of every model that has no version yet. */
async function ensureFirstModels({ handle, clock }: Pick<RegistryDeps, "handle" | "clock">): Promise<void> {
  for (const name of modelNames) {
    const [version] = await listVersions(handle.db, { name, limit: 1 });
    if (!version) await enqueueTraining({ handle, clock }, { name, seed: 1, reason: "first" });
  }
}
