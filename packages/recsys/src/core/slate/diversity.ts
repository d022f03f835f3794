import type { Rng } from "@almanac/kernel";
import { CandidateScores, scoresOfAll } from "../scores/candidate-scores.ts";
import { CategoryShelves } from "./category-shelves.ts";
import { draw, drawChances } from "./exploration.ts";
import { RecentPlaces, windowLength } from "./recent-places.ts";
import { orderScores, type ScoreOrder } from "../scores/score-order.ts";
import { NewFarmProducts } from "./new-farm-products.ts";

export interface DiversityInput {
  /** Score by product; -Infinity is not a candidate. */
  readonly scores: CandidateScores | Float64Array;
  readonly farm: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly priceTercile: ArrayLike<number>;
  readonly isNewFarm: ArrayLike<number>;
  /** The products of new farms, ascending; found by looking at all of them unless given. */
  readonly newFarmProducts?: ArrayLike<number>;
  readonly limit: number;
  /** Asked of what is about to take a place, and of what may be drawn for one. */
  readonly isAvailable: (product: number) => boolean;
  /** Whether a product may take the place that is kept for new farms for being of one; all may unless given. */
  readonly mayTakeKeptPlace?: (product: number) => boolean;
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

/** Best candidates among which the place of a new farm is drawn. */
const drawnAmong = 20;

/**
 * Greedy maximal marginal relevance under hard caps: at most 3 of a farm and 4 of a category in any ten places in a row,
 * two price terciles in the first ten, and one place in ten for a new or small farm. When the caps leave nobody, the
 * category cap gives way first and the farm cap next, so that the list is full as long as there are candidates.
 *
 * Deterministic for equal input. Carbonell & Goldstein (1998), "The use of MMR".
 */
export function diversify(input: DiversityInput): number[] {
  const { farm, category, priceTercile, isAvailable } = input;
  const scores = input.scores instanceof CandidateScores ? input.scores : scoresOfAll(input.scores);
  const order = orderScores(scores);
  const recent = new RecentPlaces(input.capCategories !== false);
  const work: Work = {
    input,
    order,
    slate: [],
    shelves: new CategoryShelves({
      order,
      recent,
      columns: { farm, category, priceTercile },
      varietyShare: input.varietyShare ?? 0.15,
      productCount: scores.productCount,
    }),
    newFarms: new NewFarmProducts(order, input.newFarmProducts ?? productsOfNewFarms(input, scores)),
    fits: (product) => recent.fits(farm[product]!, category[product]!),
  };
  while (work.slate.length < input.limit) {
    const product = choosePlace(work);
    if (product === undefined) break;
    order.remove(product);
    work.shelves.removed(product);
    if (!isAvailable(product)) continue;
    work.slate.push(product);
    recent.push(farm[product]!, category[product]!, priceTercile[product]!);
  }
  return work.slate;
}

type Rule = (product: number) => boolean;

interface Work {
  readonly input: DiversityInput;
  /** What is left, best first. */
  readonly order: ScoreOrder;
  readonly slate: number[];
  readonly shelves: CategoryShelves;
  readonly newFarms: NewFarmProducts;
  /** No cap is against it. */
  readonly fits: Rule;
}

function choosePlace(work: Work): number | undefined {
  const { order, shelves } = work;
  const kept = keptPlace(work);
  if (kept !== undefined) return kept;
  return (
    shelves.bestByVariety() ??
    shelves.bestThatFits({ capsCategories: true }) ??
    shelves.bestThatFits({ capsCategories: false }) ??
    order.first()
  );
}

/** Who takes a place that is reserved: the second to last of each ten for a new farm, the last for another price. */
function keptPlace(work: Work): number | undefined {
  const { input, slate, order, fits } = work;
  const blockStart = slate.length - (slate.length % windowLength);
  const blockLength = Math.min(windowLength, input.limit - blockStart);
  const left = blockLength - (slate.length - blockStart);
  if (left > 2) return undefined;
  const block = slate.slice(blockStart);
  const tercile = input.priceTercile[block[0]!];
  const needsTercile =
    blockStart === 0 &&
    blockLength >= 2 &&
    block.length > 0 &&
    block.every((p) => input.priceTercile[p] === tercile);
  const needsNewFarm = blockLength >= 5 && !block.some((p) => input.isNewFarm[p] === 1);
  if (needsNewFarm && left === 2) return ofNewFarm(work);
  if (needsTercile && left === 1) return order.first((p) => input.priceTercile[p] !== tercile && fits(p));
  return needsNewFarm && left === 1 ? ofNewFarm(work) : undefined;
}

/**
 * The best product of a new farm, or where chance decides, one drawn among the best. What is not available is not among them:
 * drawn and passed over, it would leave the others a greater chance than the one that is told.
 */
function ofNewFarm({ input, order, newFarms, fits }: Work): number | undefined {
  const { isAvailable, mayTakeKeptPlace = () => true } = input;
  const best = newFarms.best(
    input.rng === undefined ? 1 : drawnAmong,
    (product) => fits(product) && mayTakeKeptPlace(product) && isAvailable(product),
  );
  if (input.rng === undefined || best.length === 0) return best[0];
  return drawNewFarm(input, { order, rng: input.rng, candidates: best });
}

function productsOfNewFarms({ isNewFarm }: DiversityInput, scores: CandidateScores): number[] {
  const products: number[] = [];
  for (let product = 0; product < scores.productCount; product++)
    if (isNewFarm[product] === 1) products.push(product);
  return products;
}

function drawNewFarm(
  input: DiversityInput,
  { order, rng, candidates }: { order: ScoreOrder; rng: Rng; candidates: readonly number[] },
): number {
  const chances = drawChances(
    candidates.map((product) => order.firstScoreOf(product)),
    candidates.map((product) => input.explorationIndex?.(product) ?? 1),
  );
  const at = draw(chances, rng);
  const product = candidates[at]!;
  input.onDrawn?.(product, chances[at]!);
  return product;
}
