/** One purchase occasion: distinct items in the order they were put in. */
export interface Basket {
  readonly user: number;
  /** Orders the baskets of one user; a sequence number or a time. */
  readonly order: number;
  /** Days since 1970-01-01, whole or broken; NaN when the data has no dates. */
  readonly day: number;
  /** Number of the place it was bought at; undefined where that is not known. */
  readonly place?: number;
  readonly items: readonly number[];
}

/** Baskets by user, each user's oldest first. */
export interface BasketLog {
  readonly itemCount: number;
  /** Places that baskets may name; undefined, which is as none, where the data has no places. */
  readonly placeCount?: number;
  readonly byUser: readonly (readonly Basket[])[];
}

/** What to predict from: the user's earlier baskets, oldest first, and the day of the basket to come if it is known. */
export interface BasketQuery {
  /** -1 for somebody who is not in the log. */
  readonly user: number;
  readonly past: readonly Basket[];
  readonly day: number;
}

/** The one interface of the models that predict a next basket. */
export interface BasketScorer {
  readonly name: string;
  /** Adds scores, no scale, one per item of the catalogue. */
  addScores(query: BasketQuery, scores: Float64Array): void;
}

/** Baskets that hold each item. */
export function itemCounts(log: BasketLog, sinceDay = -Infinity): Float64Array {
  const counts = new Float64Array(log.itemCount);
  for (const baskets of log.byUser)
    for (const basket of baskets)
      if (sinceDay === -Infinity || basket.day >= sinceDay) for (const item of basket.items) counts[item]!++;
  return counts;
}

/** Baseline: what everybody buys most. */
export function popularBaskets(log: BasketLog): BasketScorer {
  const counts = itemCounts(log);
  return {
    name: "popular",
    addScores(_query, scores) {
      for (let item = 0; item < counts.length; item++) scores[item]! += counts[item]!;
    },
  };
}

/** Baseline: what this user buys most, then what everybody buys. */
export function personalFrequency(log: BasketLog): BasketScorer {
  return { ...personalDecay(log, 1), name: "personal-frequency" };
}

/** Each past basket counts `rate` times the one after it; what was never bought follows by popularity. */
export function personalDecay(log: BasketLog, rate: number): BasketScorer {
  const counts = itemCounts(log);
  const total = counts.reduce((sum, count) => sum + count, 1);
  return {
    name: "personal-decay",
    addScores({ past }, scores) {
      // A share below 1e-6 of a purchase orders the rest without ever passing an own item.
      for (let item = 0; item < counts.length; item++) scores[item]! += (1e-6 * counts[item]!) / total;
      past.forEach((basket, at) => {
        const weight = rate ** (past.length - 1 - at);
        for (const item of basket.items) scores[item]! += weight;
      });
    },
  };
}

export interface ShrinkageOptions {
  /** Purchases of prior belief. */
  readonly strength?: number;
  /** Days after which an own purchase, and a purchase of the prior, counts half; Infinity keeps all. */
  readonly halfLifeDays?: number;
  readonly priorHalfLifeDays?: number;
}

/**
 * Own counts plus `strength` times the recent popularity of each item: the mean of a Dirichlet posterior, up to a
 * constant. Strong for users with little history; the more somebody buys, the less the others matter.
 */
export function dirichletShrinkage(log: BasketLog, options: ShrinkageOptions = {}): BasketScorer {
  const { strength = 150, halfLifeDays = Infinity, priorHalfLifeDays = 56 } = options;
  const lastDay = log.byUser.flat().reduce((last, basket) => Math.max(last, basket.day), -Infinity);
  const prior = new Float64Array(log.itemCount);
  let total = 0;
  for (const baskets of log.byUser)
    for (const basket of baskets) {
      const weight = agedWeight(lastDay - basket.day, priorHalfLifeDays);
      for (const item of basket.items) prior[item]! += weight;
      total += weight * basket.items.length;
    }
  return {
    name: "dirichlet",
    addScores({ past, day }, scores) {
      for (let item = 0; item < prior.length; item++) scores[item]! += (strength * prior[item]!) / total;
      const now = Number.isNaN(day) ? lastDay : day;
      for (const basket of past) {
        const weight = agedWeight(now - basket.day, halfLifeDays);
        for (const item of basket.items) scores[item]! += weight;
      }
    },
  };
}

function agedWeight(ageDays: number, halfLifeDays: number): number {
  return Number.isFinite(ageDays) ? 2 ** (-Math.max(0, ageDays) / halfLifeDays) : 1;
}
