import type { Queryable } from "@almanac/db";
import type { FarmId, MarketId } from "@almanac/kernel";
import { dayKey } from "./core/demand-history.ts";
import { meanDemand } from "./core/mean-demand.ts";
import { dayNow } from "./market-day.ts";

/** Of one product, base units. */
export interface RestOfDay {
  /** What walk-ins will likely still ask for before the market closes: 0 and more. */
  readonly restBase: number;
  /** What there is to sell to them. */
  readonly leftBase: number;
}

/**
 * What a farm's market day likely sells yet, by the nowcast, of what was forecast; orders are put aside and not in it.
 *
 * @returns by `dayKey`; empty once the market has closed, and where the farm has no stall
 */
export async function readRestOfDay(
  db: Queryable,
  now: Date,
  { farmId, marketId }: { farmId: FarmId; marketId: MarketId },
): Promise<Map<string, RestOfDay>> {
  const found = await dayNow(db, now, { farmId, marketId });
  if (!found || now >= found.closesAt) return new Map();
  return new Map(
    found.products
      .filter(({ morning }) => morning !== null)
      .map(({ productId, now: expected, orderedBase, soldBase, leftBase }) => [
        dayKey(productId, marketId, found.day),
        {
          restBase: Math.max(0, meanDemand(expected) - orderedBase - soldBase),
          leftBase: Math.max(0, leftBase),
        },
      ]),
  );
}
