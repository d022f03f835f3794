import { blendHistoryMembers, fitSuccession, learnHistoryBlend } from "@almanac/recsys/offline";
import type { HistoryMember, ItemScorer, SparseRows } from "@almanac/recsys/offline";
import { namedRecipe } from "./recipes.ts";
import type { FittedMembers, HeldOut, RecipeGrid } from "./recipes.ts";

/** A matrix of histories and the histories, oldest first, with the models that were fitted to them. */
export interface FittedHistories {
  readonly members: FittedMembers;
  readonly interactions: SparseRows;
  readonly histories: readonly (readonly number[])[];
}

/** Each model with what older items count against the one after them; iALS takes longest to ask and is asked once. */
const opinions = [
  { model: "ease", decays: [1, 0.8, 0.5] },
  { model: "item-knn", decays: [1, 0.8, 0.5] },
  { model: "ials", decays: [0.8] },
  { model: "popular", decays: [1] },
] as const;

/** Weights of a blend that is learned from what held-out users took next, and how it does on those it is not learned from. */
export function learnRecipe(fitted: FittedHistories, grid: RecipeGrid, heldOut: readonly HeldOut[]) {
  const questions = heldOut.flatMap(({ history, truth }) => [...truth].map((taken) => ({ history, taken })));
  return learnHistoryBlend(membersOf(fitted, grid), fitted.interactions, questions);
}

/** The blend with learned weights over models that are fitted to all histories. */
export function learnedScorer(
  fitted: FittedHistories,
  grid: RecipeGrid,
  weights: ArrayLike<number>,
): ItemScorer {
  return blendHistoryMembers(membersOf(fitted, grid), fitted.interactions, weights);
}

function membersOf({ members, interactions, histories }: FittedHistories, grid: RecipeGrid): HistoryMember[] {
  return [
    ...opinions.flatMap(({ model, decays }) =>
      decays.map((decay) => ({ scorer: members.scorerOf(namedRecipe(model, grid)), decay })),
    ),
    { scorer: fitSuccession(histories, interactions.columnCount), decay: 1 },
  ];
}
