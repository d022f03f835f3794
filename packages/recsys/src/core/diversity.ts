import type { Rng } from "@almanac/kernel";
import { draw, drawChances } from "./exploration.ts";
import { orderScores, type ScoreOrder } from "./score-order.ts";

export interface DiversityInput {
  /** Score by product; -Infinity is not a candidate. */
  readonly scores: Float64Array;
  readonly farm: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly priceTercile: ArrayLike<number>;
  readonly isNewFarm: ArrayLike<number>;
  readonly limit: number;
  /** Asked once for each product that is about to take a place. */
  readonly isAvailable: (product: number) => boolean;
  /** With it, the place kept for new farms is drawn, so that each gets its chance; without it the best score takes it. */
  readonly rng?: Rng;
  /** What showing a product of a new farm is worth, beside its score: 1 unless given. */
  readonly explorationIndex?: (product: number) => number;
  /** Told of what was drawn, and with which chance. */
  readonly onDrawn?: (product: number, propensity: number) => void;
  /** 0 takes the best scores, 1 only variety. */
  readonly varietyShare?: number;
  /** False lifts the category cap, for a page that asked for one category. */
  readonly capCategories?: boolean;
}

export const maxPerFarm = 3;
export const maxPerCategory = 4;
/** The caps hold in any ten places in a row. */
const windowLength = 10;
/** Best candidates compared for each place; the caps look further when these run out. */
const poolSize = 300;

/**
 * Greedy maximal marginal relevance under hard caps: at most 3 of a farm and 4 of a category in any ten places in a row,
 * two price terciles in the first ten, and one place in ten for a new or small farm. When the caps leave nobody, the
 * category cap gives way first and the farm cap next, so that the list is full as long as there are candidates.
 *
 * Deterministic for equal input. Carbonell & Goldstein (1998), "The use of MMR".
 */
export function diversify(input: DiversityInput): number[] {
  const slate: number[] = [];
  const order = orderScores(input.scores);
  const work: Work = { input, order, slate };
  let pool = order.take(poolSize);
  while (slate.length < input.limit) {
    const product = choosePlace(work, pool);
    if (product === undefined) break;
    order.remove(product);
    const at = pool.indexOf(product);
    if (at !== -1) pool.splice(at, 1);
    // A pool that ran out of available products is filled again, so that each place looks at a pool, not at everything.
    if (pool.length === 0) pool = order.take(poolSize);
    if (input.isAvailable(product)) slate.push(product);
  }
  return slate;
}

interface Work {
  readonly input: DiversityInput;
  /** What is left, best first. */
  readonly order: ScoreOrder;
  readonly slate: readonly number[];
}

type Rule = (product: number) => boolean;

function choosePlace(work: Work, pool: readonly number[]): number | undefined {
  const { input, order, slate } = work;
  const { farm, category } = input;
  const window = slate.slice(Math.max(0, slate.length - windowLength + 1));
  const fullFarms = valuesWith(window, farm, maxPerFarm);
  const fullCategories = input.capCategories === false ? none : valuesWith(window, category, maxPerCategory);
  const farmFits: Rule = (p) => !fullFarms.includes(farm[p]!);
  const fits: Rule = (p) => farmFits(p) && !fullCategories.includes(category[p]!);
  const quota = quotaRule(input, slate);
  if (quota !== undefined) {
    const kept = order.take(input.rng === undefined ? 1 : 20, (p) => quota.rule(p) && fits(p));
    if (kept.length > 0)
      return input.rng === undefined || !quota.isExploring ? kept[0] : drawNewFarm(input, input.rng, kept);
  }
  return (
    bestByVariety(work, pool, fits, window) ?? order.first(fits) ?? order.first(farmFits) ?? order.first()
  );
}

const none: readonly number[] = [];

/** The values that at least so many of the products share. */
function valuesWith(products: readonly number[], valueOf: ArrayLike<number>, atLeast: number): number[] {
  const shared: number[] = [];
  for (const product of products) {
    const value = valueOf[product]!;
    let count = 0;
    for (const other of products) if (valueOf[other] === value) count++;
    if (count >= atLeast && !shared.includes(value)) shared.push(value);
  }
  return shared;
}

function drawNewFarm(input: DiversityInput, rng: Rng, candidates: readonly number[]): number {
  const chances = drawChances(
    candidates.map((product) => input.scores[product]!),
    candidates.map((product) => input.explorationIndex?.(product) ?? 1),
  );
  const at = draw(chances, rng);
  const product = candidates[at]!;
  input.onDrawn?.(product, chances[at]!);
  return product;
}

/** The rule of a place that is reserved: the second to last of each ten for a new farm, the last for another price. */
function quotaRule(
  input: DiversityInput,
  slate: readonly number[],
): { rule: Rule; isExploring: boolean } | undefined {
  const blockStart = slate.length - (slate.length % windowLength);
  const blockLength = Math.min(windowLength, input.limit - blockStart);
  const block = slate.slice(blockStart);
  const left = blockLength - block.length;
  const needsTercile =
    blockStart === 0 && blockLength >= 2 && new Set(block.map((p) => input.priceTercile[p])).size === 1;
  const needsNewFarm = blockLength >= 5 && !block.some((p) => input.isNewFarm[p] === 1);
  if (needsNewFarm && left === 2) return { rule: (p) => input.isNewFarm[p] === 1, isExploring: true };
  if (needsTercile && left === 1)
    return { rule: (p) => input.priceTercile[p] !== input.priceTercile[block[0]!], isExploring: false };
  if (needsNewFarm && left === 1) return { rule: (p) => input.isNewFarm[p] === 1, isExploring: true };
  return undefined;
}

/** @param pool candidates, the highest score first */
function bestByVariety(
  { input }: Work,
  pool: readonly number[],
  fits: Rule,
  window: readonly number[],
): number | undefined {
  const { scores, farm, category, priceTercile } = input;
  const variety = input.varietyShare ?? 0.15;
  let best: number | undefined;
  let bestValue = -Infinity;
  for (const candidate of pool) {
    const most = (1 - variety) * scores[candidate]!;
    // Sameness only takes away, and those that follow score no higher.
    if (most <= bestValue) break;
    if (!fits(candidate)) continue;
    let sameness = 0;
    for (const chosen of window) {
      const same =
        (category[chosen] === category[candidate] ? 0.5 : 0) +
        (farm[chosen] === farm[candidate] ? 0.3 : 0) +
        (priceTercile[chosen] === priceTercile[candidate] ? 0.2 : 0);
      if (same > sameness) sameness = same;
    }
    const value = most - variety * sameness;
    if (value > bestValue) {
      best = candidate;
      bestValue = value;
    }
  }
  return best;
}
