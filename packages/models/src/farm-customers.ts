import type { Queryable } from "@almanac/db";
import { days, type FarmId } from "@almanac/kernel";
import { farmCustomerValue } from "./core/farm-customers.ts";
import { readFarmYear } from "./store/farm-customers.ts";

/** A whole number of weeks, so that each weekday counts as often as the others, and each season once. */
const yearDays = 364;

/** What a farm's shoppers are expected to bring it in the coming half-year, as margin where it has told its costs. */
export async function farmCustomersNow(db: Queryable, farmId: FarmId, now: Date) {
  const from = new Date(now.getTime() - days(yearDays));
  const { customers, soldCents, feeCents, computedAt } = await readFarmYear(db, farmId, { from, to: now });
  const answer = farmCustomerValue(customers, soldCents === 0 ? 0 : feeCents / soldCents);
  return { ...answer, computedAt: computedAt?.toISOString() ?? null };
}
