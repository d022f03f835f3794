import type { Rng } from "@almanac/kernel";
import { blendScorers, ndcgAtK, topK } from "@almanac/recsys/offline";
import type { ItemHistory, ItemScorer, SparseRows } from "@almanac/recsys/offline";
import { fitItemModel } from "./item-models.ts";
import type { ItemModel, ItemSettings } from "./item-models.ts";
import type { Progress } from "./progress.ts";

export interface RecipeMember {
  readonly model: Exclude<ItemModel, "hybrid">;
  readonly settings: ItemSettings;
  readonly weight: number;
}

/** One way to rank items given items: a model or a blend, and how fast older history fades. */
export interface Recipe {
  readonly name: string;
  readonly members: readonly RecipeMember[];
  /** Each older item of a history counts this times the one after it. */
  readonly historyDecay: number;
}

/** Fits each distinct member once over one training matrix, however many recipes share it. */
export class FittedMembers {
  readonly #interactions: SparseRows;
  readonly #rng: Rng;
  readonly #progress: Progress;
  readonly #remembers: boolean;
  readonly #fitted = new Map<string, ItemScorer>();

  /** @param remembers whether a model that is asked of the same history again answers from memory */
  constructor(interactions: SparseRows, rng: Rng, progress: Progress, remembers = false) {
    this.#interactions = interactions;
    this.#rng = rng;
    this.#progress = progress;
    this.#remembers = remembers;
  }

