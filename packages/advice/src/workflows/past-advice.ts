import type { Queryable } from "@almanac/db";
import { days, type CalendarDay, type FarmId } from "@almanac/kernel";
import { listPlannedProducts, readPastDemand } from "@almanac/planning";
import { adviceAccuracy, type AdviceAccuracy } from "../core/advice-accuracy.ts";
import { listAdvisedLoads } from "../store/past-advice.ts";

/** Days before the judged ones that tell what a product usually sells. */
const usualDays = 91;

/** How near advice on what to bring came, over market days of so many days back that are over. */
export async function judgeAdvice(
  db: Queryable,
  farmId: FarmId,
  { now, judgedDays }: { now: Date; judgedDays: number },
): Promise<AdviceAccuracy> {
  const dayBefore = (count: number): CalendarDay =>
    new Date(now.getTime() - days(count)).toISOString().slice(0, 10) as CalendarDay;
  const today = dayBefore(0);
  const advised = await listAdvisedLoads(db, farmId, { from: dayBefore(judgedDays), before: today });
  if (advised.length === 0) return adviceAccuracy([], []);
  const since = new Date(now.getTime() - days(judgedDays + usualDays));
  const products = await listPlannedProducts(db, farmId);
  const { histories } = await readPastDemand(db, { since, now, farmId, products });
  return adviceAccuracy(advised, histories);
}
