import { setPrice, type Act } from "@almanac/catalog";
import type { DatabaseHandle, Transaction } from "@almanac/db";
import { wakeRelay, type Bus } from "@almanac/events";
import type { Cents, Clock } from "@almanac/kernel";
import { stepDue } from "./core/price-plans.ts";
import {
  listDuePlans,
  lockPrice,
  takePlan,
  updatePlan,
  type StoredPlan,
  type TakenPlan,
} from "./store/price-plans.ts";

/** Plans of which something is done in one run; what is left is due in the next. */
const mostAtOnce = 500;

export interface DuePlansDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly bus?: Bus;
}

/**
 * Does what is due of planned prices: those whose day has come take effect, those whose last day is over give way to what was
 * asked before, and so do those for a market day that is cancelled. Each in a transaction of its own with its mark, so that it happens once, also where two processes do it at the
 * same time or one dies half-way; where nobody was there in time it happens late. One that fails does not keep the others.
 *
 * @returns how many took effect, how many ended, and how many never took effect
 * @throws what the first that failed threw, after all others are done
 */
export async function applyDuePlans({
  handle,
  clock,
  bus,
}: DuePlansDeps): Promise<{ started: number; ended: number; missed: number }> {
  const done = { started: 0, ended: 0, missed: 0 };
  const failures: unknown[] = [];
  for (const id of await listDuePlans(handle.db, clock.now(), mostAtOnce)) {
    try {
      const step = await handle.transaction(async (tx) => {
        const plan = await takePlan(tx, id);
        return plan ? applyStep(tx, plan, clock.now()) : "nothing";
      });
      if (step !== "nothing") done[step]++;
    } catch (error) {
      failures.push(error);
    }
  }
  if (bus && done.started + done.ended > 0) await wakeRelay(bus);
  if (failures.length > 0) throw failures[0];
  return done;
}

async function applyStep(
  tx: Transaction,
  plan: TakenPlan,
  now: Date,
): Promise<"started" | "ended" | "missed" | "nothing"> {
  const { status } = plan;
  // Another process was quicker, or the farm has cancelled it meanwhile.
  if (status !== "planned" && status !== "running") return "nothing";
  const act: Act = { now, ...(plan.plannedBy && { userId: plan.plannedBy }) };
  switch (stepDue({ ...plan, status }, now)) {
    case "start":
      await startPlan(tx, plan, act);
      return "started";
    case "end":
      await endPlan(tx, plan, act, "over");
      return "ended";
    case "miss":
      await updateOutcome(tx, plan, act, "missed");
      return "missed";
    case "call off":
      return callOff(tx, plan, act);
    default:
      return "nothing";
  }
}

/** The market day that it is for does not take place. */
async function callOff(tx: Transaction, plan: TakenPlan, act: Act): Promise<"ended" | "missed"> {
  if (plan.status === "running") {
    await endPlan(tx, plan, act, "cancelled");
    return "ended";
  }
  await updateOutcome(tx, plan, act, "cancelled");
  return "missed";
}

/** Asks the planned price from now on, as any other change of a price: with its place in the history and its fact. */
export async function startPlan(tx: Transaction, plan: StoredPlan, act: Act): Promise<StoredPlan["status"]> {
  const { farmId, variantId, unitPriceCents, endsAt } = plan;
  const reason = plan.reason === "" ? "planned price" : `planned: ${plan.reason}`;
  const { previousPriceCents } = await setPrice(tx, { farmId, variantId, unitPriceCents, reason }, act);
  // A price that stays is done with when it is asked.
  const status = endsAt === null ? ("over" as const) : ("running" as const);
  await updatePlan(tx, plan.id, {
    status,
    beforeCents: previousPriceCents,
    startedAt: act.now,
    ...(endsAt === null && { endedAt: act.now }),
  });
  return status;
}

/** Asks again what was asked before. A price that was changed by hand since stays as it is. */
export async function endPlan(
  tx: Transaction,
  plan: StoredPlan,
  act: Act,
  outcome: "over" | "cancelled",
): Promise<{ unitPriceCents: Cents }> {
  const { farmId, variantId, beforeCents, unitPriceCents } = plan;
  if (beforeCents !== null && (await lockPrice(tx, plan)) === unitPriceCents) {
    const reason = outcome === "over" ? "planned price is over" : "planned price cancelled";
    await setPrice(tx, { farmId, variantId, unitPriceCents: beforeCents, reason }, act);
  }
  return updateOutcome(tx, plan, act, outcome);
}

export async function updateOutcome(
  tx: Transaction,
  plan: StoredPlan,
  { now }: Act,
  status: "over" | "cancelled" | "missed",
): Promise<{ unitPriceCents: Cents }> {
  await updatePlan(tx, plan.id, { status, endedAt: now });
  return { unitPriceCents: (await lockPrice(tx, plan)) ?? plan.unitPriceCents };
}
