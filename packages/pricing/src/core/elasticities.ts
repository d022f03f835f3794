import { ownElasticity, priceLevels, type OwnElasticity, type PricedDay } from "./own-elasticity.ts";

export interface PricedHistory {
  readonly id: string;
  readonly category: string;
  /** In order. */
  readonly days: readonly PricedDay[];
}

export interface Elasticity extends OwnElasticity {
  readonly id: string;
  /** Where most of it comes from. */
  readonly source: "product" | "category" | "market";
  /** In [0, 1]: the weight of the product's own days. */
  readonly ownShare: number;
  /** Market days on which it was there, and prices that held for four of them. */
  readonly marketDays: number;
  readonly priceLevels: number;
}

/** Products with an answer of their own that a mean of them takes. */
export const fewestOfAGroup = 3;

/**
 * How buyers answer to prices, for many products at once: what each product's own days say, drawn to its category, and the
 * category to the whole market, by as much as each is uncertain (empirical Bayes; the spread between products by
 * DerSimonian & Laird 1986, Controlled Clinical Trials 7). A product whose price never moved has its category's answer.
 *
 * @returns one for every history, or nothing at all while fewer than three products of the market say something: then too
 * little is known
 */
export function elasticitiesOf(histories: readonly PricedHistory[]): Elasticity[] {
  const own = histories.map(({ days }) => ownElasticity(days));
  const market = pooled(own.filter((one) => one !== undefined));
  if (!market) return [];
  const categories = new Map(
    [...Map.groupBy(histories.keys(), (at) => histories[at]!.category)].map(([category, places]) => {
      const group = pooled([...places].flatMap((at) => own[at] ?? []));
      return [category, group ? { ...drawnTo(group, market), own: true } : { ...market, own: false }];
    }),
  );
  return histories.map(({ id, category, days }, at) => {
    const prior = categories.get(category)!;
    const variance = prior.between + prior.variance;
    const seen = { id, marketDays: days.length, priceLevels: priceLevels(days).length };
    const one = own[at];
    const group = prior.own ? ("category" as const) : ("market" as const);
    if (!one)
      return {
        ...seen,
        elasticity: prior.mean,
        standardError: Math.sqrt(variance),
        source: group,
        ownShare: 0,
      };
    const ownShare = variance / (variance + one.standardError ** 2);
    return {
      ...seen,
      elasticity: ownShare * one.elasticity + (1 - ownShare) * prior.mean,
      standardError: Math.sqrt(ownShare) * one.standardError,
      source: ownShare >= 0.5 ? ("product" as const) : group,
      ownShare,
    };
  });
}

interface Pooled {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
  /** Between members, beside what each is uncertain. */
  readonly between: number;
}

/** A random-effects mean; `undefined` of fewer than three. */
function pooled(members: readonly OwnElasticity[]): Pooled | undefined {
  if (members.length < fewestOfAGroup) return undefined;
  const fixed = members.map(({ standardError }) => 1 / standardError ** 2);
  const sum = total(fixed);
  const centre = total(members.map(({ elasticity }, at) => fixed[at]! * elasticity)) / sum;
  const spread = total(members.map(({ elasticity }, at) => fixed[at]! * (elasticity - centre) ** 2));
  const between = Math.max(
    0,
    (spread - (members.length - 1)) / (sum - total(fixed.map((weight) => weight ** 2)) / sum),
  );
  const weights = members.map(({ standardError }) => 1 / (standardError ** 2 + between));
  const all = total(weights);
  return {
    mean: total(members.map(({ elasticity }, at) => weights[at]! * elasticity)) / all,
    variance: 1 / all,
    between,
  };
}

/** A category's mean, drawn to the market's by how uncertain it is. */
function drawnTo(group: Pooled, market: Pooled): Pooled {
  const share = market.between / (market.between + group.variance) || 0;
  // Never all the way: a category that says something is listened to.
  const weight = Math.max(0.5, share);
  return {
    mean: weight * group.mean + (1 - weight) * market.mean,
    variance: weight * group.variance + (1 - weight) * market.variance,
    between: group.between,
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
