import type { DatabaseHandle } from "@almanac/db";
import { hours, newId, type Clock, type UserId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { readArtefact } from "./artefacts.ts";
import { families, type ModelName } from "./core/families.ts";
import type { TrainedModel } from "./core/family.ts";
import { judgePromotion } from "./core/promotion.ts";
import { registerVersion } from "./register-version.ts";
import { activateVersion, startRollout, type RegistryDeps } from "./registry.ts";
import { findOpenRollout } from "./store/rollouts.ts";
import { findOpenRun, getRun, insertRun, updateRun, type StoredRun } from "./store/runs.ts";
import { readWorld } from "./store/world.ts";
import { trainInThread } from "./training/in-thread.ts";

/** A training that has not ended by then has lost its workers. */
const deadAfterMs = hours(2);

export type RunReason = StoredRun["reason"];

/** Orders a training, unless one of the model waits or runs already. @returns the training's id */
export async function requestRun(
  { handle, clock }: { handle: DatabaseHandle; clock: Clock },
  {
    name,
    seed,
    reason,
    requestedBy,
  }: { name: ModelName; seed: number; reason: RunReason; requestedBy?: UserId | undefined },
): Promise<{ runId: string; isNew: boolean }> {
  const open = await findOpenRun(handle.db, name, new Date(clock.now().getTime() - deadAfterMs));
  if (open) return { runId: open.id, isNew: false };
  const runId = newId(clock.now().getTime());
  await insertRun(handle.db, {
    id: runId,
    name,
    scope: "global",
    reason,
    seed,
    status: "QUEUED",
    requestedBy: requestedBy ?? null,
    requestedAt: clock.now(),
  });
  return { runId, isNew: true };
}

export interface RunDeps extends RegistryDeps {
  readonly codeCommit: string;
  readonly log: Pick<Logger, "warn">;
  readonly signal?: AbortSignal;
  /** Trains, in a thread unless told. */
  readonly train?: typeof trainInThread;
}

/**
 * Runs an ordered training to its end. The first version goes live; a later one that beats the champion on the same rows
 * beyond doubt, or that was asked for by drift, is put into its shadow; any other is kept and waits for somebody. Too little
 * data is an answer, not a failure.
 *
 * Safe to run twice: a run that is done stays done.
 */
export async function runTraining(deps: RunDeps, runId: string): Promise<StoredRun> {
  const { handle, clock, models, log, signal, train = trainInThread } = deps;
  const run = await getRun(handle.db, runId);
  if (run.finishedAt) return run;
  const name = run.name as ModelName;
  const until = clock.now();
  await updateRun(handle.db, runId, { status: "RUNNING", startedAt: until, progress: 0.02 });
  try {
    // Where it is not installed a training says so at once, before it reads two years of orders.
    await models.mathematics();
    const { packed } = await readWorld(handle.db, until);
    const bytes = await championBytes(deps, name);
    let told = 0;
    const outcome = await train(
      { kind: "train", name, world: packed, seed: run.seed, ...(bytes && { champion: bytes }) },
      {
        ...(signal && { signal }),
        onProgress(share) {
          if (share - told < 0.1) return;
          told = share;
          updateRun(handle.db, runId, { progress: 0.1 + 0.85 * share }).catch((err: unknown) =>
            log.warn({ err, runId }, "the progress of a training was not written down"),
          );
        },
      },
    );
    const finished = { finishedAt: clock.now(), progress: 1, windowTo: until };
    if (outcome.kind === "insufficient") {
      await updateRun(handle.db, runId, {
        ...finished,
        status: "INSUFFICIENT_DATA",
        rowsLearned: outcome.rows,
        verdict: outcome.why,
      });
      return await getRun(handle.db, runId);
    }
    const lineage = { codeCommit: deps.codeCommit, seed: run.seed, runId, windowTo: until };
    const version = await registerVersion(deps, name, outcome, lineage);
    const verdict = await decide(deps, run, outcome, version.id);
    await updateRun(handle.db, runId, {
      ...finished,
      status: "DONE",
      versionId: version.id,
      rowsLearned: outcome.metrics.rowsLearned,
      windowFrom: new Date(outcome.windowFrom),
      verdict,
      report: { ...(outcome.againstChampion && { againstChampion: outcome.againstChampion }) },
    });
  } catch (error) {
    // A thread that was told to stop is given back and runs again.
    if (!signal?.aborted) {
      await updateRun(handle.db, runId, {
        status: "FAILED",
        finishedAt: clock.now(),
        verdict: error instanceof Error ? error.message : "unknown",
      });
    }
    throw error;
  }
  return getRun(handle.db, runId);
}

/** What the new version is compared with. One that is gone or corrupt cannot be: the training goes on without, and says so. */
async function championBytes({ models, log }: RunDeps, name: ModelName): Promise<Uint8Array | undefined> {
  try {
    const champion = await models.champion(name);
    return champion && (await readArtefact(models.artefacts, champion.artefactHash));
  } catch (err) {
    log.warn({ err, name }, "a training is not compared with the champion, which cannot be read");
    return undefined;
  }
}

async function decide(
  deps: RunDeps,
  run: StoredRun,
  { againstChampion }: TrainedModel,
  versionId: string,
): Promise<string> {
  const { type } = families[run.name as ModelName];
  const hasChampion = (await deps.models.champion(run.name as ModelName)) !== undefined;
  const isRolling = (await findOpenRollout(deps.handle.db, type, run.scope)) !== undefined;
  const { act, words } = judgePromotion({
    hasChampion,
    isRolling,
    isDrift: run.reason === "drift",
    ...(againstChampion && { againstChampion }),
  });
  if (act === "activate") await activateVersion(deps, versionId, "promoted");
  if (act === "shadow") await startRollout(deps, versionId);
  return words;
}
