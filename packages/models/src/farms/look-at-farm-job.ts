import type { Transaction } from "@almanac/db";
import { defineJob, enqueueJob } from "@almanac/jobs";
import { z } from "zod";
import { farmOf } from "../core/kinds/scope.ts";

const lookJob = defineJob({
  name: "models.farm",
  data: z.object({ farmId: z.string() }),
  // The work itself is given by `modelJobs`; this one is only enqueued by.
  run: () => Promise.resolve(),
});

/** After another version answers a farm, what is expected of its customers is worked out anew: if and only if that commits. */
export async function lookAtFarmSoon(tx: Transaction, scope: string): Promise<void> {
  const farmId = farmOf(scope);
  if (farmId) await enqueueJob(tx, lookJob, { farmId });
}
