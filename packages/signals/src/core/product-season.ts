import type { LiveProduct } from "@almanac/catalog";
import type { CalendarDay } from "@almanac/kernel";
import { categoriesOfSeason } from "./season-categories.ts";
import { summarizeSeason } from "./season-summary.ts";
import type { SeasonSummary } from "./season-summary.ts";
import type { ProductSeason } from "./season.ts";

const seasonalCategories = new Set(
  Object.values(categoriesOfSeason).flatMap((names) => names.map((name) => name.toLowerCase())),
);

/**
 * The season of a product on sale. Without a harvest the category decides by the four-category map; what the map does
 * not know (cheese, bread) has no season.
 */
export function productSeason({
  harvest,
  category,
}: Pick<LiveProduct, "harvest" | "category">): ProductSeason {
  if (!harvest) {
    return seasonalCategories.has(category.name.toLowerCase())
      ? { windows: [], category: category.name }
      : { windows: [], supply: "year-round" };
  }
  return {
    windows: harvest.windows,
    windowsHemisphere: harvest.hemisphere,
    supply: harvest.kind === "year_round" ? "year-round" : harvest.kind,
    category: category.name,
  };
}

/** Remembered summaries, above which all are dropped: two hemispheres, two calendar days and a thousand harvests. */
const maxSummaries = 4_000;

/**
 * Seasons shared between products and their summaries by day and hemisphere: ten thousand products have some dozens of
 * harvests, and a summary reads every day of the year.
 */
export function createSeasonBook() {
  const seasons = new Map<string, ProductSeason>();
  const summaries = new Map<string, SeasonSummary>();
  const keys = new WeakMap<ProductSeason, string>();
  const keyOf = (season: ProductSeason): string => {
    const known = keys.get(season);
    if (known !== undefined) return known;
    const key = JSON.stringify(season);
    keys.set(season, key);
    return key;
  };
  return {
    /** The same object for equal seasons. */
    share(season: ProductSeason): ProductSeason {
      const key = keyOf(season);
      const known = seasons.get(key);
      if (known) return known;
      seasons.set(key, season);
      return season;
    },

    /** `summarizeSeason`, remembered. */
    summary(season: ProductSeason, day: CalendarDay, latitude: number): SeasonSummary {
      const key = `${day}/${latitude < 0 ? "south" : "north"}/${keyOf(season)}`;
      const known = summaries.get(key);
      if (known) return known;
      if (summaries.size >= maxSummaries) summaries.clear();
      const summary = summarizeSeason(season, day, latitude);
      summaries.set(key, summary);
      return summary;
    },
  };
}

export type SeasonBook = ReturnType<typeof createSeasonBook>;
