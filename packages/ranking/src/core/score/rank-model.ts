import { AppError, invariant } from "@almanac/kernel";
import { fitBoostedTrees, parseBoostedTrees, predictBoostedTrees, serializeBoostedTrees } from "@almanac/ml";
import type { BoostedTrees, BoostingOptions } from "@almanac/ml";

/** Candidates of one query: a row of features each, and the score they are ranked by without a model. */
export interface RankCandidates {
  /** Row by row, as many features as the model has names. */
  readonly values: Float32Array;
  /** Greater is better; any scale. */
  readonly plain: ArrayLike<number>;
}

/** Candidates that somebody judged, or bought: 0 for what is of no use, each grade g worth 2^g - 1. */
export interface RankGroup extends RankCandidates {
  readonly grades: ArrayLike<number>;
}

/** A learned ranker: two forests that are asked for the order and for the gain, beside the plain score. */
export interface RankModel {
  /** What each column of the features is. */
  readonly features: readonly string[];
  readonly order: BoostedTrees;
  readonly gain: BoostedTrees;
}

export interface RankModelOptions {
  /** 1 unless told. */
  readonly seed?: number;
  /** Share of the usual trees, with steps as much longer: 1. Half is enough to compare with. */
  readonly effort?: number;
  /** Share of the columns that each tree sees: .5. Less where many columns say nearly the same. */
  readonly columnShare?: number;
}

/** What each member says in the blend. Equal say for both forests did best or nearly so on both development sets. */
const say = { plain: 0.2, order: 0.4, gain: 0.4 };

/**
 * Fits LambdaMART (Burges 2010) for the order and boosted regression for the gains to judged groups. Small steps, few
 * leaves, a part of the columns a tree: judgements are few and noisy. Takes a few seconds for 60,000 rows; use a thread.
 *
 * @param groups   at least one
 * @param features names of the columns, the same for every group
 */
export function fitRankModel(
  groups: readonly RankGroup[],
  features: readonly string[],
  { seed = 1, effort = 1, columnShare = 0.5 }: RankModelOptions = {},
): RankModel {
  const width = features.length;
  const rows = groups.reduce((sum, { grades }) => sum + grades.length, 0);
  const values = new Float32Array(rows * width);
  const grades = new Float64Array(rows);
  let start = 0;
  for (const group of groups) {
    invariant(group.values.length === group.grades.length * width, "a group has other columns than named");
    values.set(group.values, start * width);
    grades.set(Array.from(group.grades), start);
    start += group.grades.length;
  }
  const table = { width, values };
  const shape: BoostingOptions = {
    trees: Math.round(300 * effort),
    learningRate: 0.04 / effort,
    maxLeaves: 12,
    maxDepth: 6,
    ridge: 5,
    rowShare: 0.7,
    columnShare,
    seed,
  };
  const groupSizes = groups.map((group) => group.grades.length).filter((size) => size > 0);
  return {
    features,
    order: fitBoostedTrees(
      { features: table, labels: grades, groupSizes },
      { ...shape, loss: "lambdarank", minChildWeight: 3 },
    ),
    gain: fitBoostedTrees(
      { features: table, labels: gainsAboveMean(groups) },
      { ...shape, loss: "squared", minChildWeight: 40 },
    ),
  };
}

/** What each candidate gained beyond the mean of its group: what all of a query gain alike says nothing of their order. */
function gainsAboveMean(groups: readonly RankGroup[]): Float64Array {
  return Float64Array.from(
    groups.flatMap(({ grades }) => {
      const gains = Array.from(grades, (grade) => 2 ** grade - 1);
      const mean = gains.reduce((sum, gain) => sum + gain, 0) / Math.max(1, gains.length);
      return gains.map((gain) => gain - mean);
    }),
  );
}

/**
 * Scores of the candidates, greater is better: what both forests and the plain score say, each brought to mean 0 and
 * spread 1 among these candidates. One function for training, replay and live requests; pure.
 */
export function rerank(model: RankModel, { values, plain }: RankCandidates): Float64Array {
  const width = model.features.length;
  invariant(values.length === plain.length * width, "the candidates have other columns than the model");
  const table = { width, values };
  const parts = [
    { own: standardize(plain), weight: say.plain },
    { own: standardize(predictBoostedTrees(model.order, table)), weight: say.order },
    { own: standardize(predictBoostedTrees(model.gain, table)), weight: say.gain },
  ];
  return Float64Array.from(plain, (_, at) =>
    parts.reduce((sum, { own, weight }) => sum + weight * own[at]!, 0),
  );
}

/** Positions of scores, best first; equals in the order they came. */
export function orderOf(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

export function serializeRankModel({ features, order, gain }: RankModel): string {
  return JSON.stringify({ features, order: serializeBoostedTrees(order), gain: serializeBoostedTrees(gain) });
}

/**
 * @param features the columns the caller will give; a model of others is refused
 * @throws AppError `input_invalid` when the text is no such model
 */
export function parseRankModel(text: string, features: readonly string[]): RankModel {
  const found = parseObject(text);
  const names: unknown = found["features"];
  if (JSON.stringify(names) !== JSON.stringify(features))
    throw new AppError("input_invalid", "this ranking model was fitted to other features");
  const order = parseBoostedTrees(String(found["order"]));
  const gain = parseBoostedTrees(String(found["gain"]));
  if (order.width !== features.length || gain.width !== features.length)
    throw new AppError("input_invalid", "the trees of this ranking model are not as wide as its features");
  return { features, order, gain };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null) return { ...found };
  } catch {
    // Said below.
  }
  throw new AppError("input_invalid", "this is no ranking model: it is not a JSON object");
}

function standardize(values: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(values);
  const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
  const spread = Math.sqrt(
    own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, own.length),
  );
  return own.map((value) => (spread > 0 ? (value - mean) / spread : 0));
}
