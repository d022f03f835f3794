import type { DatabaseHandle } from "@almanac/db";
import { hours, newId, type Clock, type UserId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { readArtefact } from "../versions/artefacts.ts";
import { families, type ModelName } from "../core/kinds/families.ts";
import type { TrainedModel, TrainingOutcome } from "../core/kinds/family.ts";
import { judgeFarmPromotion, judgePromotion, judgeRenewal } from "../core/decisions/promotion.ts";
import { farmOf, globalScope, type Scope } from "../core/kinds/scope.ts";
import { registerVersion } from "../versions/register-version.ts";
import { activateVersion, retireScope, startRollout, type RegistryDeps } from "../versions/registry.ts";
import { findOpenRollout } from "../store/rollouts.ts";
import { findOpenRun, getRun, insertRun, updateRun, type StoredRun } from "../store/runs.ts";
import { readFarmWorldWhole } from "../store/farm-world.ts";
import { readWorld } from "../store/world.ts";
import { trainInThread, type ThreadOptions } from "../training/in-thread.ts";
import { learnSeason, type SeasonParts } from "../training/learn-season.ts";

/** A training that has not ended by then has lost its workers. */
const deadAfterMs = hours(2);

export type RunReason = StoredRun["reason"];

export interface TrainingOrder {
  readonly name: ModelName;
  /** Everybody's, unless told. */
  readonly scope?: Scope;
  readonly seed: number;
  readonly reason: RunReason;
  readonly requestedBy?: UserId | undefined;
}

/** Orders a training, unless one of the model and scope waits or runs already. @returns the training's id */
export async function requestRun(
  { handle, clock }: { handle: DatabaseHandle; clock: Clock },
  { name, scope = globalScope, seed, reason, requestedBy }: TrainingOrder,
): Promise<{ runId: string; isNew: boolean }> {
  const since = new Date(clock.now().getTime() - deadAfterMs);
  const open = await findOpenRun(handle.db, { name, scope }, since);
  if (open) return { runId: open.id, isNew: false };
  const runId = newId(clock.now().getTime());
  await insertRun(handle.db, {
    id: runId,
    name,
    scope,
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
  /** The network of seasons, where one is installed. */
  readonly loadNetwork?: SeasonParts["loadNetwork"];
}

/**
 * Runs an ordered training to its end. The first version goes live; a later one that beats the champion on the same rows
 * beyond doubt, or that was asked for by drift, is put into its shadow; any other is kept and waits for somebody. A farm's own
 * has to beat the general one on the farm's rows first; one that tells a few weeks alone takes the place of the one before unless it
 * is worse. Too little data is an answer, not a failure.
 *
 * Safe to run twice: a run that is done stays done.
 */
export async function runTraining(deps: RunDeps, runId: string): Promise<StoredRun> {
  const { handle, clock, models, log, signal } = deps;
  const run = await getRun(handle.db, runId);
  if (run.finishedAt) return run;
  const name = run.name as ModelName;
  const until = clock.now();
  await updateRun(handle.db, runId, { status: "RUNNING", startedAt: until, progress: 0.02 });
  try {
    // Where it is not installed a training says so at once, before it reads two years of orders.
    await models.mathematics();
    let told = 0;
    const outcome = await learn(deps, run, until, {
      ...(signal && { signal }),
      onProgress(share) {
        if (share - told < 0.1) return;
        told = share;
        updateRun(handle.db, runId, { progress: 0.1 + 0.85 * share }).catch((err: unknown) =>
          log.warn({ err, runId }, "the progress of a training was not written down"),
        );
      },
    });
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
    const version = await registerVersion(deps, name, outcome, lineage, run.scope);
    const verdict = await decide(deps, run, outcome, version.id);
    await updateRun(handle.db, runId, {
      ...finished,
      status: "DONE",
      versionId: version.id,
      rowsLearned: outcome.metrics.rowsLearned,
      windowFrom: new Date(outcome.windowFrom),
      verdict,
      report: {
        ...(outcome.againstChampion && { againstChampion: outcome.againstChampion }),
        ...(outcome.againstGeneral && { againstGeneral: outcome.againstGeneral }),
      },
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

/** Reads what the model of a training learns from, and learns it. */
async function learn(
  deps: RunDeps,
  run: StoredRun,
  until: Date,
  options: ThreadOptions,
): Promise<TrainingOutcome> {
  const { handle, log, loadNetwork, train = trainInThread } = deps;
  const name = run.name as ModelName;
  const { seed } = run;
  if (name === "season") {
    const champion = await liveBytes(deps, name, run.scope);
    const onNetworkFailure = (err: unknown): void =>
      log.warn({ err, runId: run.id }, "the network of seasons failed");
    return learnSeason(
      handle.db,
      { until, seed, champion },
      { train, loadNetwork, onNetworkFailure },
      options,
    );
  }
  const farmId = farmOf(run.scope);
  const { packed } = await (farmId
    ? readFarmWorldWhole(handle.db, until, farmId)
    : readWorld(handle.db, until));
  const champion = await liveBytes(deps, name, run.scope);
  const general = farmId && (await liveBytes(deps, name, globalScope));
  return train(
    {
      kind: "train",
      name,
      seed,
      world: packed,
      ...(champion && { champion }),
      ...(general && { general }),
    },
    options,
  );
}

/** What the new version is compared with. One that is gone or corrupt cannot be: the training goes on without, and says so. */
async function liveBytes(
  { models, log }: RunDeps,
  name: ModelName,
  scope: string,
): Promise<Uint8Array | undefined> {
  try {
    const champion = await models.champion(name, scope);
    return champion && (await readArtefact(models.artefacts, champion.artefactHash));
  } catch (err) {
    log.warn({ err, name, scope }, "a training is not compared with the champion, which cannot be read");
    return undefined;
  }
}

async function decide(
  deps: RunDeps,
  run: StoredRun,
  { againstChampion, againstGeneral, championAgainstGeneral }: TrainedModel,
  versionId: string,
): Promise<string> {
  const name = run.name as ModelName;
  const { type } = families[name];
  const facts = {
    hasChampion: (await deps.models.champion(name, run.scope)) !== undefined,
    isRolling: (await findOpenRollout(deps.handle.db, type, run.scope)) !== undefined,
    isDrift: run.reason === "drift",
    ...(againstChampion && { againstChampion }),
    ...(againstGeneral && { againstGeneral }),
    ...(championAgainstGeneral && { championAgainstGeneral }),
  };
  const judgeGeneral = families[name].isRenewed ? judgeRenewal : judgePromotion;
  const { act, words } = run.scope === globalScope ? judgeGeneral(facts) : judgeFarmPromotion(facts);
  if (act === "activate") await activateVersion(deps, versionId, "promoted");
  if (act === "shadow") await startRollout(deps, versionId);
  if (act === "retire") await retireScope(deps, name, run.scope);
  return words;
}
