export { CatalogIndex } from "./core/index/catalog-index.ts";
export type { CatalogChange, CatalogDocument } from "./core/index/catalog-index.ts";
export { allowedEdits, editDistance } from "./core/words/edit-distance.ts";
export { challengerCandidates, challengerFeatureNames } from "./core/score/challenger.ts";
export type { ChallengerCandidate } from "./core/score/challenger.ts";
export { distanceEdgesKm } from "./core/answer/facets.ts";
export type { Band, CatalogFacets, CatalogFilters, FacetCount } from "./core/answer/facets.ts";
export {
  computeFinalScore,
  defaultRankingWeights,
  explainFinalScore,
  parseRankingWeights,
  popularityRanks,
  rankingTerms,
  recencyScore,
} from "./core/score/final-score.ts";
export type {
  FinalScore,
  RankingTerm,
  RankingTerms,
  RankingWeights,
  ScoreContribution,
} from "./core/score/final-score.ts";
export {
  LearnedTitleFeatures,
  learnedTitleFeatureCount,
  learnedTitleFeatureNames,
} from "./core/titles/learned-title-features.ts";
export type { LearnedTitleCandidates } from "./core/titles/learned-title-features.ts";
export { JudgedWorth, judgedWorthCount, judgedWorthNames } from "./core/judged/judged-worth.ts";
export type { JudgedCandidates } from "./core/judged/judged-worth.ts";
export { WordColumns } from "./core/judged/word-columns.ts";
export type { WordedCandidates } from "./core/judged/word-columns.ts";
export { produceSynonyms } from "./core/words/produce-synonyms.ts";
export { defaultMatchWeights } from "./core/query/query-plan.ts";
export type { Alternative } from "./core/query/plan-draft.ts";
export type { Correction, MatchWeights, QueryPlan, QueryWord } from "./core/query/query-plan.ts";
export {
  fitRankModel,
  orderOf,
  parseRankModel,
  rerank,
  serializeRankModel,
} from "./core/score/rank-model.ts";
export type { RankCandidates, RankGroup, RankModel, RankModelOptions } from "./core/score/rank-model.ts";
export { findCandidates, rankCandidates, searchCatalog } from "./core/answer/search-catalog.ts";
export type { BaseResult } from "./core/answer/base-result.ts";
export type { CatalogAnswer, CatalogHit, CatalogSort, SearchContext } from "./core/answer/search-catalog.ts";
export { SearchIndex, productFields } from "./core/index/search-index.ts";
export type {
  MatchOptions,
  MatchResult,
  SearchAnswer,
  SearchField,
  SearchIndexOptions,
} from "./core/index/search-index.ts";
export { suggest } from "./core/answer/suggest.ts";
export type { Suggestions } from "./core/answer/suggest.ts";
export {
  TitleRanker,
  plainTitleWeights,
  scoreTitle,
  titleFeatureCount,
  titleFeatureNames,
} from "./core/titles/title-features.ts";
export type { TitleCandidates, TitleDocument } from "./core/titles/title-features.ts";
export { headOf, matchTitle, titleMatchNames, viewQuery, viewTitle } from "./core/titles/title-match.ts";
export type { QueryView, TitleView } from "./core/titles/title-match.ts";
export { fold, stopWords, tokenize, tokenizeQuery } from "./core/words/tokenize.ts";
export type { Token } from "./core/words/tokenize.ts";
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
