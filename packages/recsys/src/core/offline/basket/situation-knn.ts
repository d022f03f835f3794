import { topK } from "../../scores/top-k.ts";
import type { Basket, BasketLog } from "../baskets.ts";
import { ScoreSums } from "./score-sums.ts";

/** Shares of similar situations after which each item was bought: of all of them, and of the user's own. */
export interface SituationVotes {
  readonly all: ReadonlyMap<number, number>;
  readonly own: ReadonlyMap<number, number>;
}

export type SituationKnn = (past: readonly Basket[], user: number) => SituationVotes;

/** Baskets that make up a situation, and what each older one counts against the one after it. */
const depth = 4;
const decay = 0.7;
const neighbours = 200;
/** Moments kept for an item, the latest: what everybody always buys says little of a moment and costs the most. */
const momentsPerItem = 1_000;
/** Added to the product of lengths: two short lists with one item in common are not alike. */
const similarityShrinkage = 20;
/** Similarity added to the denominator of a share. */
const voteShrinkage = 0.2;

/**
 * Neighbours among moments instead of users: the last baskets before each purchase are a vector, items weighed by rarity
 * and age; what came next after the moments most like the present one is voted for. With few users who shop often it
 * finds the same user in like circumstances, with many it finds where others stood.
 */
export function fitSituationKnn(log: BasketLog): SituationKnn {
  const rarity = raritiesOf(log);
  const nexts: (readonly number[])[] = [];
  const owners: number[] = [];
  const lengths: number[] = [];
  const postings = Array.from({ length: log.itemCount }, () => ({
    moments: [] as number[],
    weights: [] as number[],
  }));
  for (const { baskets, at, user } of latestFirst(log)) {
    const vector = vectorOf(baskets, at, rarity);
    for (const [item, weight] of vector) {
      const { moments, weights } = postings[item]!;
      if (moments.length === momentsPerItem) continue;
      moments.push(nexts.length);
      weights.push(weight);
    }
    lengths.push(lengthOf(vector));
    nexts.push(baskets[at]!.items);
    owners.push(user);
  }
  const packed = postings.map(({ moments, weights }) => ({
    moments: Int32Array.from(moments),
    weights: Float32Array.from(weights),
  }));
  const dots = new Float64Array(nexts.length);
  const touched = new Int32Array(nexts.length);
  const alike = new Float64Array(nexts.length);
  const all = new Vote(log.itemCount);
  const own = new Vote(log.itemCount);
  return (past, user) => {
    const vector = vectorOf(past, past.length, rarity);
    let count = 0;
    for (const [item, weight] of vector) {
      const { moments, weights } = packed[item]!;
      for (let i = 0; i < moments.length; i++) {
        const moment = moments[i]!;
        const dot = dots[moment]!;
        if (dot === 0) touched[count++] = moment;
        dots[moment] = dot + weight * weights[i]!;
      }
    }
    const length = lengthOf(vector);
    for (let at = 0; at < count; at++) {
      const moment = touched[at]!;
      alike[at] = dots[moment]! / (length * lengths[moment]! + similarityShrinkage);
      dots[moment] = 0;
    }
    for (const at of topK(alike.subarray(0, count), neighbours)) {
      const moment = touched[at]!;
      all.add(nexts[moment]!, alike[at]!);
      if (owners[moment] === user) own.add(nexts[moment]!, alike[at]!);
    }
    return { all: all.shares(), own: own.shares() };
  };
}

class Vote {
  readonly #sums: ScoreSums;
  #total = voteShrinkage;

  constructor(itemCount: number) {
    this.#sums = new ScoreSums(itemCount);
  }

  add(items: readonly number[], weight: number): void {
    this.#total += weight;
    for (const item of items) this.#sums.add(item, weight);
  }

  /** Begins anew. */
  shares(): Map<number, number> {
    const total = this.#total;
    this.#total = voteShrinkage;
    return this.#sums.take(1 / total);
  }
}

/** All baskets but the first of each user, by how many the user has had since: everybody's latest, then those before. */
function latestFirst(log: BasketLog): { baskets: readonly Basket[]; at: number; user: number }[] {
  const moments = log.byUser.flatMap((baskets, user) =>
    baskets.slice(1).map((_, before) => ({ baskets, at: before + 1, user })),
  );
  return moments.sort((a, b) => a.baskets.length - a.at - (b.baskets.length - b.at));
}

/** The situation before basket `end` of a history. */
function vectorOf(baskets: readonly Basket[], end: number, rarity: Float64Array): Map<number, number> {
  const vector = new Map<number, number>();
  for (let back = 1; back <= Math.min(depth, end); back++)
    for (const item of baskets[end - back]!.items)
      vector.set(item, (vector.get(item) ?? 0) + decay ** (back - 1) * rarity[item]!);
  return vector;
}

function lengthOf(vector: ReadonlyMap<number, number>): number {
  let squares = 0;
  for (const weight of vector.values()) squares += weight * weight;
  return Math.sqrt(squares) || 1;
}

/** ln(1 + baskets / (1 + baskets with the item)). */
function raritiesOf(log: BasketLog): Float64Array {
  const counts = new Float64Array(log.itemCount);
  let total = 0;
  for (const baskets of log.byUser)
    for (const basket of baskets) {
      total++;
      for (const item of basket.items) counts[item]!++;
    }
  return counts.map((count) => Math.log(1 + total / (count + 1)));
}
