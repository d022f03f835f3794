import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { rows } from "@almanac/db";
import { defineJob, enqueueJob, type Job } from "@almanac/jobs";
import { hours, type CalendarDay, type FarmId, type Milliseconds } from "@almanac/kernel";
import { z } from "zod";
import { expirePending } from "./store/advice.ts";
import { listUnadvisedFarms } from "./store/facts.ts";
import { adviseFarm, freshAdvice, type AdviceDeps, type FreshAdviceDeps } from "./workflows/advise-farm.ts";

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

const nothing = z.object({});
const dayOf = (at: Date): CalendarDay => at.toISOString().slice(0, 10) as CalendarDay;

/**
 * Makes forecasts and advice of each farm that has a market day to come and none of them yet, one farm after the other with a rest
 * between them, so that nobody who looks first has to wait for it. Who looks at a farm that is being worked on waits for that.
 */
export function firstAdviceJob({ weather }: Pick<FreshAdviceDeps, "weather"> = {}): Job<
  z.input<typeof nothing>
> {
  return defineJob({
    name: "advice.first",
    data: nothing,
    timeoutMs: hours(1),
    run: async (_, { handle, clock, log, signal }) => {
      const deps = { handle, clock, ...(weather && { weather }) };
      for (const farmId of await listUnadvisedFarms(handle.db, dayOf(clock.now()))) {
        const begunAt = performance.now();
        await freshAdvice(deps, farmId).catch((err: unknown) =>
          log.warn({ err, farmId }, "a farm's first advice is left to who looks"),
        );
        // As long as that took: half of the time is left to those who open pages.
        await setTimeout(performance.now() - begunAt, undefined, { signal });
      }
    },
  });
}

const named = firstAdviceJob();

/** Has that done `afterMs` from now: once a day, however many processes start. */
export async function planFirstAdvice({ handle, clock }: AdviceDeps, afterMs: Milliseconds): Promise<void> {
  const now = clock.now();
  const runAt = new Date(now.getTime() + afterMs);
  await enqueueJob(handle.db, named, {}, { key: `advice.first ${dayOf(now)}`, runAt });
}
