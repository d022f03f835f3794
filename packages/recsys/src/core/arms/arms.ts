import { fuse } from "../scores/fusion.ts";
import type { FusionWeights } from "../scores/fusion.ts";
import { readHistory, type ShopperHistory } from "../candidates/history.ts";
import { recommendForShopper } from "../lists/recommend.ts";
import type { RecommendOptions } from "../lists/recommend.ts";
import { fusedSlate } from "../slate/slate.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import { trendingCandidates } from "../candidates/trending.ts";
import type { ScoredCandidates, ShopperRequest, Slate } from "../types.ts";
import { buyAgainCandidates } from "./buy-again.ts";
import { neighbourCandidates } from "./item-knn.ts";
import type { ArmName } from "./names.ts";

export interface Arm {
  readonly name: ArmName;
  /** Slates of every arm are diversified, explained and checked for availability alike. */
  recommend(snapshot: RecsysSnapshot, request: ShopperRequest, options: RecommendOptions): Slate;
}

type Lists = (
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  history: () => ShopperHistory,
) => (ScoredCandidates | undefined)[];

/** An arm that fuses lists by weights; where none of them could run it falls back to the control arm, which says so. */
function fusingArm(name: ArmName, weights: FusionWeights, lists: Lists): Arm {
  return {
    name,
    recommend(snapshot, request, options) {
      const history = () => options.history ?? readHistory(snapshot, request);
      const ran = lists(snapshot, request, history).filter((list) => list !== undefined);
      if (ran.length === 0) return recommendForShopper(snapshot, request, options);
      return fusedSlate(snapshot, request, fuse(ran, snapshot.productIds.length, weights), options);
    },
  };
}

const trend = (snapshot: RecsysSnapshot, { day, marketId }: ShopperRequest) =>
  trendingCandidates(snapshot, { day, marketId });

export const arms: Readonly<Record<ArmName, Arm>> = {
  control: { name: "control", recommend: recommendForShopper },
  /** Neighbours of all that the shopper bought and touched; what sells fills up. */
  "item-knn": fusingArm(
    "item-knn",
    { collaborative_filtering: 0.85, trending: 0.15 },
    (snapshot, request, history) => [
      neighbourCandidates(snapshot, history(), request.day),
      trend(snapshot, request),
    ],
  ),
  /** What is due again, and beside it new items: neighbours that the shopper never bought. */
  "next-basket": fusingArm(
    "next-basket",
    { user_behavior: 0.6, collaborative_filtering: 0.3, trending: 0.1 },
    (snapshot, request, history) => [
      neighbourCandidates(snapshot, history(), request.day),
      trend(snapshot, request),
      request.personalised === false
        ? undefined
        : buyAgainCandidates(snapshot, request.shopperId, request.day),
    ],
  ),
  /** The baseline: the same for everybody. */
  popular: fusingArm("popular", { trending: 1 }, (snapshot, request) => [trend(snapshot, request)]),
};
