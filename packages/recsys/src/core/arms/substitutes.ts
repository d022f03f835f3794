import { contentCandidates, contentScore } from "../candidates/content.ts";
import { fuse } from "../scores/fusion.ts";
import { readHistory } from "../candidates/history.ts";
import type { RecommendOptions } from "../lists/recommend.ts";
import { sameForAll } from "../candidates/same-for-all.ts";
import { fusedSlate } from "../slate/slate.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates, ShopperRequest, Slate } from "../types.ts";
import { neighbourCandidates } from "./item-knn.ts";

/** Likeness beside what its buyers buy too. With `cropShare` the least of the same crop lies above the most of another. */
const weights = { content_based: 0.7, collaborative_filtering: 0.3 };
/** Of likeness, what the same crop is worth; the rest is likeness of farm, price and the like. */
const cropShare = 0.65;
const sameCategoryAlone = contentScore({
  sameCategory: true,
  sameFarm: false,
  priceWithin20: false,
  organicEqual: false,
});

/**
 * What to offer instead of a product that is sold out: other products of its crop first, whatever they cost and however they are
 * packed; then what those who buy it buy too, among products like it.
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
  const lists = [likeOnShelf(snapshot, product), sameShelf(seeded)].filter((list) => list !== undefined);
  if (lists.length === 0) return { items: [], algorithms: [] };
  const fusion = fuse(lists, snapshot.productIds.length, weights);
  // One shelf is what was asked for, so the cap on categories would only shorten the list.
  const shelf = snapshot.categories[category];
  return fusedSlate(snapshot, { ...request, category: shelf }, fusion, options);
}

/** Products of its shelf by likeness, 0 to 1: what is like it anyhow, and all of its crop, which may be packed or priced otherwise. */
function likeOnShelf(snapshot: RecsysSnapshot, product: number): ScoredCandidates | undefined {
  const { category, crop } = snapshot.columns;
  const shelf = snapshot.productsByCategory[category[product]!]!;
  const alike = contentCandidates(snapshot, [product]);
  const content = new Map(Array.from(alike?.products ?? [], (like, at) => [like, alike!.scores[at]!]));
  const isSameCrop = (other: number): boolean => crop[product] !== -1 && crop[other] === crop[product];
  const products = shelf.filter((other) => other !== product && (content.has(other) || isSameCrop(other)));
  if (products.length === 0) return undefined;
  return {
    algorithm: "content_based",
    reason: "SIMILAR_PRODUCTS",
    products,
    // Of the same category at least: what the pool of likeness leaves out for its price or unit has that in common.
    scores: products.map(
      (other) =>
        (isSameCrop(other) ? cropShare : 0) + (1 - cropShare) * (content.get(other) ?? sameCategoryAlone),
    ),
    confidences: sameForAll(1, products.length),
    facts: () => ({ seedProductId: snapshot.productIds[product]! }),
  };
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
