import type { Queryable } from "@almanac/db";
import { days } from "@almanac/kernel";
import { families, modelNames } from "./core/kinds/families.ts";
import { driftFrom } from "./core/decisions/histogram.ts";
import { metricsOf } from "./core/kinds/metrics.ts";
import { farmOf, globalScope } from "./core/kinds/scope.ts";
import { listFarmModels } from "./farms/farm-view.ts";
import type { RegistryDeps } from "./versions/registry.ts";
import type { ModelService } from "./serving/service.ts";
import { readServing } from "./store/predictions.ts";
import { findFarm } from "./store/farms.ts";
import { findOpenRollout, listRollouts } from "./store/rollouts.ts";
import { findLatestDrift, listRuns } from "./store/runs.ts";
import {
  findActivation,
  getVersion,
  listActivations,
  listVersions,
  listVersionsByIds,
} from "./store/versions.ts";
import { watchRollout } from "./versions/watch.ts";

const servingWindowMs = days(1);

/** Every kind of model with what is live, what is tried, its versions and its trainings. */
export async function listModels(db: Queryable, models: ModelService, now: Date) {
  const serving = await readServing(db, new Date(now.getTime() - servingWindowMs));
  const listed = await Promise.all(
    modelNames.map(async (name) => {
      const { type, title, purpose, isPerFarm } = families[name];
      const [versions, activation, rollout, runs] = await Promise.all([
        listVersions(db, { name, scope: globalScope, limit: 20 }),
        findActivation(db, type, globalScope),
        findOpenRollout(db, type, globalScope),
        listRuns(db, { name, scope: globalScope, limit: 5 }),
      ]);
      const drift = activation && (await findLatestDrift(db, activation.versionId));
      return {
        name,
        type,
        title,
        purpose,
        champion: activation?.versionId ?? null,
        challenger: rollout ? { versionId: rollout.challengerId, percent: rollout.percent } : null,
        drifted: (drift?.drifted ?? []).map((input) => families[name].inputWords[input] ?? "The score"),
        versions: versions.map((version) => ({
          id: version.id,
          version: version.version,
          createdAt: version.createdAt.toISOString(),
          servedBy: metricsOf(version.metrics).servedBy,
          serving: serving.find(({ versionId }) => versionId === version.id) ?? null,
        })),
        runs: runs.map((run) => ({
          id: run.id,
          status: run.status,
          reason: run.reason,
          progress: run.progress,
          verdict: run.verdict,
          seed: run.seed,
          versionId: run.versionId,
          requestedAt: run.requestedAt.toISOString(),
        })),
        /** Farms that a version of their own was tried for; `null` for a model that knows no farms. */
        farms: isPerFarm ? await listFarmModels(db, name) : null,
      };
    }),
  );
  return { models: listed, health: models.health() };
}

/** One version's card: what it is, how it did beside its baselines, where it comes from, what became of it. */
export async function modelCard(deps: RegistryDeps, versionId: string) {
  const { handle, clock, models } = deps;
  const { db } = handle;
  const version = await getVersion(db, versionId);
  const family = families[version.name as keyof typeof families];
  const { type, scope } = version;
  const farmId = farmOf(scope);
  const farm = farmId && (await findFarm(db, farmId));
  const since = new Date(clock.now().getTime() - servingWindowMs);
  const [activation, open, rollouts, activations, drift, serving] = await Promise.all([
    findActivation(db, type, scope),
    findOpenRollout(db, type, scope),
    listRollouts(db, type, scope),
    listActivations(db, type, scope),
    findLatestDrift(db, versionId),
    readServing(db, since),
  ]);
  const ids = [
    ...rollouts.flatMap((one) => [one.challengerId, one.championId]),
    ...activations.map((one) => one.versionId),
  ];
  const known = await listVersionsByIds(db, [...new Set(ids)]);
  const numberOf = (id: string): number => known.find((one) => one.id === id)?.version ?? 0;
  const watched = open && (await watchRollout(deps, open));
  const ownServing = serving.find((one) => one.versionId === versionId);
  return {
    id: version.id,
    name: family.name,
    version: version.version,
    type,
    scope,
    farm: farm ?? null,
    title: family.title,
    purpose: family.purpose,
    learner: family.learner,
    score: family.score,
    isChampion: activation?.versionId === versionId,
    isChallenger: open?.challengerId === versionId,
    championVersion: activation ? numberOf(activation.versionId) : null,
    metrics: metricsOf(version.metrics),
    inputs: version.signature.map((input) => ({
      ...input,
      words: family.inputWords[input.name] ?? input.name,
    })),
    settings: version.settings,
    lineage: {
      artefactHash: version.artefactHash,
      artefactBytes: version.artefactBytes,
      place: models.artefacts.place,
      format: version.format,
      dataHash: version.dataHash,
      windowFrom: version.windowFrom?.toISOString() ?? null,
      windowTo: version.windowTo.toISOString(),
      codeCommit: version.codeCommit,
      seed: version.seed,
      runId: version.runId,
      createdAt: version.createdAt.toISOString(),
      goldenPredictions: version.golden.length,
    },
    drift: drift
      ? {
          at: drift.at.toISOString(),
          rows: drift.rows,
          from: driftFrom,
          indices: Object.entries(drift.indices)
            .map(([input, index]) => ({
              input,
              words: family.inputWords[input] ?? "The score",
              index,
              isDrifted: drift.drifted.includes(input),
            }))
            .sort((a, b) => b.index - a.index),
        }
      : null,
    serving: ownServing ?? null,
    rollout: watched
      ? {
          id: watched.rollout.id,
          challengerId: watched.rollout.challengerId,
          challengerVersion: numberOf(watched.rollout.challengerId),
          percent: watched.rollout.percent,
          delayMs: watched.rollout.delayMs,
          startedAt: watched.rollout.startedAt.toISOString(),
          arms: {
            champion: armView(watched.champion),
            challenger: armView(watched.challenger),
          },
          verdicts: watched.verdicts,
        }
      : null,
    rollouts: rollouts.map((one) => ({
      id: one.id,
      challengerVersion: numberOf(one.challengerId),
      championVersion: numberOf(one.championId),
      percent: one.percent,
      status: one.status,
      endReason: one.endReason,
      startedAt: one.startedAt.toISOString(),
      endedAt: one.endedAt?.toISOString() ?? null,
    })),
    activations: activations.map((one) => ({
      seq: one.seq,
      version: numberOf(one.versionId),
      kind: one.kind,
      activatedAt: one.activatedAt.toISOString(),
      endedAt: one.endedAt?.toISOString() ?? null,
    })),
  };
}

const armView = ({
  predictions,
  errors,
  p95Ms,
}: {
  predictions: number;
  errors: number;
  p95Ms?: number;
}) => ({
  predictions,
  errors,
  p95Ms: p95Ms ?? null,
});
