import type { Season } from "@almanac/kernel";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { ndcgAtK, recallAtK } from "../offline/ranking-metrics.ts";
import type { SnapshotInput, SnapshotOrder } from "../snapshot/snapshot.ts";
import { arms } from "./arms.ts";
import { armNames } from "./names.ts";
import type { ArmName } from "./names.ts";

export interface ArmFigures {
  readonly arm: ArmName;
  /** Means over the shoppers asked about; 0..1. */
  readonly ndcg: number;
  readonly recall: number;
  /** Distinct products shown, over all products. */
  readonly coverage: number;
  /** Share of places taken by new or small farms. */
  readonly newFarmShare: number;
  /** Mean of the paired differences to `control` in ndcg, with the half width of its 95 % interval. */
  readonly gain: number;
  readonly gainMargin: number;
}

export interface Evaluation {
  readonly k: number;
  /** First day that was held out. */
  readonly splitDay: number;
  readonly shoppers: number;
  readonly arms: readonly ArmFigures[];
}

export interface EvaluationOptions {
  /** For products without a harvest window; SUMMER unless given. */
  readonly season?: Season;
  readonly k?: number;
  /** Last days that are held out. */
  readonly holdOutDays?: number;
  /** Asked about at most; the first by id, so that two runs ask the same. */
  readonly maxShoppers?: number;
}

/**
 * Every arm on the shop's own past: learns from all but the last days, then recommends for those who ordered in them, on the
 * day of their first order, and compares with all that this order held. Repeats count: groceries are bought again.
 *
 * @returns `undefined` when fewer than twenty shoppers ordered in the held-out days
 */
export function evaluateArms(
  input: SnapshotInput,
  { k = 10, season = "SUMMER", holdOutDays = 14, maxShoppers = 400 }: EvaluationOptions = {},
): Evaluation | undefined {
  const splitDay = input.day - holdOutDays + 1;
  const held = firstOrders(input.orders.filter((order) => order.day >= splitDay)).slice(0, maxShoppers);
  if (held.length < 20) return undefined;
  const snapshot = buildSnapshot({
    ...input,
    day: splitDay - 1,
    // What is learned of a product after the split, such as its price, is not known either; the season is a calendar's.
    orders: input.orders.filter((order) => order.day < splitDay),
  });
  const scoresByArm = new Map(
    armNames.map((name) => [name, { ndcg: [] as number[], recall: 0, newFarm: 0 }]),
  );
  const shownByArm = new Map(armNames.map((name) => [name, new Set<number>()]));
  let places = 0;
  for (const { shopperId, day, marketId, productIds } of held) {
    const truth = new Set(productIds.flatMap((id) => snapshot.productIndex.get(id) ?? []));
    if (truth.size === 0) continue;
    places += k;
    for (const name of armNames) {
      const request = { shopperId, day, season, marketId, limit: k };
      const { items } = arms[name].recommend(snapshot, request, { availability: () => true });
      const shown = items.map(({ productIndex }) => productIndex);
      const figures = scoresByArm.get(name)!;
      figures.ndcg.push(ndcgAtK(shown, truth, k));
      figures.recall += recallAtK(shown, truth, k);
      for (const product of shown) {
        shownByArm.get(name)!.add(product);
        figures.newFarm += snapshot.columns.isNewFarm[product]!;
      }
    }
  }
  const control = scoresByArm.get("control")!.ndcg;
  const count = control.length;
  if (count < 20) return undefined;
  return {
    k,
    splitDay,
    shoppers: count,
    arms: armNames.map((arm) => {
      const { ndcg, recall, newFarm } = scoresByArm.get(arm)!;
      const differences = ndcg.map((value, at) => value - control[at]!);
      const gain = mean(differences);
      const variance = differences.reduce((sum, d) => sum + (d - gain) ** 2, 0) / (count - 1);
      return {
        arm,
        ndcg: mean(ndcg),
        recall: recall / count,
        coverage: shownByArm.get(arm)!.size / input.products.length,
        newFarmShare: newFarm / places,
        gain,
        gainMargin: 1.96 * Math.sqrt(variance / count),
      };
    }),
  };
}

/** The learned arm that beats the control arm beyond doubt, the best of them; `control` where none does. */
export function winningArm({ arms: figures }: Pick<Evaluation, "arms">): ArmName {
  const winners = figures.filter(({ arm, gain, gainMargin }) => arm !== "control" && gain - gainMargin > 0);
  return winners.sort((a, b) => b.gain - a.gain)[0]?.arm ?? "control";
}

function firstOrders(orders: readonly SnapshotOrder[]): SnapshotOrder[] {
  const first = new Map<string, SnapshotOrder>();
  for (const order of orders) {
    const known = first.get(order.shopperId);
    if (known === undefined || order.day < known.day) first.set(order.shopperId, order);
  }
  return [...first.values()].sort((a, b) => (a.shopperId < b.shopperId ? -1 : 1));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
