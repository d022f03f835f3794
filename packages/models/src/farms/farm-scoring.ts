import type { FarmId } from "@almanac/kernel";
import { families, modelNames, type ModelName } from "../core/kinds/families.ts";
import { sumOutlooks } from "../core/farms/farm-outlook.ts";
import type { RegistryDeps } from "../versions/registry.ts";
import { liveModels, noteDrift, predictionsOf, type DriftFound } from "../serving/scoring.ts";
import { deleteFarmOutlook, replaceFarmOutlook } from "../store/farm-outlooks.ts";
import { readFarmWorld } from "../store/farm-world.ts";
import { insertPredictions } from "../store/predictions.ts";
import { scoreInThread, type ThreadOptions } from "../training/in-thread.ts";

/** Models of which a farm may have its own version. */
export const perFarmNames: readonly ModelName[] = modelNames.filter((name) => families[name].isPerFarm);

/**
 * Works out what is expected of a farm's customers together by the farm's own live version, and holds what comes in against what it
 * learned from. Where the farm has none live, what one told before goes.
 *
 * @returns the models whose inputs have newly drifted
 */
export async function scoreFarm(
  deps: RegistryDeps,
  farmId: FarmId,
  options: ThreadOptions = {},
): Promise<DriftFound[]> {
  const { handle, clock, models } = deps;
  const found = await liveModels(models, farmId, perFarmNames);
  const version = found.versions.lifetime;
  if (version?.scope !== farmId) {
    await deleteFarmOutlook(handle.db, farmId);
    return [];
  }
  const now = clock.now();
  const { packed, shopperIds } = await readFarmWorld(handle.db, now, farmId);
  const task = { kind: "score" as const, world: packed, units: shopperIds, ...found.live };
  const { outlooks, seen, shadows } = await scoreInThread(task, options);
  const row = { farmId, versionId: version.id, ...sumOutlooks(outlooks), computedAt: now };
  await handle.transaction((tx) => replaceFarmOutlook(tx, row));
  await insertPredictions(handle.db, predictionsOf(found, "lifetime", shadows.lifetime ?? [], now));
  const drifted = seen.lifetime ? await noteDrift(deps, version, seen.lifetime) : [];
  return drifted.length > 0 ? [{ name: "lifetime", drifted }] : [];
}
