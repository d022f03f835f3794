import { invariant, type Rng } from "@almanac/kernel";

/**
 * A place where shoppers look at ranked lists, with a known truth: how likely each place is looked at, how attractive what
 * stands there is, and how keen shoppers are. Queries differ, and so do shoppers, as they do outside.
 */
export interface ClickWorld {
  /** Chance that place k (from 0) is looked at: 1 / (k + 1)^steepness, the position bias. */
  readonly examination: Float64Array;
  /** Attractiveness of place k of each query's list, in [0, 1]. */
  readonly attraction: readonly Float64Array[];
  /** How keen kinds of shoppers are: factors on the attractiveness. */
  readonly keenness: readonly number[];
}

export interface ClickWorldOptions {
  readonly queries?: number;
  readonly places?: number;
  readonly steepness?: number;
  readonly rng: Rng;
}

export function createClickWorld({
  queries = 40,
  places = 10,
  steepness = 1,
  rng,
}: ClickWorldOptions): ClickWorld {
  const attraction = Array.from({ length: queries }, () => {
    const values = Float64Array.from({ length: places }, () => 0.02 + 0.16 * rng.next() ** 2);
    return values.sort().reverse();
  });
  return {
    examination: Float64Array.from({ length: places }, (_, k) => 1 / (k + 1) ** steepness),
    attraction,
    keenness: [0.5, 1, 1.5],
  };
}

/** Chance that place k is clicked when it is reached, for an arm that makes everything `factor` times as attractive. */
function clickChance(world: ClickWorld, query: number, k: number, appeal: number): number {
  return Math.min(1, world.examination[k]! * world.attraction[query]![k]! * appeal);
}

/** Chance that a search is clicked at all by somebody so keen, over all queries. */
export function clickRates(world: ClickWorld, appeal: number): number {
  let sum = 0;
  for (let query = 0; query < world.attraction.length; query++) {
    let none = 1;
    for (let k = 0; k < world.examination.length; k++) none *= 1 - clickChance(world, query, k, appeal);
    sum += 1 - none;
  }
  return sum / world.attraction.length;
}

/** Chance that a search is clicked at all, over all queries and shoppers: 1 - product of (1 - chance of each place). */
export function expectedCtr(world: ClickWorld, factor = 1): number {
  const { keenness } = world;
  return keenness.reduce((sum, keen) => sum + clickRates(world, factor * keen), 0) / keenness.length;
}

/**
 * How much more attractive everything must be for the click rate to be higher by exactly `lift`.
 *
 * @param lift relative; -1 < lift, and small enough that the click rate stays below one
 */
export function factorForLift(world: ClickWorld, lift: number): number {
  const target = expectedCtr(world) * (1 + lift);
  invariant(lift > -1 && target < 1, "a click rate is between none and all");
  let low = 0;
  let high = 50;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (expectedCtr(world, middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The place that is clicked in one search, from 0, or -1: shoppers go down the list and click at most once.
 *
 * @param appeal of everything, or of each place
 */
export function clickOnce(
  world: ClickWorld,
  query: number,
  appeal: number | ((place: number) => number),
  rng: Rng,
): number {
  const { examination } = world;
  const attraction = world.attraction[query]!;
  for (let k = 0; k < examination.length; k++) {
    const here = typeof appeal === "number" ? appeal : appeal(k);
    if (rng.next() < examination[k]! * attraction[k]! * here) return k;
  }
  return -1;
}
