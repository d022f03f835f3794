import type { Queryable } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";
import { families, type ModelName } from "../core/kinds/families.ts";
import { leastPeople, tellableCounts, tellableGroups } from "../core/farms/farm-outlook.ts";
import { metricsOf } from "../core/kinds/metrics.ts";
import { farmOf } from "../core/kinds/scope.ts";
import type { ModelService } from "../serving/service.ts";
import { findFarmOutlook } from "../store/farm-outlooks.ts";
import { listFarmsByIds } from "../store/farms.ts";
import { findOpenRollout } from "../store/rollouts.ts";
import { listFarmRuns, listRuns } from "../store/runs.ts";
import { findActivation, listActiveScopes, listVersions } from "../store/versions.ts";

const name = "lifetime" satisfies ModelName;

/**
 * A farm's own versions and trainings, which version answers, and what it expects of the farm's customers together. Nothing of a
 * single customer, and nothing of other farms.
 */
export async function farmModels(db: Queryable, models: ModelService, farmId: FarmId) {
  const { type, title, purpose } = families[name];
  const [versions, runs, activation, rollout, outlook] = await Promise.all([
    listVersions(db, { name, scope: farmId, limit: 20 }),
    listRuns(db, { name, scope: farmId, limit: 5 }),
    findActivation(db, type, farmId),
    findOpenRollout(db, type, farmId),
    findFarmOutlook(db, farmId),
  ]);
  const serving = await models.serving(name, farmId);
  return {
    name,
    title,
    purpose,
    /** Which version answers now; the general one while the farm has nothing live of its own. */
    serving: serving ? { version: serving.version, isOwn: serving.scope === farmId } : null,
    champion: activation?.versionId ?? null,
    challenger: rollout ? { versionId: rollout.challengerId, percent: rollout.percent } : null,
    versions: versions.map(({ id, version, createdAt, metrics }) => {
      const { servedBy, rowsLearned, rowsTested, measures } = metricsOf(metrics);
      return { id, version, createdAt: createdAt.toISOString(), servedBy, rowsLearned, rowsTested, measures };
    }),
    runs: runs.map(({ id, status, reason, verdict, requestedAt }) => ({
      id,
      status,
      reason,
      verdict,
      requestedAt: requestedAt.toISOString(),
    })),
    /** By the farm's own live version; without one see `farmCustomers.value`. */
    outlook: outlook ? presentOutlook(outlook) : null,
  };
}

function presentOutlook({ version, groups, computedAt, ...sums }: NonNullable<FarmOutlookRow>) {
  const isTold = sums.customers >= leastPeople;
  return {
    /** Of fewer than ten customers nothing is told, nor how many they are. */
    isTold,
    ...(isTold && {
      customers: sums.customers,
      states: tellableCounts({ active: sums.active, away: sums.away, resting: sums.resting }) ?? null,
      expectedOrders: sums.expectedOrders,
      valueCents: Math.round(sums.valueCents),
      groups: tellableGroups(groups) ?? null,
    }),
    version,
    computedAt: computedAt.toISOString(),
  };
}

type FarmOutlookRow = Awaited<ReturnType<typeof findFarmOutlook>>;

/** For operators: where every farm stands that a version of its own was tried for. */
export async function listFarmModels(db: Queryable, wanted: ModelName) {
  const [runs, live] = await Promise.all([
    listFarmRuns(db, wanted),
    listActiveScopes(db, families[wanted].type),
  ]);
  const scopes = [...new Set([...runs.map(({ scope }) => scope), ...live.map(({ scope }) => scope)])];
  const farms = await listFarmsByIds(
    db,
    scopes.filter((scope) => farmOf(scope) !== undefined),
  );
  return farms
    .map((farm) => {
      const run = runs.find(({ scope }) => scope === farm.id);
      const own = live.find(({ scope }) => scope === farm.id);
      return {
        farmId: farm.id,
        farmName: farm.name,
        farmSlug: farm.slug,
        live: own ? { versionId: own.versionId, version: own.version } : null,
        latest: run
          ? {
              status: run.status,
              verdict: run.verdict,
              seed: run.seed,
              versionId: run.versionId,
              requestedAt: run.requestedAt.toISOString(),
            }
          : null,
      };
    })
    .toSorted((a, b) => (a.farmName < b.farmName ? -1 : 1));
}
