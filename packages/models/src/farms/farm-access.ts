import { AppError, type FarmId } from "@almanac/kernel";
import { idInput, isOperator, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { families, modelNames, type ModelName } from "../core/kinds/families.ts";
import { findFarm } from "../store/farms.ts";

/** A model, and the farm whose own versions are meant; everybody's without one. */
export const ofScope = z.object({ name: z.enum(modelNames), farmId: idInput<FarmId>().optional() });

/** @throws AppError `farm_not_found` to whoever is no member of it: to anybody else the farm does not exist */
export async function requireFarm({ caller, db }: RequestContext, farmId: FarmId): Promise<void> {
  const isOwn = caller.farmIds.includes(farmId);
  if (!isOwn && !(isOperator(caller) && (await findFarm(db, farmId))))
    throw new AppError("farm_not_found", "There is no such farm.");
}

/** @throws AppError `farm_not_found`; `input_invalid` for a model that knows no farms */
export async function assertPerFarm(ctx: RequestContext, name: ModelName, farmId: FarmId): Promise<void> {
  await requireFarm(ctx, farmId);
  if (!families[name].isPerFarm)
    throw new AppError("input_invalid", `Farms have no version of "${name}" of their own.`);
}

/** @throws AppError `right_missing` to anybody but operators for a model that tells what farms sell */
export function assertMayAsk({ caller }: RequestContext, name: ModelName): void {
  if (families[name].isOfFarms && !isOperator(caller))
    throw new AppError("right_missing", "What farms sell is told to operators, and to each farm of its own.");
}