  scorerOf(recipe: Recipe): ItemScorer {
    const members = recipe.members.map((member) => ({ scorer: this.#fit(member), weight: member.weight }));
    return members.length === 1 ? members[0]!.scorer : blendScorers(recipe.name, members);
  }

  #fit(member: RecipeMember): ItemScorer {
    const key = `${member.model}/${JSON.stringify(relevantSettings(member))}`;
    let scorer = this.#fitted.get(key);
    if (scorer === undefined) {
      this.#progress.step(`fitting ${key}`);
      const model = fitItemModel(
        member.model,
        this.#interactions,
        member.settings,
        this.#rng,
        this.#progress,
      );
      scorer = this.#remembers ? remembering(model) : model;
      this.#fitted.set(key, scorer);
    }
    return scorer;
  }
}

/** Keeps what a model said of a history for as long as somebody holds the history. */
function remembering(scorer: ItemScorer): ItemScorer {
  const known = new WeakMap<ItemHistory, Float64Array>();
  return {
    name: scorer.name,
    addScores(history, scores) {
      let own = known.get(history);
      if (own === undefined) {
        own = new Float64Array(scores.length);
        scorer.addScores(history, own);
        known.set(history, own);
      }
      for (let item = 0; item < scores.length; item++) scores[item]! += own[item]!;
    },
  };
}

function relevantSettings({ model, settings }: RecipeMember): Partial<ItemSettings> {
  if (model === "ease") return { lambda: settings.lambda };
  if (model === "item-knn") return { sourceExponent: settings.sourceExponent };
  if (model === "ials") return { dimensions: settings.dimensions };
  return {};
}

/** A history, oldest first, with the weights of a recipe. */
export function weighHistory(items: readonly number[], decay: number): ItemHistory {
  return { items, weights: items.map((_, at) => decay ** (items.length - 1 - at)) };
}

/** The best `k` items, without those of `excluded`. */
export function rankItems(
  scorer: ItemScorer,
  history: ItemHistory,
  excluded: readonly number[],
  itemCount: number,
  k: number,
): number[] {
  const scores = new Float64Array(itemCount);
  scorer.addScores(history, scores);
  for (const item of excluded) scores[item] = -Infinity;
  return topK(scores, k);
}

export interface HeldOut {
  readonly history: readonly number[];
  readonly truth: ReadonlySet<number>;
}

export interface Choice<Candidate> {
  readonly chosen: Candidate;
  /** NDCG@10 of the chosen one, a held-out history each. */
  readonly scores: readonly number[];
  readonly validation: { readonly name: string; readonly ndcg10: number }[];
}

/** The recipe with the best mean NDCG@10 over the held-out histories; the earlier one when equal. */
export function chooseRecipe(
  recipes: readonly Recipe[],
  members: FittedMembers,
  heldOut: readonly HeldOut[],
  itemCount: number,
  excludeHistory: boolean,
  progress: Progress,
): Choice<Recipe> {
  const scorers = recipes.map((recipe) => members.scorerOf(recipe));
  const scores = recipes.map((): number[] => []);
  for (const { history, truth } of heldOut) {
    // One object for all recipes of a decay, so that a model that several of them share is asked once.
    const weighed = new Map<number, ItemHistory>();
    recipes.forEach(({ historyDecay }, at) => {
      const own = weighed.get(historyDecay) ?? weighHistory(history, historyDecay);
      weighed.set(historyDecay, own);
      const list = rankItems(scorers[at]!, own, excludeHistory ? history : [], itemCount, 10);
      scores[at]!.push(ndcgAtK(list, truth, 10));
    });
  }
  const means = scores.map(meanOf);
  means.forEach((ndcg10, at) =>
    progress.step(
      `${recipes[at]!.name}: ndcg@10 ${ndcg10.toFixed(4)} on ${heldOut.length} held-out histories`,
    ),
  );
  const best = means.reduce((a, ndcg10, at) => (ndcg10 > means[a]! ? at : a), 0);
  return {
    chosen: recipes[best]!,
    scores: scores[best]!,
    validation: means.map((ndcg10, at) => ({ name: recipes[at]!.name, ndcg10: Number(ndcg10.toFixed(5)) })),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Settings of `auto` for one set: penalties of EASE, sizes of iALS. */
export interface RecipeGrid {
  readonly lambdas: readonly number[];
  readonly dimensions: number;
}

const sourceExponents = [0.5, 0.3, 0.7] as const;

function memberOf(
  grid: RecipeGrid,
  model: RecipeMember["model"],
  weight: number,
  changes: Partial<ItemSettings> = {},
): RecipeMember {
  const settings = { lambda: grid.lambdas[0]!, sourceExponent: 0.5, dimensions: grid.dimensions, ...changes };
  return { model, weight, settings };
}

/** The recipe of a model that was asked for by name. */
export function namedRecipe(model: ItemModel, grid: RecipeGrid): Recipe {
  const members =
    model === "hybrid"
      ? [memberOf(grid, "ease", 1), memberOf(grid, "ials", 0.5), memberOf(grid, "item-knn", 0.5)]
      : [memberOf(grid, model, 1)];
  return { name: model, historyDecay: 1, members };
}

/** One model at each decay. */
export function decayRecipes(
  grid: RecipeGrid,
  model: "item-knn" | "ease",
  decays: readonly number[],
): Recipe[] {
  return decays.map((decay) => ({
    name: `${model} decay ${decay}`,
    historyDecay: decay,
    members: [memberOf(grid, model, 1)],
  }));
}

/** All candidates of `auto`, at each of the decays. Cheap ones first: they win ties. */
export function autoRecipes(grid: RecipeGrid, decays: readonly number[]): Recipe[] {
  const popular: Recipe = { name: "popular", historyDecay: 1, members: [memberOf(grid, "popular", 1)] };
  return [popular, ...decays.flatMap((decay) => recipesAt(grid, decay))];
}

function recipesAt(grid: RecipeGrid, decay: number): Recipe[] {
  const recipes: Recipe[] = [];
  const add = (name: string, ...members: RecipeMember[]): void =>
    void recipes.push({ name: decay === 1 ? name : `${name} decay ${decay}`, historyDecay: decay, members });
  for (const sourceExponent of sourceExponents)
    add(`item-knn ${sourceExponent}`, memberOf(grid, "item-knn", 1, { sourceExponent }));
  add("ials", memberOf(grid, "ials", 1));
  for (const lambda of grid.lambdas) {
    const ease = memberOf(grid, "ease", 1, { lambda });
    add(`ease ${lambda}`, ease);
    add(`hybrid ease ${lambda} ials`, ease, memberOf(grid, "ials", 0.5));
    for (const sourceExponent of sourceExponents) {
      const knn = memberOf(grid, "item-knn", 0.5, { sourceExponent });
      add(`hybrid ease ${lambda} knn ${sourceExponent}`, ease, knn);
      add(`hybrid ease ${lambda} ials knn ${sourceExponent}`, ease, memberOf(grid, "ials", 0.5), knn);
    }
  }
  return recipes;
}
