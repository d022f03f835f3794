import type { Rng } from "@almanac/kernel";
import { fitEase } from "../ease.ts";
import { fitIals } from "../ials.ts";
import { fitItemKnn } from "../item-knn.ts";
import { popularScorer } from "../item-scorer.ts";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { fitBestRule } from "./best-rule.ts";
import { fitCartKinds } from "./cart-kinds.ts";
import { fitCartNeighbours } from "./cart-neighbours.ts";
import { fitCartNetworks } from "./cart-networks.ts";
import { fitKindredItems } from "./kindred-items.ts";
import { fitNaiveBayes } from "./naive-bayes.ts";
import { fitNearInCart } from "./near-in-cart.ts";

/** The models whose opinions of an item are blended, in the order of their columns. */
const cartMembers = [
  "popular",
  "ease",
  "item-knn 0.3",
  "item-knn 0.6",
  "ials",
  "naive-bayes",
  "cart-neighbours",
  "best-rule",
  "near-in-cart",
  "cart-kinds",
  "kindred-items 8",
  "kindred-items 32",
  "cart-networks",
] as const;
type CartMember = (typeof cartMembers)[number];

/** A weight for each member, then one for ln(1 + popularity). */
export const cartWeightCount = cartMembers.length + 1;

/**
 * Networks are taught where the catalogue is small: with many items they take longest of all and have found nothing more.
 * Kindred items are looked for where it is not: among a few, each is known well enough by its counts.
 */
export function fitCartMembers(carts: SparseRows, rng: Rng): ItemScorer[] {
  const isSmall = carts.columnCount < 500;
  const dimensions = isSmall ? 16 : 32;
  const fits: Record<CartMember, () => ItemScorer> = {
    popular: () => popularScorer(carts),
    ease: () => fitEase(carts, { lambda: 250 }),
    "item-knn 0.3": () => fitItemKnn(carts, { sourceExponent: 0.3 }),
    "item-knn 0.6": () => fitItemKnn(carts, { sourceExponent: 0.6 }),
    ials: () => fitIals(carts, { rng: rng.fork("ials"), dimensions, unobservedWeight: 0.1 }),
    "naive-bayes": () => fitNaiveBayes(carts),
    "cart-neighbours": () => fitCartNeighbours(carts),
    "best-rule": () => fitBestRule(carts),
    "near-in-cart": () => fitNearInCart(carts),
    "cart-kinds": () => fitCartKinds(carts, { rng: rng.fork("kinds"), partitions: isSmall ? 12 : 0 }),
    "kindred-items 8": () => fitKindredItems(carts, { rng: rng.fork("kindred"), width: isSmall ? 0 : 8 }),
    "kindred-items 32": () => fitKindredItems(carts, { rng: rng.fork("kindred"), width: isSmall ? 0 : 32 }),
    "cart-networks": () => fitCartNetworks(carts, { rng: rng.fork("networks"), networks: isSmall ? 3 : 0 }),
  };
  return cartMembers.map((name) => fits[name]());
}

const fixedRecipes: readonly Partial<Record<CartMember, number>>[] = [
  { popular: 1 },
  { "item-knn 0.3": 1 },
  { "item-knn 0.6": 1 },
  { ease: 1 },
  { ease: 1, "item-knn 0.3": 0.5 },
  { ease: 1, "item-knn 0.6": 0.5 },
  { ease: 1, "item-knn 0.3": 0.5, "cart-neighbours": 0.5 },
  { ease: 1, "cart-networks": 1 },
];

/** Single members and sums of z-scores that a learned blend has to beat. */
export const fixedCartBlends = fixedRecipes.map((recipe) => ({
  name: Object.entries(recipe)
    .map(([name, weight]) => (weight === 1 ? name : `${weight} ${name}`))
    .join(" + "),
  weights: [...cartMembers.map((member) => recipe[member] ?? 0), 0],
}));
