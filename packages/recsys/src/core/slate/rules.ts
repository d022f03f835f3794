import type { RecsysSnapshot } from "../snapshot/snapshot.ts";

export const ruleKinds = ["boost", "pin", "bury"] as const;
export type RuleKind = (typeof ruleKinds)[number];
export const ruleTargets = ["product", "category", "farm"] as const;
export type RuleTarget = (typeof ruleTargets)[number];

/** What an operator asked for, already narrowed to rules that hold here and today. */
export interface RuleEffect {
  readonly id: string;
  readonly kind: RuleKind;
  readonly target: RuleTarget;
  /** Id of a product or farm, name of a category. */
  readonly targetId: string;
  /** Boost: the factor, 1 to 3. Pin: the place, 1 to 10. Bury: not read. */
  readonly strength: number;
}

/** What is left of a buried product's score: behind everything, but shown where nothing else is. */
const buriedShare = 0.01;

export interface RuledScores {
  /** What places are given by; the scores themselves are not changed, so explanations stay true. */
  readonly ranking: Float64Array;
  /** By place, the smallest first. */
  readonly pins: readonly { readonly product: number; readonly place: number }[];
  /** What was done to a product, for the operator's eye. */
  readonly touched: ReadonlyMap<number, RuleKind>;
}

/**
 * Applies boosts, pins and buries to the scores of candidates. A rule moves what an algorithm named and never makes a
 * candidate: every item keeps a reason that holds. Boosts of one product multiply; bury beats boost; of two pins on one
 * place the first given takes it and the other the next.
 *
 * @param scores by product index; -Infinity is not a candidate, and stays none
 */
export function applyRules(
  snapshot: RecsysSnapshot,
  scores: Float64Array,
  rules: readonly RuleEffect[],
): RuledScores {
  const ranking = scores.slice();
  const touched = new Map<number, RuleKind>();
  const pins: { product: number; place: number }[] = [];
  const inOrder = rules.toSorted((a, b) => order[a.kind] - order[b.kind]);
  for (const { kind, target, targetId, strength } of inOrder)
    for (const product of productsOf(snapshot, target, targetId)) {
      if (scores[product] === -Infinity) continue;
      if (kind === "pin") {
        if (!pins.some((pin) => pin.product === product)) pins.push({ product, place: strength });
      } else {
        ranking[product]! *= kind === "boost" ? strength : buriedShare;
      }
      touched.set(product, kind);
    }
  return { ranking, pins: pins.sort((a, b) => a.place - b.place), touched };
}

const order: Record<RuleKind, number> = { boost: 0, bury: 1, pin: 2 };

/**
 * Moves pinned products to their places; the others keep their order, and the list its length. Where pins meet, the first given
 * keeps the place and the next takes the one behind it.
 *
 * @param limit places of the list: a pin beyond it is not shown for its sake
 */
export function placePins(
  slate: readonly number[],
  pins: RuledScores["pins"],
  { limit, isAvailable }: { limit: number; isAvailable: (product: number) => boolean },
): number[] {
  const shown = pins.filter(({ product, place }) => place <= limit && isAvailable(product));
  const pinned = new Set(shown.map(({ product }) => product));
  const result = slate.filter((product) => !pinned.has(product));
  let free = 0;
  for (const { product, place } of shown) {
    const at = Math.min(Math.max(place - 1, free), result.length);
    result.splice(at, 0, product);
    free = at + 1;
  }
  return result.slice(0, limit);
}

function productsOf(snapshot: RecsysSnapshot, target: RuleTarget, targetId: string): readonly number[] {
  switch (target) {
    case "product": {
      const product = snapshot.productIndex.get(targetId);
      return product === undefined ? [] : [product];
    }
    case "category":
      return snapshot.productsByCategory[snapshot.categoryIndex.get(targetId) ?? -1] ?? [];
    case "farm":
      return snapshot.productsByFarm[snapshot.farmIndex.get(targetId) ?? -1] ?? [];
  }
}
