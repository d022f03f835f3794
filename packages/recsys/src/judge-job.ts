import type { DatabaseHandle, Queryable } from "@almanac/db";
import { countJobs, defineJob, enqueueJob, type Job } from "@almanac/jobs";
import { invariant } from "@almanac/kernel";
import { z } from "zod";
import { judgeArms } from "./service/evaluation.ts";
import type { ShopView } from "./shop.ts";

/** Judges all arms on the shop's own past: each night, and when an operator asks. */
export function judgeArmsJob({ shopWindow }: { readonly shopWindow?: ShopView } = {}): Job<
  Record<string, never>
> {
  return defineJob({
    name: "recommendations.judge",
    data: z.object({}),
    schedules: [{ cron: "30 4 * * *", timeZone: "UTC", catchUp: true }],
    run: async (_, { handle, clock }) => {
      invariant(shopWindow, "what runs jobs knows what is on sale");
      await judgeArms({ handle, clock, shopWindow });
    },
  });
}

const named = judgeArmsJob();

/** Has it done soon. @returns false where it is about to be done already */
export async function judgeSoon(handle: DatabaseHandle): Promise<boolean> {
  return handle.transaction(async (tx) => !(await isJudging(tx)) && enqueueJob(tx, named, {}));
}

/** Whether a judgement is being made, or waits to be. */
export async function isJudging(db: Queryable): Promise<boolean> {
  return (await countJobs(db)).some(({ name, waiting }) => name === named.name && waiting > 0);
}
