import type { Segment } from "./segments.ts";

/** What may be done for a shopper; doing nothing is one of them. */
export const actions = [
  "REMIND_CART",
  "REMIND_WINDOW",
  "BUY_AGAIN",
  "WIN_BACK",
  "ASK_RATING",
  "DO_NOTHING",
] as const;
export type NextAction = (typeof actions)[number];

/** What the choice rests on. */
export interface Situation {
  readonly segment: Segment;
  readonly cartCents: number;
  /** Until the open order window of the shopper's market closes; `undefined` when none is open. */
  readonly hoursToClose?: number;
  readonly dueProducts: number;
  readonly unratedOrders: number;
  readonly daysSinceOrder?: number;
  /** The middle of what the shopper pays, or of all shoppers where nothing is known. */
  readonly usualBasketCents: number;
  /** What the live models expect, where they are asked. */
  readonly churn?: {
    readonly isAtRisk: boolean;
    readonly probability: number;
    /** Of the coming half-year. */
    readonly valueCents: number;
    readonly reason?: string;
  };
  readonly messages7: number;
  /** Messages that one may get in seven days. */
  readonly cap: number;
  readonly mayContact: boolean;
}

export interface RankedAction {
  readonly action: NextAction;
  /** Expected gain in cents after what another message costs in patience; `DO_NOTHING` is 0. */
  readonly valueCents: number;
  readonly why: string;
}

/**
 * How much likelier an order becomes by a message, in points of 1. Assumed, not measured: held on the low side of what is
 * told of such messages elsewhere, and to be replaced by the outcome of experiments.
 */
const upliftOf: Readonly<Record<Exclude<NextAction, "DO_NOTHING">, number>> = {
  REMIND_CART: 0.1,
  REMIND_WINDOW: 0.04,
  BUY_AGAIN: 0.05,
  WIN_BACK: 0.02,
  ASK_RATING: 0.005,
};

/** What a message costs, in cents: the first of a week little, each further one twice as much. */
export const fatigueCents = (messages7: number): number => 10 * 2 ** messages7;

/**
 * All allowed actions, the best first. Who may not be written to, or has had as many messages as one may get, is left
 * alone; so is everybody for whom no message is worth what it costs.
 */
export function rankActions(situation: Situation): RankedAction[] {
  const nothing: RankedAction = { action: "DO_NOTHING", valueCents: 0, why: reasonForNothing(situation) };
  if (!situation.mayContact || situation.messages7 >= situation.cap) return [nothing];
  const cost = fatigueCents(situation.messages7);
  const ranked = candidates(situation).map(({ action, stakeCents, why }) => ({
    action,
    valueCents: Math.round(upliftOf[action] * stakeCents - cost),
    why,
  }));
  return [...ranked, nothing].sort(
    (a, b) => b.valueCents - a.valueCents || actions.indexOf(a.action) - actions.indexOf(b.action),
  );
}

function reasonForNothing({ mayContact, messages7, cap }: Situation): string {
  if (!mayContact) return "did not agree to be written to";
  return messages7 >= cap ? `had ${messages7} messages in seven days` : "no message is worth its cost";
}

interface Candidate {
  action: Exclude<NextAction, "DO_NOTHING">;
  stakeCents: number;
  why: string;
}

const closesSoonHours = 48;
const awayDays = 30;

function candidates(s: Situation): Candidate[] {
  const found: Candidate[] = [];
  const closesSoon = s.hoursToClose !== undefined && s.hoursToClose <= closesSoonHours;
  if (s.cartCents > 0 && closesSoon) {
    found.push({
      action: "REMIND_CART",
      stakeCents: s.cartCents,
      why: "a full basket, and ordering closes soon",
    });
  }
  if (s.cartCents === 0 && closesSoon && s.segment !== "NEW") {
    found.push({ action: "REMIND_WINDOW", stakeCents: s.usualBasketCents, why: "ordering closes soon" });
  }
  if (s.dueProducts > 0 && s.hoursToClose !== undefined) {
    found.push({
      action: "BUY_AGAIN",
      stakeCents: s.usualBasketCents,
      why: `${s.dueProducts} usual things are due`,
    });
  }
  const winBack = winBackOf(s);
  if (winBack && s.hoursToClose !== undefined) found.push(winBack);
  if (s.unratedOrders > 0) {
    found.push({
      action: "ASK_RATING",
      stakeCents: s.usualBasketCents,
      why: "a collected order is not rated",
    });
  }
  return found;
}

/** Somebody whom the model fears for is worth what is likely to be lost, before a month of absence has shown it. */
function winBackOf({ churn, daysSinceOrder = 0, usualBasketCents }: Situation): Candidate | undefined {
  if (churn?.isAtRisk) {
    const atStakeCents = Math.max(usualBasketCents, churn.probability * churn.valueCents);
    return {
      action: "WIN_BACK",
      stakeCents: atStakeCents,
      why: `may stay away${churn.reason === undefined ? "" : `: ${churn.reason}`}`,
    };
  }
  if (daysSinceOrder < awayDays) return undefined;
  return {
    action: "WIN_BACK",
    stakeCents: usualBasketCents,
    why: `no order for ${Math.floor(daysSinceOrder)} days`,
  };
}
