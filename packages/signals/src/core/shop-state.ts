import { isDeepStrictEqual } from "node:util";
import { comparablePriceCents } from "@almanac/catalog";
import type { LiveProduct } from "@almanac/catalog";
import type { ProductId } from "@almanac/kernel";
import { offeredVariant, unitsOf } from "./product-card.ts";
import { productSeason } from "./product-season.ts";
import type { SeasonBook } from "./product-season.ts";
import { unpopular } from "./shop-entry.ts";
import type { Popularity, ShopEntry } from "./shop-entry.ts";
import { isSamePopularity } from "./trend.ts";

type Rating = NonNullable<ShopEntry["rating"]>;

/** What is read beside the products; of those asked for, who is absent has none. */
export interface ShopFacts {
  readonly available: ReadonlyMap<ProductId, number>;
  readonly ratings: ReadonlyMap<ProductId, Rating>;
  /** Kept as it was when absent. */
  readonly popularity?: ReadonlyMap<ProductId, Popularity>;
}

/** Takes what was read of some products, for the next state. */
type AddRead = (products: readonly LiveProduct[], facts: ShopFacts) => void;

/** The products on sale, as values: every change replaces entries and says whose. */
export function createShopState(seasons: SeasonBook) {
  let entries = new Map<ProductId, ShopEntry>();
  let list: readonly ShopEntry[] | undefined;
  /** Of whom something was read while everything is being read anew, whether or not it said something else. */
  let readMeanwhile: Set<ProductId> | undefined;

  const toEntry = (product: LiveProduct, facts: ShopFacts, popularity: Popularity): ShopEntry => {
    const rating = facts.ratings.get(product.id);
    return {
      product,
      season: seasons.share(productSeason(product)),
      comparablePriceCents: comparablePriceCents(product.variants[0]!, product.baseUnit),
      availableBase: facts.available.get(product.id) ?? 0,
      ...(rating && { rating }),
      popularity,
    };
  };

  /** The entry that there is, and else its product, where the same was read again. */
  const renewed = (product: LiveProduct, facts: ShopFacts): ShopEntry => {
    const before = entries.get(product.id);
    const popularity = facts.popularity?.get(product.id) ?? before?.popularity ?? unpopular;
    const isSame = before !== undefined && isDeepStrictEqual(before.product, product);
    const entry = toEntry(isSame ? before.product : product, facts, popularity);
    return isSame && isDeepStrictEqual(before, entry) ? before : entry;
  };

  return {
    get size() {
      return entries.size;
    },
    find: (productId: string): ShopEntry | undefined => entries.get(productId as ProductId),
    /** By product id. */
    all(): readonly ShopEntry[] {
      list ??= [...entries.values()].sort((a, b) => (a.product.id < b.product.id ? -1 : 1));
      return list;
    },
    isAvailable(productId: ProductId): boolean {
      const entry = entries.get(productId);
      if (!entry) return false;
      const { product, availableBase } = entry;
      return unitsOf(availableBase, offeredVariant(product.variants, availableBase)) > 0;
    },
    /**
     * Everything anew, in one go once all was read; until then this is as it was, but for what is changed meanwhile, which stays.
     * What says the same as before is the same entry.
     *
     * @returns those whose entry came, went or was replaced
     */
    async readAnew(read: (add: AddRead) => Promise<void>): Promise<ProductId[]> {
      const next = new Map<ProductId, ShopEntry>();
      const meanwhile = (readMeanwhile = new Set());
      try {
        await read((products, facts) => {
          for (const product of products) next.set(product.id, renewed(product, facts));
        });
      } finally {
        readMeanwhile = undefined;
      }
      for (const id of meanwhile) {
        const entry = entries.get(id);
        if (entry) next.set(id, entry);
        else next.delete(id);
      }
      const moved = [...next.keys()].filter((id) => next.get(id) !== entries.get(id));
      const gone = [...entries.keys()].filter((id) => !next.has(id));
      entries = next;
      list = undefined;
      return [...moved, ...gone];
    },
    /**
     * @param productIds all that were read; those without a product are not on sale any more
     * @returns those whose entry came, went or was replaced
     */
    replace(
      productIds: readonly ProductId[],
      products: readonly LiveProduct[],
      facts: ShopFacts,
    ): ProductId[] {
      const before = new Set(productIds.filter((id) => entries.has(id)));
      const found = new Set<ProductId>();
      for (const id of productIds) readMeanwhile?.add(id);
      for (const product of products) {
        const popularity = facts.popularity?.get(product.id) ?? entries.get(product.id)?.popularity;
        entries.set(product.id, toEntry(product, facts, popularity ?? unpopular));
        found.add(product.id);
      }
      for (const id of before) if (!found.has(id)) entries.delete(id);
      list = undefined;
      return productIds.filter((id) => before.has(id) || found.has(id));
    },
    /** @returns those whose stock is another than before */
    setAvailable(available: ReadonlyMap<ProductId, number>): ProductId[] {
      const moved: ProductId[] = [];
      for (const [id, availableBase] of available) {
        readMeanwhile?.add(id);
        const entry = entries.get(id);
        if (!entry || entry.availableBase === availableBase) continue;
        entries.set(id, { ...entry, availableBase });
        moved.push(id);
      }
      if (moved.length > 0) list = undefined;
      return moved;
    },
    /** For all products. @returns those whose popularity or rating is another than before */
    setPopularity(
      popularity: ReadonlyMap<ProductId, Popularity>,
      ratings: ReadonlyMap<ProductId, Rating>,
    ): ProductId[] {
      const moved: ProductId[] = [];
      for (const { rating: oldRating, ...entry } of entries.values()) {
        const { id } = entry.product;
        const rating = ratings.get(id);
        const isSameRating = rating?.stars === oldRating?.stars && rating?.count === oldRating?.count;
        if (isSameRating && isSamePopularity(popularity.get(id), entry.popularity)) continue;
        entries.set(id, { ...entry, ...(rating && { rating }), popularity: popularity.get(id) ?? unpopular });
        readMeanwhile?.add(id);
        moved.push(id);
      }
      if (moved.length > 0) list = undefined;
      return moved;
    },
  };
}
