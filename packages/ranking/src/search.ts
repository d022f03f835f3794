// The index and the five-term score by themselves: neither a database nor the mathematics of models is loaded for them.
export { CatalogIndex } from "./core/index/catalog-index.ts";
export type { CatalogDocument } from "./core/index/catalog-index.ts";
export { popularityRanks, rankingTerms } from "./core/score/final-score.ts";
export { searchCatalog } from "./core/answer/search-catalog.ts";
