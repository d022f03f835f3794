import { days, type FarmId } from "@almanac/kernel";
import { enqueueTraining, seedOf } from "../runs/enqueue.ts";
import { scoreFarm } from "./farm-scoring.ts";
import type { RegistryDeps } from "../versions/registry.ts";
import { listSellingFarms, type FarmRow } from "../store/farms.ts";
import type { TrainingOrder } from "../runs/training.ts";

/** Looks at the customers of one farm, and orders a training of its own version where what comes in has newly drifted. */
export async function lookAtFarm(
  deps: RegistryDeps,
  farmId: FarmId,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  for (const { name } of await scoreFarm(deps, farmId, options))
    await enqueueTraining(deps, { name, scope: farmId, seed: seedOf(deps.clock.now()), reason: "drift" });
}

/** How long a farm counts as selling after an order. */
const sellingMs = days(365);

export const sellingFarms = ({ handle, clock }: Pick<RegistryDeps, "handle" | "clock">): Promise<FarmRow[]> =>
  listSellingFarms(handle.db, new Date(clock.now().getTime() - sellingMs));

/** Orders a training of every selling farm's own version: after the general one, as they are compared with it. */
export async function orderFarmTrainings(
  deps: Pick<RegistryDeps, "handle" | "clock">,
  order: Pick<TrainingOrder, "name" | "seed" | "reason">,
): Promise<void> {
  for (const { id } of await sellingFarms(deps)) await enqueueTraining(deps, { ...order, scope: id });
}
