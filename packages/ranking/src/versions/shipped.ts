import { defaultRankingWeights } from "../core/score/final-score.ts";
import type { RankingVersion } from "../store/ranking-versions.ts";

/** Version 0: the weights that the product ships with, and the control arm of every comparison. */
export const shippedRanking: RankingVersion = {
  number: 0,
  weights: defaultRankingWeights,
  note: "As shipped",
};
