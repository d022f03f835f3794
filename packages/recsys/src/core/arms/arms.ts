import { contentCandidates } from "../content.ts";
import { fuse } from "../fusion.ts";
import type { FusionWeights } from "../fusion.ts";
import { readHistory, type ShopperHistory } from "../history.ts";
import { recommendForShopper } from "../recommend.ts";
import type { RecommendOptions } from "../recommend.ts";
import { fusedSlate } from "../slate.ts";
import type { RecsysSnapshot } from "../snapshot.ts";
import { trendingCandidates } from "../trending.ts";
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

/**
 * What to offer instead of a product that is sold out: what those who buy it buy too, among products like it.
 *
 * Neighbours of another category are complements, not substitutes, so only the same category counts; likeness of content
 * (farm, price, organic) breaks in where purchases are too few to tell.
 */
export function substitutesFor(
  snapshot: RecsysSnapshot,
  request: ShopperRequest & { readonly productId: string },
  options: RecommendOptions,
): Slate {
  const product = snapshot.productIndex.get(request.productId);
  if (product === undefined) return { items: [], algorithms: [] };
  const category = snapshot.columns.category[product]!;
  const sameShelf = (list: ScoredCandidates | undefined): ScoredCandidates | undefined =>
    list && onlyWhere(list, (candidate) => snapshot.columns.category[candidate] === category);
  const bought = new Map([[product, request.day]]);
  const alike = neighbourCandidates(
    snapshot,
    { ...readHistory(snapshot, { ...request, personalised: false }), purchases: bought, seeds: [] },
    request.day,
  );
  const seeded = alike && { ...alike, facts: () => ({ seedProductId: request.productId }) };
  const lists = [sameShelf(contentCandidates(snapshot, [product])), sameShelf(seeded)].filter(
    (list) => list !== undefined,
  );
  if (lists.length === 0) return { items: [], algorithms: [] };
  const weights = { content_based: 0.6, collaborative_filtering: 0.4 };
  const fusion = fuse(lists, snapshot.productIds.length, weights);
  // One shelf is what was asked for, so the cap on categories would only shorten the list.
  const shelf = snapshot.categories[category];
  return fusedSlate(snapshot, { ...request, category: shelf }, fusion, options);
}

function onlyWhere(list: ScoredCandidates, keep: (product: number) => boolean): ScoredCandidates | undefined {
  const positions = Array.from(list.products, (_, at) => at).filter((at) => keep(list.products[at]!));
  if (positions.length === 0) return undefined;
  const { positionOf: _, kinds: __, ...rest } = list;
  return {
    ...rest,
    products: positions.map((at) => list.products[at]!),
    scores: positions.map((at) => list.scores[at]!),
    confidences: positions.map((at) => list.confidences[at]!),
    ...(list.facts && { facts: (position: number) => list.facts!(positions[position]!) }),
  };
}
