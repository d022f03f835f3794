import { defineJob, enqueueJob, type Job } from "@almanac/jobs";
import type { Queryable } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";
import { forecastChanged, type ForecastingDeps } from "@almanac/planning";
import { idInput } from "@almanac/trpc";
import { z } from "zod";

const data = z.object({ farmId: idInput<FarmId>() });

/** Forecasts a farm's products anew whose coming prices have changed, instead of in the next hour. */
export function refreshFarmJob({ weather }: Pick<ForecastingDeps, "weather"> = {}): Job<
  z.input<typeof data>
> {
  return defineJob({
    name: "planning.refresh-farm",
    data,
    run: async ({ farmId }, { handle, clock }) =>
      void (await forecastChanged({ handle, clock, ...(weather && { weather }) }, farmId)),
  });
}

const named = refreshFarmJob();

/** Has it done soon, if the transaction commits. */
export async function refreshFarmSoon(tx: Queryable, farmId: FarmId): Promise<void> {
  await enqueueJob(tx, named, { farmId });
}
