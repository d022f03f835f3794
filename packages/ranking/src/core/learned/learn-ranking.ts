import { estimateExamination, type PlacedClicks } from "../clicks/examination.ts";
import type { RankingWeights } from "../score/final-score.ts";
import { fitRankModel, type RankModel } from "../score/rank-model.ts";
import { judgeOrder, type HeldOutFigure } from "./judge-order.ts";
import type { LoggedExample } from "./logged-example.ts";
import { servedFeatureNames } from "./served-features.ts";
import { trainingGroups } from "./training-groups.ts";

export interface LearnOptions {
  /** Weights of the control, beside which it is judged. */
  readonly weights?: RankingWeights;
  readonly seed?: number;
  /** Share of the usual trees; see `fitRankModel`. */
  readonly effort?: number;
  /** Searches with a click that there must be to learn from, and among the later ones to judge by. */
  readonly leastClicks?: number;
  readonly leastHeldOutClicks?: number;
  /** Groups to fit to at most. */
  readonly mostGroups?: number;
}

interface Learning {
  /** Searches with a click among those it was, or would have been, fitted to. */
  readonly searches: number;
  /** Share of them that led to an order. */
  readonly orderShare: number;
  /** Chance that each place is looked at, from all searches. */
  readonly examination: readonly number[];
}

export type LearnedRanking =
  | (Learning & { readonly verdict: "not_enough_data" })
  | (Learning & {
      readonly verdict: "better" | "not_better";
      readonly model: RankModel;
      readonly heldOut: HeldOutFigure;
    });

/** The later quarter is held out. */
const fittedShare = 0.75;

/**
 * Learns to re-rank from logged searches, or says that there is not enough to learn from. Fitted to the earlier searches,
 * judged on the later ones, whose shoppers, terms and places it has not seen; "better" only where the 95 % interval of the
 * difference to the control lies above zero. Pure; a second or so for a thousand searches.
 *
 * @param examples in any order
 */
export function learnRanking(
  examples: readonly LoggedExample[],
  {
    weights,
    seed = 1,
    effort = 0.5,
    leastClicks = 500,
    leastHeldOutClicks = 150,
    mostGroups = 4_000,
  }: LearnOptions = {},
): LearnedRanking {
  const inTime = examples.toSorted((a, b) => a.at - b.at);
  const cut = Math.floor(inTime.length * fittedShare);
  const earlier = inTime.slice(0, cut);
  const later = inTime.slice(cut);
  const clicked = earlier.filter((example) => example.clicked >= 0);
  const learning: Learning = {
    searches: clicked.length,
    orderShare: clicked.length === 0 ? 0 : clicked.filter(({ hasOrder }) => hasOrder).length / clicked.length,
    examination: Array.from(estimateExamination(placedClicks(inTime))),
  };
  const heldOutClicks = later.filter((example) => example.clicked >= 0).length;
  if (clicked.length < leastClicks || heldOutClicks < leastHeldOutClicks)
    return { ...learning, verdict: "not_enough_data" };
  // What the later searches say of the places would be a look ahead.
  const examination = estimateExamination(placedClicks(earlier));
  const groups = trainingGroups(earlier, examination, mostGroups);
  const model = fitRankModel(groups, servedFeatureNames, { seed, effort });
  const heldOut = judgeOrder(model, later, { examination, ...(weights && { weights }) });
  return { ...learning, verdict: heldOut.low > 0 ? "better" : "not_better", model, heldOut };
}

function placedClicks(examples: readonly LoggedExample[]): PlacedClicks[] {
  const cells = new Map<string, { what: string; place: number; shows: number; clicks: number }>();
  for (const { query, productIds, clicked } of examples) {
    productIds.forEach((productId, at) => {
      const what = `${query}\u0000${productId}`;
      const key = `${what}\u0000${at}`;
      const cell = cells.get(key) ?? { what, place: at + 1, shows: 0, clicks: 0 };
      cell.shows += 1;
      if (clicked === at) cell.clicks += 1;
      cells.set(key, cell);
    });
  }
  return [...cells.values()];
}
