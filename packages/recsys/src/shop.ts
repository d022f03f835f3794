import type { GeoPoint, ProductId } from "@almanac/kernel";

/** What a card says, as far as recommendations read it; the shop window's own cards have more. */
export interface RecommendableCard {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly farm: { readonly id: string; readonly slug: string; readonly name: string };
  readonly previousPriceCents?: number;
  readonly isAvailable: boolean;
  readonly season: {
    readonly phase: string;
    readonly score: number;
    readonly label: string;
    readonly endsOn?: string;
    readonly returnsOn?: string;
  };
}

/** The part of the shop window that recommendations look through. */
export interface ShopView<Card extends RecommendableCard = RecommendableCard> {
  /** `undefined` for what is not on sale. */
  card(productId: ProductId, options?: { readonly near?: GeoPoint }): Card | undefined;
}
