import type { Team } from "@almanac/experiments";
import type { RankingChoice, SearchArm } from "./arms.ts";
import type { CatalogIndex } from "./core/index/catalog-index.ts";
import type { BaseResult } from "./core/answer/base-result.ts";
import type { CatalogAnswer, SearchContext } from "./core/answer/search-catalog.ts";
import { interleaveAnswers } from "./interleave.ts";
import { isByScore, rankWith } from "./rerank.ts";
import type { RankingVersion } from "./store/ranking-versions.ts";

/** How one search is ranked, with the versions that its numbers name. */
export interface ChosenRanking {
  readonly arm: SearchArm;
  readonly version: RankingVersion;
  /** The ranking that it is interleaved with. */
  readonly other?: RankingChoice & { readonly version: RankingVersion; readonly seed: string };
}

/** Ranks a search the way that was chosen; two ways, one interleaved with the other, where the order is ours to choose. */
export function rankByChoice(
  index: CatalogIndex,
  base: BaseResult,
  context: SearchContext,
  { query, choice: { arm, version, other } }: { query: string; choice: ChosenRanking },
): { readonly answer: CatalogAnswer; readonly teams?: ReadonlyMap<string, Team> } {
  const rank = (page: SearchContext, by: RankingChoice & { version: RankingVersion }): CatalogAnswer =>
    rankWith(index, base, { ...page, weights: by.version.weights }, { query, reranker: by.reranker });
  if (!other || !isByScore(context)) return { answer: rank(context, { ...arm, version }) };
  const offset = Math.max(0, context.offset ?? 0);
  const limit = Math.max(0, context.limit ?? 24);
  const from = { ...context, offset: 0, limit: offset + limit };
  const { teams, ...answer } = interleaveAnswers(rank(from, other), rank(from, { ...arm, version }), {
    seed: other.seed,
    offset,
    limit,
  });
  return { answer, teams };
}
