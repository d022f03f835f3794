import type { DatabaseHandle } from "@almanac/db";
import type { Clock, ShopperId } from "@almanac/kernel";
import { scoreOne } from "./scoring.ts";
import type { ModelService } from "./service.ts";
import { findOutlook, type StoredOutlook } from "../store/outlooks.ts";

/** What is expected of a shopper, as told to that shopper and to programs alike. */
export interface ShopperOutlook {
  readonly state: StoredOutlook["state"];
  readonly churnRisk: {
    /** That no order comes within `windowDays` open days; `null` unless active. */
    readonly probability: number | null;
    readonly windowDays: number | null;
    readonly isAtRisk: boolean;
    readonly reasons: readonly string[];
  };
  /** `null` for somebody who never ordered: what is expected of those is expected of all of them together. */
  readonly lifetimeValue: {
    /** Of the coming half-year, in cents, with what it may be in four of five cases. */
    readonly cents: number;
    readonly lowCents: number;
    readonly highCents: number;
    readonly orders: number;
  } | null;
  readonly computedAt: string;
}

/**
 * What was worked out last night, so that every page tells the same; for somebody who came since then it is worked out now.
 *
 * @returns `undefined` while no model is live, and for somebody who may not be profiled
 */
export async function outlookNow(
  deps: { handle: DatabaseHandle; clock: Clock; models: ModelService },
  shopperId: ShopperId,
): Promise<ShopperOutlook | undefined> {
  const stored = (await findOutlook(deps.handle.db, shopperId)) ?? (await scoreOne(deps, shopperId));
  return stored && present(stored);
}

function present(stored: StoredOutlook): ShopperOutlook {
  const { valueCents, valueLowCents, valueHighCents, expectedOrders } = stored;
  return {
    state: stored.state,
    churnRisk: {
      probability: stored.churnProbability,
      windowDays: stored.windowDays,
      isAtRisk: stored.isAtRisk,
      reasons: stored.reasons,
    },
    lifetimeValue:
      valueCents === null || stored.state === "new"
        ? null
        : {
            cents: Math.round(valueCents),
            lowCents: Math.round(valueLowCents ?? 0),
            highCents: Math.round(valueHighCents ?? valueCents),
            orders: Math.round(10 * (expectedOrders ?? 0)) / 10,
          },
    computedAt: stored.computedAt.toISOString(),
  };
}
