import type { FarmId } from "@almanac/kernel";
import type { CatalogFacets } from "./core/answer/facets.ts";
import type { ShopIndex } from "./shop-index.ts";
import type { SearchFacets } from "./types.ts";

/** Facets with the names and slugs that a page needs. */
export function toSearchFacets(facets: CatalogFacets, shopIndex: ShopIndex): SearchFacets {
  return {
    farms: facets.farms.map(({ value, count, name }) => ({
      id: value as FarmId,
      slug: shopIndex.farmSlug(value) ?? value,
      name,
      count,
    })),
    categories: facets.categories.map(({ value, count }) => ({
      slug: shopIndex.categorySlug(value) ?? value,
      name: value,
      count,
    })),
    organic: facets.organic,
    inSeason: facets.inSeason,
    snap: facets.snapEligible,
    distance: facets.distancesKm.map(({ value, count }) => ({ km: value, count })),
    price: facets.pricesCents.map(({ value, count }) => ({
      fromCents: value.from,
      ...(value.to !== undefined && { toCents: value.to }),
      count,
    })),
    marketDays: facets.pickupWindows.map(({ value, count }) => ({ day: value, count })),
    weekdays: facets.weekdays.map(({ value, count }) => ({ weekday: value, count })),
  };
}
