import { setProductStatus, type Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import type { AdviceId, PricePlanId } from "@almanac/db/schema";
import { AppError, hours, type CalendarDay, type FarmId, type UserId } from "@almanac/kernel";
import { cancelPlan, planPrice, refreshFarmSoon } from "@almanac/pricing";
import type { Before } from "../core/before.ts";
import type { AdviceType } from "../core/facts.ts";
import { loweredThreshold, raisedThreshold, type RejectionReason } from "../core/thresholds.ts";
import { lockAdvice, lockStatus, readEnding, updateAdvice, type StoredAdvice } from "../store/advice.ts";
import { lockSettings, saveSettings } from "../store/settings.ts";
import { lockPlanned, planToBring } from "../store/stall-plans.ts";

/** How long an answer can be taken back. */
export const undoableMs = hours(24);

/** What is done by hand once it is accepted, and ticked off. */
export const taskTypes: ReadonlySet<AdviceType> = new Set([
  "HARVEST_MORE",
  "HARVEST_LESS",
  "RESTOCK",
  "DONATE",
  "PLANT",
] satisfies AdviceType[]);

export interface Answer {
  readonly farmId: FarmId;
  readonly adviceId: AdviceId;
  readonly userId: UserId;
  readonly now: Date;
  readonly traceId?: string;
}

/**
 * Follows an advice: what can be done here is done (the stall plan, a price until the market day is over, a listing), what is
 * done by hand becomes a task of the day. Saying it again changes nothing.
 *
 * @param quantityBase another quantity than was advised, for what is brought or done by hand
 * @throws AppError `advice_not_found`, `advice_answered`, `advice_expired`; `suggestion_changed` where another price is asked
 * than the advice is for, or what is to be moved is planned no more, or a market day that it is for does not take place; what the catalog and planned prices refuse
 */
export async function acceptAdvice(tx: Transaction, answer: Answer, quantityBase?: number): Promise<void> {
  const found = await getAdvice(tx, answer);
  if (found.status === "ACCEPTED") return;
  assertPending(found, answer.now);
  if ((await readEnding(tx, found.id)) !== null)
    throw new AppError(
      "suggestion_changed",
      "A market day that this was for, its stall or its product is gone.",
    );
  const recommendedBase = quantityBase ?? found.recommendedBase;
  const before = await follow(tx, { ...found, recommendedBase }, answer, found.recommendedBase);
  await updateAdvice(tx, found.id, {
    status: "ACCEPTED",
    recommendedBase,
    decidedBy: answer.userId,
    decidedAt: answer.now,
    before,
  });
  const { farmId, now } = answer;
  const settings = await lockSettings(tx, farmId, now);
  const threshold = settings.leastGainCents[found.type];
  if (threshold === undefined || found.gainCents === null) return;
  const leastGainCents = {
    ...settings.leastGainCents,
    [found.type]: loweredThreshold(threshold, found.gainCents),
  };
  await saveSettings(tx, farmId, { leastGainCents }, now);
}

async function follow(
  tx: Transaction,
  advice: StoredAdvice,
  { farmId, now, traceId, userId }: Answer,
  advisedBase: number,
): Promise<Before> {
  const { type, productId, details, recommendedBase } = advice;
  const act = { now, userId, ...(traceId !== undefined && { traceId }) };
  if (type === "BRING_TO_MARKET") {
    const plannedBase = await planToBring(tx, placeOf(advice), Math.round(recommendedBase), now);
    return { kind: "plan", plannedBase, advisedBase };
  }
  if (details.kind === "move") {
    const from = { ...placeOf(advice), marketId: details.fromMarketId, marketDay: details.fromDay };
    const fromBase = await lockPlanned(tx, from);
    const toBase = await lockPlanned(tx, placeOf(advice));
    if (fromBase === null || toBase === null)
      throw new AppError("suggestion_changed", "What is planned has changed since this was advised.");
    const moved = Math.min(Math.round(recommendedBase), fromBase);
    await planToBring(tx, from, fromBase - moved, now);
    await planToBring(tx, placeOf(advice), toBase + moved, now);
    return { kind: "plans", fromBase, toBase };
  }
  if (details.kind === "price") {
    const planned = {
      variantId: details.variantId,
      price: { unitPriceCents: details.toCents },
      currentCents: details.fromCents,
      reason: "Lower price while it lasts",
      when: { toDay: placeOf(advice).marketDay },
      // What it cost is spent already.
      mayBeBelowFloor: true,
    } as const;
    const { planId } = await planPrice(tx, farmId, planned, act);
    await refreshFarmSoon(tx, farmId);
    return { kind: "planned_price", planId };
  }
  if (type === "STOP_SELLING") {
    const { previousStatus } = await setProductStatus(tx, farmId, productId, "hidden", act);
    return { kind: "status", status: previousStatus };
  }
  return { kind: "task" };
}

/**
 * Turns an advice down. Too much work, or too little gain, raises what such advice has to promise to this farm.
 *
 * @throws AppError `advice_not_found`, `advice_answered`, `advice_expired`
 */
export async function rejectAdvice(tx: Transaction, answer: Answer, reason: RejectionReason): Promise<void> {
  const found = await getAdvice(tx, answer);
  if (found.status === "REJECTED") return;
  assertPending(found, answer.now);
  const { farmId, userId, now } = answer;
  const settings = await lockSettings(tx, farmId, now);
  const threshold = settings.leastGainCents[found.type] ?? 0;
  await updateAdvice(tx, found.id, {
    status: "REJECTED",
    rejectionReason: reason,
    decidedBy: userId,
    decidedAt: now,
    before: { kind: "threshold", threshold },
  });
  if (found.gainCents === null) return;
  const leastGainCents = {
    ...settings.leastGainCents,
    [found.type]: raisedThreshold(threshold, found.gainCents, reason),
  };
  await saveSettings(tx, farmId, { leastGainCents }, now);
}

/**
 * Takes an answer back within a day, and what was done with it: the plan, price or listing of before. What has been changed
 * by hand since is left as it is.
 *
 * @throws AppError `advice_not_found`, `advice_answered` when it was done already or too long ago
 */
export async function undoAnswer(tx: Transaction, answer: Answer): Promise<void> {
  const { farmId, now } = answer;
  const found = await getAdvice(tx, answer);
  if (found.status === "PENDING") return;
  const isLate = found.decidedAt === null || now.getTime() - found.decidedAt.getTime() > undoableMs;
  if (isLate || found.doneAt !== null) {
    throw new AppError("advice_answered", "This can no longer be taken back.");
  }
  if (found.status === "ACCEPTED") await takeBack(tx, found, answer);
  else await forgetRejection(tx, found, farmId, now);
  await updateAdvice(tx, found.id, {
    status: found.validUntil > now ? "PENDING" : "EXPIRED",
    ...(found.before?.kind === "plan" &&
      found.before.advisedBase !== undefined && { recommendedBase: found.before.advisedBase }),
    decidedBy: null,
    decidedAt: null,
    rejectionReason: null,
    before: null,
  });
}

async function takeBack(
  tx: Transaction,
  advice: StoredAdvice,
  { farmId, now, traceId, userId }: Answer,
): Promise<void> {
  const { details, before } = advice;
  const act = { now, userId, ...(traceId !== undefined && { traceId }) };
  const accepted = Math.round(advice.recommendedBase);
  if (before?.kind === "plan" && (await lockPlanned(tx, placeOf(advice))) === accepted)
    await planToBring(tx, placeOf(advice), before.plannedBase, now);
  if (before?.kind === "plans" && details.kind === "move") {
    const from = { ...placeOf(advice), marketId: details.fromMarketId, marketDay: details.fromDay };
    const moved = Math.min(accepted, before.fromBase);
    const isAsLeft =
      (await lockPlanned(tx, from)) === before.fromBase - moved &&
      (await lockPlanned(tx, placeOf(advice))) === before.toBase + moved;
    if (isAsLeft) {
      await planToBring(tx, from, before.fromBase, now);
      await planToBring(tx, placeOf(advice), before.toBase, now);
    }
  }
  if (before?.kind === "planned_price") await endPlannedPrice(tx, farmId, before.planId, act);
  if (before?.kind === "status" && (await lockStatus(tx, advice.productId)) === "hidden")
    await setProductStatus(tx, farmId, advice.productId, before.status, act);
}

/** Where the farm or the calendar has ended it before, the price is back already. */
async function endPlannedPrice(
  tx: Transaction,
  farmId: FarmId,
  planId: PricePlanId,
  act: Act,
): Promise<void> {
  try {
    await cancelPlan(tx, farmId, planId, act);
  } catch (error) {
    if (error instanceof AppError && error.code === "price_plan_over") return;
    throw error;
  }
  await refreshFarmSoon(tx, farmId);
}

async function forgetRejection(
  tx: Transaction,
  advice: StoredAdvice,
  farmId: FarmId,
  now: Date,
): Promise<void> {
  if (advice.before?.kind !== "threshold") return;
  const { threshold } = advice.before;
  const settings = await lockSettings(tx, farmId, now);
  await saveSettings(
    tx,
    farmId,
    { leastGainCents: { ...settings.leastGainCents, [advice.type]: threshold } },
    now,
  );
}

async function getAdvice(tx: Transaction, { farmId, adviceId }: Answer): Promise<StoredAdvice> {
  const found = await lockAdvice(tx, farmId, adviceId);
  if (!found) throw new AppError("advice_not_found", "There is no such advice.");
  return found;
}

function assertPending({ status, validUntil }: StoredAdvice, now: Date): void {
  if (status === "EXPIRED" || validUntil <= now) {
    throw new AppError("advice_expired", "This advice has run out: the day it was for has come.");
  }
  if (status !== "PENDING") throw new AppError("advice_answered", "This was answered already.");
}

function placeOf({ farmId, productId, marketId, marketDay }: StoredAdvice) {
  if (marketId === null || marketDay === null) {
    throw new AppError("advice_not_found", "This advice is for no market day.");
  }
  return { farmId, productId, marketId, marketDay: marketDay as CalendarDay };
}
