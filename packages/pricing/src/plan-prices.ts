import type { Act } from "@almanac/catalog";
import type { Queryable, Transaction } from "@almanac/db";
import type { PricePlanId } from "@almanac/db/schema";
import {
  AppError,
  formatCents,
  marketDay as dayAtMarket,
  newId,
  type CalendarDay,
  type Cents,
  type FarmId,
  type MarketId,
  type VariantId,
} from "@almanac/kernel";
import { costFor } from "./advising.ts";
import { overlap, planTimes, promotionPrice, promotionWords, type Promotion } from "./core/price-plans.ts";
import { priceFloor } from "./core/suggest-price.ts";
import { listCosts } from "./store/costs.ts";
import { lockDecisions } from "./store/decisions.ts";
import { listOffers, readCurrency, type Offer } from "./store/offers.ts";
import {
  insertPlan,
  listFarmMarketDays,
  listOpenPlans,
  lockPlan,
  lockPrice,
  readTimeZone,
  type StoredPlan,
} from "./store/price-plans.ts";
import { endPlan, startPlan, updateOutcome } from "./plan-steps.ts";

/** Plans of one farm that are to come or run: more is no plan. */
export const mostOpenPlans = 200;

export type PlanWhen =
  /** Without a first day it takes effect at once. */
  | { readonly fromDay?: CalendarDay; readonly toDay: CalendarDay | null }
  | { readonly marketId: MarketId; readonly marketDay: CalendarDay };

export interface PlanInput {
  readonly variantId: VariantId;
  /** A price, or what some units cost together. */
  readonly price: { readonly unitPriceCents: Cents } | Promotion;
  readonly reason: string;
  readonly when: PlanWhen;
  /** The farm knows that it lies below its floor. */
  readonly mayBeBelowFloor: boolean;
  /** What was asked when this was thought of: where it is not asked any more, nothing is planned. */
  readonly currentCents?: Cents;
}

/**
 * Plans a price from a day on, from one day to another, or for a market day: then from the day on which ordering for it opens,
 * as those who order ahead are to pay it too. What is due now takes effect at once.
 *
 * @throws AppError `variant_not_found` for what the farm does not have on sale, `input_invalid`, `price_below_floor` unless the
 * farm says that it may be, `window_not_found`, `price_plan_overlaps`, `suggestion_changed` where another price is asked than
 * was thought
 */
export async function planPrice(
  tx: Transaction,
  farmId: FarmId,
  input: PlanInput,
  act: Act,
): Promise<{ planId: PricePlanId; unitPriceCents: Cents; status: StoredPlan["status"] }> {
  // Two who plan at once wait for each other: the second sees what the first has planned.
  await lockDecisions(tx, farmId);
  const offer = (await listOffers(tx, farmId)).find(({ variantId }) => variantId === input.variantId);
  if (!offer) throw new AppError("variant_not_found", "There is no such variant.");
  if (input.currentCents !== undefined && (await lockPrice(tx, offer)) !== input.currentCents)
    throw new AppError("suggestion_changed", "The price has changed since it was shown.");
  const promotion = "units" in input.price ? input.price : undefined;
  const unitPriceCents = promotion
    ? promotionPrice(promotion)
    : (input.price as { unitPriceCents: Cents }).unitPriceCents;
  if (unitPriceCents < 1)
    throw new AppError("input_invalid", "One of them would cost nothing.", {
      details: { field: promotion ? "totalCents" : "unitPriceCents" },
    });
  const isBelowFloor = await assertFloor(tx, farmId, offer, unitPriceCents, input.mayBeBelowFloor);
  const placed = await placedIn(tx, farmId, input.when, act.now);
  const open = await listOpenPlans(tx, farmId);
  if (open.length >= mostOpenPlans)
    throw new AppError("input_invalid", `At most ${mostOpenPlans} prices are planned at a time.`);
  const other = open.find((one) => one.variantId === offer.variantId && overlap(one, placed));
  if (other)
    throw new AppError("price_plan_overlaps", "Another price is planned for some of these days.", {
      details: { planId: other.id, fromDay: other.fromDay, toDay: other.toDay },
    });
  const plan: StoredPlan = {
    ...placed,
    id: newId<PricePlanId>(act.now.getTime()),
    farmId,
    productId: offer.productId,
    variantId: offer.variantId,
    unitPriceCents,
    promotionUnits: promotion?.units ?? null,
    promotionCents: promotion?.totalCents ?? null,
    reason: input.reason || (promotion ? promotionWords(promotion) : ""),
    isBelowFloor,
    status: "planned",
    beforeCents: null,
    startedAt: null,
    endedAt: null,
    plannedBy: act.userId ?? null,
    plannedAt: act.now,
  };
  await insertPlan(tx, plan);
  const status = plan.startsAt <= act.now ? await startPlan(tx, plan, act) : plan.status;
  return { planId: plan.id, unitPriceCents, status };
}

