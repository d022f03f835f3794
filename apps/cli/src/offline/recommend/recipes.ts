import type { Rng } from "@almanac/kernel";
import { blendScorers, ndcgAtK, topK } from "@almanac/recsys";
import type { ItemHistory, ItemScorer, SparseRows } from "@almanac/recsys";
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
  readonly #fitted = new Map<string, ItemScorer>();

  constructor(interactions: SparseRows, rng: Rng, progress: Progress) {
    this.#interactions = interactions;
    this.#rng = rng;
    this.#progress = progress;
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
      scorer = fitItemModel(member.model, this.#interactions, member.settings, this.#rng, this.#progress);
      this.#fitted.set(key, scorer);
    }
    return scorer;
  }
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
  readonly validation: readonly { readonly name: string; readonly ndcg10: number }[];
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
  let chosen = recipes[0]!;
  let best = -1;
  const validation = recipes.map((recipe) => {
    const scorer = members.scorerOf(recipe);
    let sum = 0;
    for (const { history, truth } of heldOut) {
      const weighed = weighHistory(history, recipe.historyDecay);
      sum += ndcgAtK(rankItems(scorer, weighed, excludeHistory ? history : [], itemCount, 10), truth, 10);
    }
    const ndcg10 = sum / Math.max(1, heldOut.length);
    progress.step(`${recipe.name}: ndcg@10 ${ndcg10.toFixed(4)} on ${heldOut.length} held-out histories`);
    if (ndcg10 > best) {
      best = ndcg10;
      chosen = recipe;
    }
    return { name: recipe.name, ndcg10: Number(ndcg10.toFixed(5)) };
  });
  return { chosen, validation };
}

/** Candidates of `auto`, and the one recipe of each named model. Cheap ones first: they win ties. */
export function itemRecipes(
  lambdas: readonly number[],
  dimensions: number,
  decays: readonly number[],
): { auto: Recipe[]; byModel: (model: ItemModel) => Recipe } {
  const settings = (lambda: number): ItemSettings => ({ lambda, sourceExponent: 0.5, dimensions });
  const member = (model: RecipeMember["model"], weight: number, lambda = lambdas[0]!, exponent = 0.5) => ({
    model,
    weight,
    settings: { ...settings(lambda), sourceExponent: exponent },
  });
  const auto: Recipe[] = [{ name: "popular", historyDecay: 1, members: [member("popular", 1)] }];
  for (const decay of decays) {
    const suffix = decay === 1 ? "" : ` decay ${decay}`;
    const add = (name: string, ...members: RecipeMember[]): void =>
      void auto.push({ name: name + suffix, historyDecay: decay, members });
    for (const exponent of [0.5, 0.3, 0.7]) add(`item-knn ${exponent}`, member("item-knn", 1, 0, exponent));
    for (const lambda of lambdas) {
      add(`ease ${lambda}`, member("ease", 1, lambda));
      for (const exponent of [0.5, 0.3, 0.7]) {
        const knn = member("item-knn", 0.5, 0, exponent);
        add(`hybrid ease ${lambda} knn ${exponent}`, member("ease", 1, lambda), knn);
        add(
          `hybrid ease ${lambda} ials knn ${exponent}`,
          member("ease", 1, lambda),
          member("ials", 0.5),
          knn,
        );
      }
    }
  }
  const byModel = (model: ItemModel): Recipe => ({
    name: model,
    historyDecay: 1,
    members:
      model === "hybrid"
        ? [member("ease", 1), member("ials", 0.5), member("item-knn", 0.5)]
        : [member(model, 1)],
  });
  return { auto, byModel };
}
