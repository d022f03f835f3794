import { csrRow } from "../snapshot/csr.ts";
import type { Csr } from "../snapshot/csr.ts";
import { similarItems } from "../offline/item-knn.ts";

/** For each product those bought by the same shoppers, by falling similarity. */
export interface Neighbours {
  readonly products: Csr;
  /** Beside `products.values`; 0..1, no scale beyond order. */
  readonly similarities: Float32Array;
}

export interface NeighbourOptions {
  /** Neighbours kept for one product. */
  readonly kept?: number;
  /** Added to the denominator: pairs of few shoppers are not alike. */
  readonly shrinkage?: number;
}

/**
 * Item-item neighbours of the shop's own purchases: shrunk cosine over shoppers.
 *
 * @param shopperProducts distinct products of each shopper
 */
export function learnNeighbours(
  shopperProducts: Csr,
  productCount: number,
  { kept = 50, shrinkage = 20 }: NeighbourOptions = {},
): Neighbours {
  const rows = similarItems(
    {
      rowCount: shopperProducts.offsets.length - 1,
      columnCount: productCount,
      offsets: shopperProducts.offsets,
      columns: shopperProducts.values,
      values: new Float64Array(shopperProducts.values.length).fill(1),
    },
    { neighbours: kept, shrinkage },
  );
  return {
    products: { offsets: rows.offsets, values: rows.columns },
    similarities: Float32Array.from(rows.values),
  };
}

/** Calls `visit` for each neighbour of a product, the most alike first; for none of a product younger than the build. */
export function eachNeighbour(
  neighbours: Neighbours,
  product: number,
  visit: (neighbour: number, similarity: number) => void,
): void {
  const start = neighbours.products.offsets[product] ?? 0;
  csrRow(neighbours.products, product).forEach((neighbour, at) =>
    visit(neighbour, neighbours.similarities[start + at]!),
  );
}
