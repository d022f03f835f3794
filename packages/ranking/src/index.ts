export { CatalogIndex } from "./core/catalog-index.ts";
export type { CatalogChange, CatalogDocument } from "./core/catalog-index.ts";
export { allowedEdits, editDistance } from "./core/edit-distance.ts";
export { challengerCandidates, challengerFeatureNames } from "./core/challenger.ts";
export type { ChallengerCandidate } from "./core/challenger.ts";
export { distanceEdgesKm } from "./core/facets.ts";
export type { Band, CatalogFacets, CatalogFilters, FacetCount } from "./core/facets.ts";
export {
  computeFinalScore,
  defaultRankingWeights,
  explainFinalScore,
  parseRankingWeights,
  popularityRanks,
  rankingTerms,
  recencyScore,
} from "./core/final-score.ts";
export type {
  FinalScore,
  RankingTerm,
  RankingTerms,
  RankingWeights,
  ScoreContribution,
} from "./core/final-score.ts";
export {
  LearnedTitleFeatures,
  learnedTitleFeatureCount,
  learnedTitleFeatureNames,
} from "./core/learned-title-features.ts";
export type { LearnedTitleCandidates } from "./core/learned-title-features.ts";
export { JudgedWorth, judgedWorthCount, judgedWorthNames } from "./core/judged/judged-worth.ts";
export type { JudgedCandidates } from "./core/judged/judged-worth.ts";
export { WordColumns } from "./core/judged/word-columns.ts";
export type { WordedCandidates } from "./core/judged/word-columns.ts";
export { produceSynonyms } from "./core/produce-synonyms.ts";
export { defaultMatchWeights } from "./core/query-plan.ts";
export type { Alternative } from "./core/plan-draft.ts";
export type { Correction, MatchWeights, QueryPlan, QueryWord } from "./core/query-plan.ts";
export { fitRankModel, orderOf, parseRankModel, rerank, serializeRankModel } from "./core/rank-model.ts";
export type { RankCandidates, RankGroup, RankModel, RankModelOptions } from "./core/rank-model.ts";
export { findCandidates, rankCandidates, searchCatalog } from "./core/search-catalog.ts";
export type {
  BaseResult,
  CatalogAnswer,
  CatalogHit,
  CatalogSort,
  SearchContext,
} from "./core/search-catalog.ts";
export { SearchIndex, productFields } from "./core/search-index.ts";
export type {
  MatchOptions,
  MatchResult,
  SearchAnswer,
  SearchField,
  SearchIndexOptions,
} from "./core/search-index.ts";
export { suggest } from "./core/suggest.ts";
export type { Suggestions } from "./core/suggest.ts";
export {
  TitleRanker,
  plainTitleWeights,
  scoreTitle,
  titleFeatureCount,
  titleFeatureNames,
} from "./core/title-features.ts";
export type { TitleCandidates, TitleDocument } from "./core/title-features.ts";
export { headOf, matchTitle, titleMatchNames, viewQuery, viewTitle } from "./core/title-match.ts";
export type { QueryView, TitleView } from "./core/title-match.ts";
export { fold, stopWords, tokenize, tokenizeQuery } from "./core/tokenize.ts";
export type { Token } from "./core/tokenize.ts";
// Types of the service behind the door "./router", which alone loads a database.
export type {
  EmptyHint,
  ExplainedTerm,
  SearchAnswer as ShopSearchAnswer,
  SearchFacets,
  SearchHit,
  SearchRequest,
  SearchSuggestions,
} from "./types.ts";
