import { seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import { fitLearnedCart, leadsClearly, packRows, popularScorer } from "@almanac/recsys/offline";
import type { Basket, ItemScorer, SparseRows } from "@almanac/recsys/offline";
import { itemModels } from "./item-models.ts";
import type { ItemModel } from "./item-models.ts";
import { toBaskets } from "./basket-log.ts";
import { readInteractions, readItemColumn } from "./interactions.ts";
import { learnedScorer, learnRecipe } from "./learned-recipe.ts";
import { unknownModel } from "./options.ts";
import type { RecommendOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { readListQueries, readUserIds } from "./queries.ts";
import {
  autoRecipes,
  chooseRecipe,
  decayRecipes,
  FittedMembers,
  meanOf,
  namedRecipe,
  rankItems,
  weighHistory,
} from "./recipes.ts";
import type { HeldOut, Recipe } from "./recipes.ts";
import type { TaskResult } from "./result.ts";

/** Users on which `auto` compares; more would not change the choice, only the time. */
const maxHeldOut = 2_000;
/** How much each older item of a history may count against the one after it. */
const historyDecays = [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5];

interface Query {
  readonly id: string;
  /** Item numbers, oldest first; unknown items are left out. */
  readonly history: readonly number[];
}

/**
 * Task `user`: the best items for a user given all their items; without those when `unseenOnly`.
 * Task `cart`: the best items given the cart, never one of the cart.
 */
export async function recommendItems(options: RecommendOptions, progress: Progress): Promise<TaskResult> {
  const model = itemModels.find((name) => name === options.model);
  if (model === undefined && options.model !== "auto")
    throw unknownModel(options.model, options.task, ["auto", ...itemModels]);
  const renamed =
    options.items === undefined ? undefined : await readItemColumn(options.items, options.itemAs!);
  const interactions = await readInteractions(options.train, { renamed });
  const isCart = options.task === "cart";
  const { byUser } = toBaskets(interactions);
  const histories = byUser.map(isCart ? itemsOfCart : historyOf);
  const itemCount = interactions.itemIds.length;
  progress.step(`read ${interactions.rowCount} rows, ${histories.length} histories, ${itemCount} items`);
  const queries = isCart
    ? (await readListQueries(options.queries!, "cart")).map(({ user, items }): Query => ({
        id: user,
        history: [...new Set(items.flatMap((id) => interactions.items.get(renamed?.get(id) ?? id) ?? []))],
      }))
    : (await readUserIds(options.users!)).map((id): Query => ({
        id,
        history: histories[interactions.users.get(id) ?? -1] ?? [],
      }));

  const rng = seededRng(options.seed);
  const excludeHistory = isCart || options.unseenOnly;
  const matrix = matrixOf(histories, itemCount);
  const { name, scorer, historyDecay, validation } = fitChosen(
    model,
    isCart,
    matrix,
    histories,
    excludeHistory,
    rng,
    progress,
  );
  const coldStart = popularScorer(matrix);
  const share = progress.share("recommending");
  return {
    rows: interactions.rowCount,
    catalogue: itemCount,
    model: name,
    validation,
    lists: (function* () {
      for (const [at, { id, history }] of queries.entries()) {
        const weighed = weighHistory(history, historyDecay);
        const ranked = rankItems(
          history.length === 0 && options.model !== "random" ? coldStart : scorer,
          weighed,
          excludeHistory ? history : [],
          itemCount,
          options.k,
        );
        share((at + 1) / queries.length);
        yield { user: id, items: ranked.map((item) => interactions.itemIds[item]!) };
      }
    })(),
  };
}

/** Distinct items, each where it was last taken: oldest first, and what was taken together in the order of the file. */
function historyOf(baskets: readonly Basket[]): number[] {
  return [...new Set(baskets.flatMap(({ items }) => items).reverse())].reverse();
}

/** Distinct items, those of one row last to first: what is near in a cart is near either way. */
function itemsOfCart(baskets: readonly Basket[]): number[] {
  return [...new Set(baskets.toReversed().flatMap(({ items }) => items))].reverse();
}

interface Fitted {
  readonly name: string;
  readonly scorer: ItemScorer;
  readonly historyDecay: number;
  readonly validation: TaskResult["validation"];
}

/** The model of that name, or without one what `auto` chooses: for carts a blend, for histories a recipe or a learned blend. */
function fitChosen(
  model: ItemModel | undefined,
  isCart: boolean,
  matrix: SparseRows,
  histories: readonly (readonly number[])[],
  excludeHistory: boolean,
  rng: Rng,
  progress: Progress,
): Fitted {
  // A cart has no order worth trusting; a history fades.
  if (isCart && model === undefined)
    return {
      ...fitLearnedCart(matrix, { rng: rng.fork("cart"), onProgress: progress.share("asking carts") }),
      historyDecay: 1,
    };
  const grid = { lambdas: [isCart ? 150 : 300], dimensions: matrix.columnCount < 500 ? 16 : 64 };
  const all = { members: new FittedMembers(matrix, rng, progress), interactions: matrix, histories };
  if (model !== undefined) {
    const recipe = namedRecipe(model, grid);
    return { ...recipe, scorer: all.members.scorerOf(recipe), validation: undefined };
  }
  const { rest, heldOut } = hideLast(histories, rng);
  const interactions = matrixOf(rest, matrix.columnCount);
  const members = new FittedMembers(interactions, rng, progress, true);
  const choose = (recipes: readonly Recipe[]) =>
    chooseRecipe(recipes, members, heldOut, matrix.columnCount, excludeHistory, progress);
  // Item-kNN drowns in a long history that EASE weighs well, so each says what it wants and all are asked at both.
  const wanted = (["item-knn", "ease"] as const).map(
    (lead) => choose(decayRecipes(grid, lead, historyDecays)).chosen.historyDecay,
  );
  const { chosen, scores, validation } = choose(autoRecipes(grid, [...new Set(wanted)]));
  const fixed = (): Fitted => ({ ...chosen, scorer: all.members.scorerOf(chosen), validation });
  // What is learned is which new item comes next; where old ones may come again, it would know nothing of them.
  if (!excludeHistory) return fixed();
  const learned = learnRecipe({ members, interactions, histories: rest }, grid, heldOut);
  const ndcg10 = meanOf(learned.scores);
  progress.step(`learned: ndcg@10 ${ndcg10.toFixed(4)}`);
  validation.push({ name: "learned", ndcg10: Number(ndcg10.toFixed(5)) });
  if (!leadsClearly(learned.scores, scores)) return fixed();
  return {
    name: "learned",
    scorer: learnedScorer(all, grid, learned.weights),
    historyDecay: 1,
    validation,
  };
}

function matrixOf(histories: readonly (readonly number[])[], itemCount: number): SparseRows {
  const rows: number[] = [];
  const columns: number[] = [];
  histories.forEach((history, row) => {
    for (const item of history) {
      rows.push(row);
      columns.push(item);
    }
  });
  return packRows(histories.length, itemCount, rows, columns);
}

interface Split {
  readonly rest: readonly (readonly number[])[];
  readonly heldOut: readonly HeldOut[];
}

/** Holds back the last item of sampled users with at least three. */
function hideLast(histories: readonly (readonly number[])[], rng: Rng): Split {
  const eligible = [...histories.keys()].filter((user) => histories[user]!.length >= 3);
  const sampled = new Set(rng.fork("held-out").shuffle(eligible).slice(0, maxHeldOut));
  const heldOut: HeldOut[] = [];
  const rest = histories.map((history, user) => {
    if (!sampled.has(user)) return history;
    heldOut.push({ history: history.slice(0, -1), truth: new Set([history.at(-1)!]) });
    return history.slice(0, -1);
  });
  return { rest, heldOut };
}
