// The index and the five-term score by themselves: neither a database nor the mathematics of models is loaded for them.
export { CatalogIndex } from "./core/catalog-index.ts";
export type { CatalogDocument } from "./core/catalog-index.ts";
export { popularityRanks, rankingTerms } from "./core/final-score.ts";
export { searchCatalog } from "./core/search-catalog.ts";
