import { sql } from "drizzle-orm";
import { rows } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";
import { expirePending } from "./store/advice.ts";
import { adviseFarm, type AdviceDeps } from "./workflows/advise-farm.ts";

/** Advises every farm that has forecasts, one after the other. @returns how many farms, and how much advice */
export async function adviseAll(deps: AdviceDeps): Promise<{ farms: number; advice: number }> {
  const farms = await rows<{ farm_id: FarmId }>(
    deps.handle.db,
    sql`select distinct farm_id from demand_forecasts order by farm_id`,
  );
  let advice = 0;
  for (const { farm_id: farmId } of farms) advice += (await adviseFarm(deps, farmId)).length;
  return { farms: farms.length, advice };
}

/** What nobody answered in time runs out. @returns how many did */
export const expireAdvice = ({ handle, clock }: AdviceDeps): Promise<number> =>
  expirePending(handle.db, clock.now());