/**
 * Takes a plan back. Where it runs, what was asked before is asked again, unless the price was changed by hand since.
 *
 * @throws AppError `price_plan_not_found`, `price_plan_over`
 */
export async function cancelPlan(
  tx: Transaction,
  farmId: FarmId,
  planId: PricePlanId,
  act: Act,
): Promise<{ unitPriceCents: Cents }> {
  const plan = await lockPlan(tx, farmId, planId);
  if (!plan) throw new AppError("price_plan_not_found", "There is no such planned price.");
  if (plan.status === "running") return endPlan(tx, plan, act, "cancelled");
  if (plan.status !== "planned") throw new AppError("price_plan_over", "The planned price is over.");
  return updateOutcome(tx, plan, act, "cancelled");
}

/** @returns whether it is below the farm's floor, which it may only be where the farm says so */
async function assertFloor(
  db: Queryable,
  farmId: FarmId,
  offer: Offer,
  unitPriceCents: Cents,
  mayBeBelow: boolean,
): Promise<boolean> {
  const [costs, currency] = await Promise.all([listCosts(db, farmId), readCurrency(db, farmId)]);
  const cost = costs.find(({ productId }) => productId === offer.productId);
  if (!cost) return false;
  const floorCents = priceFloor(costFor(offer, cost).costCents, cost.marginBasisPoints, currency);
  if (unitPriceCents >= floorCents) return false;
  if (mayBeBelow) return true;
  throw new AppError(
    "price_below_floor",
    `${formatCents(unitPriceCents)} is below your floor of ${formatCents(floorCents)}.`,
    { details: { field: "unitPriceCents", floorCents } },
  );
}

type Placed = Pick<StoredPlan, "fromDay" | "toDay" | "startsAt" | "endsAt" | "marketId" | "marketDay">;

async function placedIn(db: Queryable, farmId: FarmId, when: PlanWhen, now: Date): Promise<Placed> {
  if (!("marketId" in when)) {
    const timeZone = await readTimeZone(db, farmId);
    const today = dayAtMarket(now, timeZone);
    const days = { fromDay: when.fromDay ?? today, toDay: when.toDay };
    return {
      ...days,
      ...planTimes(days, today, timeZone),
      marketId: null,
      marketDay: null,
    };
  }
  const found = (await listFarmMarketDays(db, farmId, when.marketDay)).find(
    ({ marketId, day }) => marketId === when.marketId && day === when.marketDay,
  );
  if (!found) throw new AppError("window_not_found", "The farm has no such market day.");
  const today = dayAtMarket(now, found.timeZone);
  const fromDay = firstDayFor(found, today);
  const days = { fromDay, toDay: found.day };
  return {
    ...days,
    ...planTimes(days, today, found.timeZone),
    marketId: found.marketId,
    marketDay: found.day,
  };
}

/** From when those who order for a market day ask for its price: the day on which ordering opens, today where it is open. */
export function firstDayFor(
  { opensAt, timeZone, day }: { opensAt: Date; timeZone: string; day: CalendarDay },
  today: CalendarDay,
): CalendarDay {
  const opens = dayAtMarket(opensAt, timeZone);
  const from = opens > today ? opens : today;
  return from < day ? from : day;
}
