import { marketDay } from "@almanac/kernel";
import { CatalogIndex, popularityRanks, searchCatalog, type CatalogDocument } from "@almanac/ranking/search";
import type { ProductSeason } from "@almanac/signals/core";
import { describe } from "../load/product-words.ts";
import { categorySeeds } from "./categories.ts";
import type { World, WorldProduct } from "./model.ts";

/** What the shop answered to somebody it knew nothing of. */
export interface ShopAnswer {
  /** Products on one page, best first. */
  readonly shown: readonly WorldProduct[];
  /** The five terms of each of `shown`, in the order of `rankingTerms`, one product after the other. */
  readonly terms: readonly number[];
  readonly total: number;
  readonly correctedQuery: string | undefined;
}

const pageSize = 24;

/**
 * The shop's own search over the products of a world, as it would have answered at a moment of the past: what was not listed
 * yet is not found, and the season is that of the day. How fresh and how popular a product was then is not remembered: the one
 * is as if it had been picked the day before, the other follows its appeal.
 */
export function shopSearchOf(world: World): (query: string, at: Date) => ShopAnswer {
  const index = new CatalogIndex();
  const popularity = popularityRanks(world.products.map((product) => Math.round(product.appeal * 20)));
  const byId = new Map<string, WorldProduct>();
  for (const [n, product] of world.products.entries()) {
    byId.set(product.id, product);
    index.put(documentOf(product, world.now, popularity[n]!));
  }
  const { timeZone } = world.markets[0]!.seed;
  return (query, at) => {
    const context = { now: world.now.getTime(), today: marketDay(at, timeZone), limit: 2 * pageSize };
    const { hits, total, correctedQuery } = searchCatalog(index, query, context);
    const listed = hits.filter((hit) => byId.get(hit.productId)!.listedAt <= at);
    const page = listed.slice(0, pageSize);
    return {
      shown: page.map((hit) => byId.get(hit.productId)!),
      terms: page.flatMap(({ explain }) => explain.map(({ value }) => value)),
      total: total - (hits.length - listed.length),
      correctedQuery,
    };
  };
}

function documentOf(product: WorldProduct, now: Date, popularity: number): CatalogDocument {
  const { farm, food } = product;
  const { market } = farm;
  const marks = farm.seed.isOrganic ? " Organic." : "";
  return {
    id: product.id,
    name: product.name,
    category: categorySeeds.find(({ slug }) => slug === food.category)!.name,
    farmId: farm.id,
    farmName: farm.seed.name,
    description: describe(product) + marks,
    organic: farm.seed.isOrganic,
    snapEligible: true,
    priceCents: product.priceCents,
    marketIds: [market.id],
    marketWeekdays: [market.seed.weekday],
    pickupWindows: [],
    place: { latitude: farm.latitude, longitude: farm.longitude },
    harvestedOrListedAt: now.getTime() - 86_400_000,
    popularity,
    season: seasonOf(product),
    available: true,
  };
}

function seasonOf({ food, isAlwaysStocked }: WorldProduct): ProductSeason {
  if (!food.window) return { windows: [], supply: "year-round" };
  const [firstDay, peakStart, peakEnd, lastDay] = food.window;
  const supply = isAlwaysStocked ? "greenhouse" : food.kind === "year_round" ? "year-round" : food.kind;
  return { windows: [{ firstDay, peakStart, peakEnd, lastDay }], supply };
}
