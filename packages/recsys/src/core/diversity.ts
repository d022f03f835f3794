import type { Rng } from "@almanac/kernel";
import { draw, drawChances } from "./exploration.ts";
import { topK } from "./top-k.ts";

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
  const scores = input.scores.slice();
  let pool = topK(scores, poolSize);
  while (slate.length < input.limit) {
    const product = choosePlace(input, scores, pool, slate);
    if (product === undefined) break;
    scores[product] = -Infinity;
    pool = pool.filter((candidate) => candidate !== product);
    // A pool that ran out of available products is filled again, so that each place looks at a pool, not at everything.
    if (pool.length === 0) pool = topK(scores, poolSize);
    if (input.isAvailable(product)) slate.push(product);
  }
  return slate;
}

type Rule = (product: number) => boolean;

function choosePlace(
  input: DiversityInput,
  scores: Float64Array,
  pool: readonly number[],
  slate: readonly number[],
): number | undefined {
  const window = slate.slice(Math.max(0, slate.length - windowLength + 1));
  const farmFits: Rule = (p) => count(window, (q) => input.farm[q] === input.farm[p]) < maxPerFarm;
  const categoryFits: Rule = (p) =>
    input.capCategories === false ||
    count(window, (q) => input.category[q] === input.category[p]) < maxPerCategory;
  const fits: Rule = (p) => farmFits(p) && categoryFits(p);
  const quota = quotaRule(input, slate);
  if (quota !== undefined) {
    const kept = topK(scores, input.rng === undefined ? 1 : 20, (p) => quota.rule(p) && fits(p));
    if (kept.length > 0)
      return input.rng === undefined || !quota.isExploring
        ? kept[0]
        : drawNewFarm(input, input.rng, scores, kept);
  }
  return (
    bestByVariety(input, scores, pool.filter(fits), window) ??
    topK(scores, 1, fits)[0] ??
    topK(scores, 1, farmFits)[0] ??
    topK(scores, 1)[0]
  );
}

function drawNewFarm(
  input: DiversityInput,
  rng: Rng,
  scores: Float64Array,
  candidates: readonly number[],
): number {
  const chances = drawChances(
    candidates.map((product) => scores[product]!),
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

function bestByVariety(
  input: DiversityInput,
  scores: Float64Array,
  candidates: readonly number[],
  window: readonly number[],
): number | undefined {
  const variety = input.varietyShare ?? 0.15;
  let best: number | undefined;
  let bestValue = -Infinity;
  for (const candidate of candidates) {
    let sameness = 0;
    for (const chosen of window) {
      const same =
        (input.category[chosen] === input.category[candidate] ? 0.5 : 0) +
        (input.farm[chosen] === input.farm[candidate] ? 0.3 : 0) +
        (input.priceTercile[chosen] === input.priceTercile[candidate] ? 0.2 : 0);
      if (same > sameness) sameness = same;
    }
    const value = (1 - variety) * scores[candidate]! - variety * sameness;
    if (value > bestValue) {
      best = candidate;
      bestValue = value;
    }
  }
  return best;
}

function count(products: readonly number[], matches: Rule): number {
  let matched = 0;
  for (const product of products) if (matches(product)) matched++;
  return matched;
}
