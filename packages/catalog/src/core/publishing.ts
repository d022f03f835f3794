import { AppError } from "@almanac/kernel";

/** `draft` was never on sale, `live` is, `hidden` rests for a while, `archived` is out of the farmer's way. */
export type ProductStatus = "draft" | "live" | "hidden" | "archived";

export const productStatuses = [
  "draft",
  "live",
  "hidden",
  "archived",
] as const satisfies readonly ProductStatus[];

/** What others are to be told about a change of status. */
export type ListingFact = "product.listed" | "product.changed" | "product.delisted";

/**
 * Which fact a change of status makes true. `product.listed` is told once in a product's life, when it goes on sale for
 * the first time: taking it off, editing it and putting it back tells no follower of a new product.
 *
 * @param wasListed whether it has ever been live
 * @returns `undefined` when nothing changes
 */
export function listingFact(
  from: ProductStatus,
  to: ProductStatus,
  wasListed: boolean,
): ListingFact | undefined {
  if (from === to) return undefined;
  if (to === "live") return wasListed ? "product.changed" : "product.listed";
  return from === "live" ? "product.delisted" : undefined;
}

/**
 * Every status can be set back to what it was, so that an act can be undone; only `draft` is left for good, as what has
 * once been on sale has orders and followers.
 *
 * @throws AppError `input_invalid` for a return to draft of what was listed, `product_not_sellable` for putting on sale
 * what has no variant
 */
export function assertStatusChange(
  to: ProductStatus,
  product: { readonly wasListed: boolean; readonly liveVariants: number },
): void {
  if (to === "draft" && product.wasListed) {
    throw new AppError("input_invalid", "What was on sale can be hidden or archived, not made a draft.");
  }
  if (to === "live" && product.liveVariants === 0) {
    throw new AppError(
      "product_not_sellable",
      "Add how it is sold, with a price, before putting it on sale.",
    );
  }
}
