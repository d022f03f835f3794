import { csrRow } from "../snapshot/csr.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates } from "../types.ts";

/** Something the shopper buys again and again, and when it will be due. */
export interface BuyAgain {
  readonly product: number;
  readonly times: number;
  readonly lastDay: number;
  /** Days between two purchases: the shopper's own median, shrunk towards that of everybody. */
  readonly intervalDays: number;
  /** `lastDay + intervalDays`, rounded. */
  readonly dueDay: number;
  /** 0..1: how likely it is wanted in the next basket; no calibrated probability. */
  readonly score: number;
}

/** An earlier purchase counts this much of the one after it, in baskets: measured in docs/benches/recommending-models.md. */
const decayPerBasket = 0.95;
/** Gaps of belief in the interval of everybody. */
const priorGaps = 2;
/** For a product that others do not buy again, so that nothing is known of its rhythm. */
const usualIntervalDays = 14;
/** Three intervals after the last purchase the habit has probably ended. */
const lapsedIntervals = 3;

/**
 * What a shopper bought before, the likeliest to be wanted now first.
 *
 * Score: decayed frequency (each basket counts .95 of the one after it) times how due it is: 0.3 right after a purchase,
 * rising to 1 at the due day, falling again after two intervals to a third at `lapsedIntervals`. Products bought once count
 * only where everybody's interval says that they are bought again.
 */
export function buyAgain(snapshot: RecsysSnapshot, shopperId: string | undefined, day: number): BuyAgain[] {
  const days = purchaseDays(snapshot, shopperId, day);
  const baskets = [...new Set([...days.values()].flat())].sort((a, b) => a - b);
  const rankOfDay = new Map(baskets.map((basketDay, at) => [basketDay, baskets.length - 1 - at]));
  const top = baskets.length === 0 ? 1 : (1 - decayPerBasket ** baskets.length) / (1 - decayPerBasket);
  const found: BuyAgain[] = [];
  for (const [product, bought] of days) {
    const common = snapshot.columns.medianIntervalDays[product]!;
    if (bought.length < 2 && Number.isNaN(common)) continue;
    const intervalDays = ownInterval(bought, Number.isNaN(common) ? usualIntervalDays : common);
    const lastDay = bought.at(-1)!;
    const frequency = bought.reduce((sum, d) => sum + decayPerBasket ** rankOfDay.get(d)!, 0) / top;
    const score = frequency * dueness((day - lastDay) / intervalDays);
    found.push({
      product,
      times: bought.length,
      lastDay,
      intervalDays,
      dueDay: Math.round(lastDay + intervalDays),
      score,
    });
  }
  return found.sort((a, b) => b.score - a.score || a.product - b.product);
}

/** 0.3 at no time, 1 from 0.8 to 2 intervals, a third from three on; linear in between. */
export function dueness(intervalsSince: number): number {
  if (intervalsSince <= 0) return 0.3;
  if (intervalsSince < 0.8) return 0.3 + (0.7 * intervalsSince) / 0.8;
  if (intervalsSince <= 2) return 1;
  return Math.max(1 / 3, 1 - ((2 / 3) * (intervalsSince - 2)) / (lapsedIntervals - 2));
}

/** `buyAgain` as a list for fusion. */
export function buyAgainCandidates(
  snapshot: RecsysSnapshot,
  shopperId: string | undefined,
  day: number,
): ScoredCandidates | undefined {
  const list = buyAgain(snapshot, shopperId, day);
  if (list.length === 0) return undefined;
  return {
    algorithm: "user_behavior",
    reason: "USER_BEHAVIOR",
    products: list.map(({ product }) => product),
    scores: list.map(({ score }) => score),
    confidences: list.map(({ times }) => Math.min(times / 5, 1)),
    facts: (position) => {
      const { times, dueDay, product } = list[position]!;
      const category = snapshot.categories[snapshot.columns.category[product]!]!;
      return { boughtBefore: true, times, dueInDays: dueDay - day, category };
    },
  };
}

/** Distinct days of purchase by product, ascending, up to `day`. */
function purchaseDays(
  snapshot: RecsysSnapshot,
  shopperId: string | undefined,
  day: number,
): Map<number, number[]> {
  const days = new Map<number, number[]>();
  if (shopperId === undefined) return days;
  const visit = (products: Iterable<number>, at: number): void => {
    if (at > day) return;
    for (const product of products) {
      const known = days.get(product);
      if (known === undefined) days.set(product, [at]);
      else if (known.at(-1) !== at) known.push(at);
    }
  };
  const shopper = snapshot.shopperIndex.get(shopperId);
  if (shopper !== undefined)
    for (const order of csrRow(snapshot.ordersByShopper, shopper))
      visit(csrRow(snapshot.orders.lines, order), snapshot.orders.day[order]!);
  for (const order of snapshot.overlay.ordersByShopper.get(shopperId) ?? []) visit(order.products, order.day);
  return days;
}

function ownInterval(bought: readonly number[], commonDays: number): number {
  const gaps = bought.slice(1).map((d, at) => d - bought[at]!);
  if (gaps.length === 0) return Math.max(1, commonDays);
  gaps.sort((a, b) => a - b);
  const median = gaps[gaps.length >> 1]!;
  return Math.max(1, (gaps.length * median + priorGaps * commonDays) / (gaps.length + priorGaps));
}
