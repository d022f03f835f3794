import type { Basket, BasketLog } from "../baskets.ts";
import { basketWaits, chancesIn, dayWaits, stageOf } from "./waits.ts";
import type { WaitScale } from "./waits.ts";

/** Chances that the mean over all weighs beside those of an item or of a user, and those of an item beside a user's own. */
const itemShrinkage = 20;
const userShrinkage = 20;
const ownShrinkage = 6;
/** Baskets after a purchase that count as chances: what is given up says nothing of when it is due. */
const patience = 150;

/**
 * How likely a basket has an item again, by how long ago the user last bought it (a hazard, in stages of waiting): of each
 * item, and of each user over all items, both pulled to the mean of the stage.
 */
export interface RepeatHazards {
  ofItem(item: number, stage: number): number;
  /** The mean for a user who is not known. */
  ofUser(user: number, stage: number): number;
}

export function readRepeatHazards(log: BasketLog, scale: WaitScale): RepeatHazards {
  const stages = scale.from.length;
  const byItem = new Counts(log.itemCount * stages);
  const byUser = new Counts(log.byUser.length * stages);
  const total = new Counts(stages);
  log.byUser.forEach((past, user) => {
    const lastAt = new Map<number, number>();
    const count = (item: number, start: number, end: number, isBought: boolean): void => {
      const until = Math.min(end, start + patience);
      const bought = isBought && until === end ? stageOf(scale, scale.between(past, start, end, NaN)) : -1;
      for (let stage = 0; stage < stages; stage++) {
        const chances = chancesIn(scale, past, start, until, stage);
        if (chances === 0) continue;
        const again = stage === bought ? 1 : 0;
        byItem.add(item * stages + stage, chances, again);
        byUser.add(user * stages + stage, chances, again);
        total.add(stage, chances, again);
      }
    };
    past.forEach(({ items }, at) => {
      for (const item of items) {
        const start = lastAt.get(item);
        if (start !== undefined) count(item, start, at, true);
        lastAt.set(item, at);
      }
    });
    for (const [item, start] of lastAt) count(item, start, past.length - 1, false);
  });
  const mean = (stage: number): number => total.share(stage, 0, 1);
  return {
    ofItem: (item, stage) => byItem.share(item * stages + stage, mean(stage), itemShrinkage),
    ofUser: (user, stage) =>
      user < 0 ? mean(stage) : byUser.share(user * stages + stage, mean(stage), userShrinkage),
  };
}

/** Chances, and those that were taken. */
class Counts {
  readonly #chances: Float64Array;
  readonly #taken: Float64Array;

  constructor(size: number) {
    this.#chances = new Float64Array(size);
    this.#taken = new Float64Array(size);
  }

  add(at: number, chances: number, taken: number): void {
    this.#chances[at]! += chances;
    this.#taken[at]! += taken;
  }

  /** The share taken, as if `strength` more chances had been taken by the share `expected`. */
  share(at: number, expected: number, strength: number): number {
    return (this.#taken[at]! + strength * expected) / (this.#chances[at]! + strength);
  }
}

export const hazardColumnCount = 5;

export interface HazardsByScale {
  readonly baskets: RepeatHazards;
  readonly days: RepeatHazards;
}

export function readHazardsByScale(log: BasketLog): HazardsByScale {
  return { baskets: readRepeatHazards(log, basketWaits), days: readRepeatHazards(log, dayWaits) };
}

/**
 * How likely an item is bought again after the wait that the basket to come ends: the item's hazard by baskets and by days,
 * the user's by baskets, and by both the user's own for this item. NaN for what was never bought, and by days without dates.
 *
 * @param at positions of the baskets of `past` with the item, ascending
 */
export function hazardColumns(
  hazards: HazardsByScale,
  { user, past, day }: { readonly user: number; readonly past: readonly Basket[]; readonly day: number },
  item: number,
  at: readonly number[],
): number[] {
  const lastAt = at.at(-1);
  if (lastAt === undefined) return Array.from({ length: hazardColumnCount }, () => NaN);
  const stage = stageOf(basketWaits, past.length - lastAt);
  const byBaskets = hazards.baskets.ofItem(item, stage);
  const columns = [
    byBaskets,
    hazards.baskets.ofUser(user, stage),
    ownHazard(basketWaits, past, at, stage, byBaskets),
  ];
  const days = dayWaits.between(past, lastAt, past.length, day);
  if (Number.isNaN(days)) return [...columns, NaN, NaN];
  const dayStage = stageOf(dayWaits, days);
  const byDays = hazards.days.ofItem(item, dayStage);
  return [...columns, byDays, ownHazard(dayWaits, past, at, dayStage, byDays)];
}

/** The share of a user's own chances in a stage that were taken, pulled to `expected`. */
function ownHazard(
  scale: WaitScale,
  past: readonly Basket[],
  at: readonly number[],
  stage: number,
  expected: number,
): number {
  let chances = ownShrinkage;
  let taken = ownShrinkage * expected;
  at.forEach((start, k) => {
    const end = at[k + 1];
    chances += chancesIn(scale, past, start, end ?? past.length - 1, stage);
    if (end !== undefined && stageOf(scale, scale.between(past, start, end, NaN)) === stage) taken++;
  });
  return taken / chances;
}
