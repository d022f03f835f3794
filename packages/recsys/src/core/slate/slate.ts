import { seededRng, type Rng } from "@almanac/kernel";
import type { CandidateScores } from "../scores/candidate-scores.ts";
import { diversify } from "./diversity.ts";
import type { Fusion } from "../scores/fusion.ts";
import type { ShopperHistory } from "../candidates/history.ts";
import { remembered } from "../candidates/remembered.ts";
import { applyRules, placePins } from "./rules.ts";
import type { RuleEffect } from "./rules.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type {
  AlgorithmName,
  Metadata,
  RecommendationReason,
  RecommendedProduct,
  ShopperRequest,
  Slate,
} from "../types.ts";

export interface SlateOptions {
  /** Live stock, listing, order window and pickup: asked about every product right before it is shown. */
  readonly availability: (productIndex: number) => boolean;
  readonly rng?: Rng;
  /** Draws the place kept for new farms; the same seed draws the same. */
  readonly exploration?: {
    readonly seed: string;
    /** By farm index: what showing one of its products is worth. */
    readonly indexOf: (farm: number) => number;
  };
  /** Of the shopper, read before by who makes several lists of it, and reads no other until they are made. */
  readonly history?: ShopperHistory;
  /** What operators asked for, narrowed to what holds here and today. */
  readonly rules?: readonly RuleEffect[];
}

export const defaultLimit = 20;

/** Never shown whatever the scores say: excluded, in the cart, or the product on the page itself. */
export function excludedProducts(snapshot: RecsysSnapshot, request: ShopperRequest): Set<number> {
  const ids = [...(request.excludeProductIds ?? []), ...(request.cart ?? [])];
  if (request.productId !== undefined) ids.push(request.productId);
  return new Set(ids.flatMap((id) => snapshot.productIndex.get(id) ?? []));
}

/** Diversified slate of a fusion, each product with its explanation. */
export function fusedSlate(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  fusion: Fusion,
  options: SlateOptions,
): Slate {
  const { columns } = snapshot;
  const { scores } = fusion;
  for (const product of excludedProducts(snapshot, request)) scores.leaveOut(product);
  const onlyCategory =
    request.category === undefined ? undefined : (snapshot.categoryIndex.get(request.category) ?? -1);
  leaveOutCategories(snapshot, scores, { onlyCategory, muted: request.deletedCategories });
  const limit = request.limit ?? defaultLimit;
  const { rules = [], exploration, availability } = options;
  const ruled = rules.length === 0 ? undefined : applyRules(snapshot, scores.spreadOut(), rules);
  const drawn = new Map<number, number>();
  const fair = diversify({
    scores: ruled?.ranking ?? scores,
    farm: columns.farm,
    category: columns.category,
    priceTercile: columns.priceTercile,
    isNewFarm: columns.isNewFarm,
    newFarmProducts: newFarmProducts(snapshot),
    limit,
    isAvailable: availability,
    // A product with a place of its own needs none kept; one that was buried is not to be shown for its farm's sake.
    mayTakeKeptPlace: (product) => {
      const rule = ruled?.touched.get(product);
      return rule !== "pin" && rule !== "bury";
    },
    rng: exploration ? seededRng(exploration.seed) : options.rng,
    explorationIndex: exploration && ((product) => exploration.indexOf(columns.farm[product]!)),
    onDrawn: (product, propensity) => drawn.set(product, propensity),
    capCategories: onlyCategory === undefined,
  });
  const chosen = ruled ? placePins(fair, ruled.pins, { limit, isAvailable: availability }) : fair;
  const ruleOf = (product: number, metadata: Metadata): Metadata => {
    const rule = ruled?.touched.get(product);
    return rule === undefined ? metadata : { ...metadata, rule };
  };
  const explained = fusion.explainAll(chosen);
  return {
    items: chosen.map((product, place) => {
      const terms = explained[place]!;
      return {
        productIndex: product,
        productId: snapshot.productIds[product]!,
        score: scores.at(product),
        confidence: terms.confidence,
        reason: terms.reason,
        reasons: terms.reasons,
        explain: terms.contributions,
        metadata: ruleOf(product, terms.metadata),
        ...(drawn.has(product) && { propensity: drawn.get(product)! }),
      };
    }),
    algorithms: fusion.algorithms,
  };
}

/** What a page of one category, or a shopper who deleted some, is not shown. */
function leaveOutCategories(
  { columns, categoryIndex }: RecsysSnapshot,
  scores: CandidateScores,
  { onlyCategory, muted = [] }: { onlyCategory: number | undefined; muted?: readonly string[] },
): void {
  const mutedIndexes = new Set(muted.flatMap((category) => categoryIndex.get(category) ?? []));
  if (onlyCategory === undefined && mutedIndexes.size === 0) return;
  const values = scores.spreadOut();
  for (let product = 0; product < values.length; product++) {
    const category = columns.category[product]!;
    if (onlyCategory !== undefined ? category !== onlyCategory : mutedIndexes.has(category))
      values[product] = -Infinity;
  }
}

/** Products of new farms, ascending. Memoised until a product is listed or changes. */
function newFarmProducts(snapshot: RecsysSnapshot): Int32Array {
  const { overlay, columns, productIds } = snapshot;
  return remembered(snapshot, { key: "new-farm-products", revision: overlay.productRevision }, () =>
    Int32Array.from(productIds.keys()).filter((product) => columns.isNewFarm[product] === 1),
  );
}

export interface SingleReason {
  readonly product: number;
  readonly score: number;
  readonly confidence: number;
  readonly metadata: Metadata;
}

/** A slate of one algorithm in its own order, cut to what is available. */
export function orderedSlate(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  ranked: Iterable<SingleReason>,
  source: { readonly algorithm: AlgorithmName; readonly reason: RecommendationReason },
  options: SlateOptions,
): Slate {
  const excluded = excludedProducts(snapshot, request);
  const limit = request.limit ?? defaultLimit;
  const items: RecommendedProduct[] = [];
  for (const { product, score, confidence, metadata } of ranked) {
    if (items.length >= limit) break;
    if (excluded.has(product) || !options.availability(product)) continue;
    items.push({
      productIndex: product,
      productId: snapshot.productIds[product]!,
      score,
      confidence,
      reason: source.reason,
      reasons: [source.reason],
      explain: [{ ...source, weight: 1, score, confidence, contribution: score }],
      metadata,
    });
  }
  return { items, algorithms: items.length > 0 ? [source.algorithm] : [] };
}
