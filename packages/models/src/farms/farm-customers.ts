import type { Queryable } from "@almanac/db";
import { days, type FarmId } from "@almanac/kernel";
import { bySalesOf, farmCustomerValue, type FarmCustomerAnswer } from "../core/farms/farm-customers.ts";
import { findFarmOutlook } from "../store/farm-outlooks.ts";
import { readFarmYear } from "../store/farm-customers.ts";

/** A whole number of weeks, so that each weekday counts as often as the others, and each season once. */
const yearDays = 364;

export type FarmCustomersNow = FarmCustomerAnswer & {
  /** The version of the farm's own that told the sales; absent where the general one did. */
  readonly ownVersion?: number;
  readonly computedAt: string | null;
};

/**
 * What a farm's shoppers are expected to bring it in the coming half-year, as margin where it has told its costs: the sales by the
 * farm's own version where one is live, else by shares of what the general one tells.
 */
export async function farmCustomersNow(db: Queryable, farmId: FarmId, now: Date): Promise<FarmCustomersNow> {
  const from = new Date(now.getTime() - days(yearDays));
  const { customers, soldCents, feeCents, computedAt } = await readFarmYear(db, farmId, { from, to: now });
  const answer = farmCustomerValue(customers, soldCents === 0 ? 0 : feeCents / soldCents);
  const own = answer.kind === "told" ? await findFarmOutlook(db, farmId) : undefined;
  if (answer.kind !== "told" || !own) return { ...answer, computedAt: computedAt?.toISOString() ?? null };
  const { kind, ...value } = answer;
  const told = bySalesOf(value, own.valueCents);
  return { kind, ...told, ownVersion: own.version, computedAt: own.computedAt.toISOString() };
}
