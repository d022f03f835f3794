import type { ProductId } from "@almanac/kernel";
import type { ShopEntry, ShopWindow } from "@almanac/signals";
import { CatalogIndex } from "./core/index/catalog-index.ts";
import type { CatalogChange, CatalogDocument } from "./core/index/catalog-index.ts";
import { popularityRanks } from "./core/score/final-score.ts";
import { findCandidates } from "./core/answer/search-catalog.ts";
import type { BaseResult } from "./core/answer/base-result.ts";

/** Base results that one process remembers. */
const mostBaseResults = 200;

/** A search index that follows a shop window. */
export interface ShopIndex {
  readonly index: CatalogIndex;
  /** Candidates and base relevance; remembered until a product comes, goes or changes its words. */
  candidates(query: string, options?: { readonly fuzzy?: boolean }): BaseResult;
  /** The index knows categories by name and farms by id; pages know both by slug. */
  categoryName(slug: string): string | undefined;
  categorySlug(name: string): string | undefined;
  farmId(slugOrId: string): string | undefined;
  farmSlug(id: string): string | undefined;
  close(): void;
}

/** Indexes everything in the shop window and follows its changes; a window that is loaded later fills the index then. */
export function createShopIndex(shopWindow: ShopWindow): ShopIndex {
  const index = new CatalogIndex();
  const indexed = new Map<ProductId, ShopEntry>();
  const baseResults = new Map<string, BaseResult>();
  const categorySlugs = new Map<string, string>();
  const categoryNames = new Map<string, string>();
  const farmIds = new Map<string, string>();
  const farmSlugs = new Map<string, string>();
  let ranks = new Map<ProductId, number>();

  const rankPopularity = (): void => {
    const entries = shopWindow.all();
    const values = popularityRanks(entries.map((entry) => entry.popularity.buyers));
    ranks = new Map(entries.map((entry, at) => [entry.product.id, values[at]!]));
  };

  const put = (entry: ShopEntry): void => {
    const { product } = entry;
    const before = indexed.get(product.id);
    const moving = movingPart(shopWindow, entry, ranks.get(product.id) ?? 0);
    indexed.set(product.id, entry);
    // Stock, prices and popularity move all day; words hardly do, and base results last as long as these.
    if (before && hasSameFixedPart(before, entry)) {
      index.change(product.id, moving);
      return;
    }
    categorySlugs.set(product.category.name, product.category.slug);
    categoryNames.set(product.category.slug, product.category.name);
    farmIds.set(product.farm.slug, product.farm.id);
    farmSlugs.set(product.farm.id, product.farm.slug);
    index.put({ ...fixedPart(entry), ...moving });
    baseResults.clear();
  };

  const remove = (productId: ProductId): void => {
    indexed.delete(productId);
    if (index.remove(productId)) baseResults.clear();
  };

  const follow = (productIds: readonly ProductId[] | "all"): void => {
    if (productIds === "all") {
      rankPopularity();
      for (const id of indexed.keys()) if (!shopWindow.find(id)) remove(id);
      for (const entry of shopWindow.all()) put(entry);
      return;
    }
    const isPopularityMoved = productIds.some(
      (id) => shopWindow.find(id)?.popularity !== indexed.get(id)?.popularity,
    );
    if (isPopularityMoved) {
      rankPopularity();
      for (const [id, popularity] of ranks) index.change(id, { popularity });
    }
    for (const id of productIds) {
      const entry = shopWindow.find(id);
      if (entry) put(entry);
      else remove(id);
    }
  };

  follow("all");
  const stopListening = shopWindow.listen(({ productIds }) => follow(productIds));
  return {
    index,
    candidates(query, { fuzzy = true } = {}) {
      const words = query.trim().toLowerCase();
      const key = fuzzy ? words : `=${words}`;
      const known = baseResults.get(key);
      if (known) {
        baseResults.delete(key);
        baseResults.set(key, known);
        return known;
      }
      const found = findCandidates(index, words, { fuzzy });
      baseResults.set(key, found);
      if (baseResults.size > mostBaseResults) {
        for (const oldest of baseResults.keys()) {
          baseResults.delete(oldest);
          break;
        }
      }
      return found;
    },
    categoryName: (slug) => categoryNames.get(slug),
    categorySlug: (name) => categorySlugs.get(name),
    farmId: (slugOrId) => farmIds.get(slugOrId) ?? (farmSlugs.has(slugOrId) ? slugOrId : undefined),
    farmSlug: (id) => farmSlugs.get(id),
    close: stopListening,
  };
}

type MovingPart = Required<CatalogChange>;

function movingPart(
  shopWindow: ShopWindow,
  { product, comparablePriceCents }: ShopEntry,
  popularity: number,
): MovingPart {
  const { variants, lastHarvestAt, listedAt, farm } = product;
  return {
    available: shopWindow.isAvailable(product.id),
    priceCents: Math.min(...variants.map((variant) => variant.unitPriceCents)),
    comparablePriceCents,
    popularity,
    harvestedOrListedAt: (lastHarvestAt ?? listedAt).getTime(),
    marketWeekdays: farm.marketIds.flatMap((id) => shopWindow.findMarket(id)?.market.weekday ?? []),
    pickupWindows: farm.marketIds.flatMap((id) => shopWindow.findMarket(id)?.window?.marketDay ?? []),
  };
}

function fixedPart({ product, season }: ShopEntry): Omit<CatalogDocument, keyof MovingPart> {
  const { farm } = product;
  return {
    id: product.id,
    name: product.name,
    category: product.category.name,
    farmId: farm.id,
    farmName: farm.name,
    description: describe(product),
    organic: product.isOrganic,
    snapEligible: product.snapEligible,
    marketIds: farm.marketIds,
    place: { latitude: farm.latitude, longitude: farm.longitude },
    season,
  };
}

/** What it says of itself, and what its card says: who types "organic tomato" means a mark, not a word of the farm's. */
function describe({ description, isOrganic }: ShopEntry["product"]): string {
  return isOrganic ? `${description} Organic.` : description;
}

function hasSameFixedPart(a: ShopEntry, b: ShopEntry): boolean {
  if (a.product === b.product) return true;
  return a.season === b.season && fixedKey(a) === fixedKey(b);
}

function fixedKey({ product }: ShopEntry): string {
  const { name, description, category, isOrganic, snapEligible, farm } = product;
  const ofFarm = [farm.id, farm.slug, farm.name, farm.latitude, farm.longitude, ...farm.marketIds];
  return [name, description, category.slug, category.name, isOrganic, snapEligible, ...ofFarm].join("\u0000");
}
