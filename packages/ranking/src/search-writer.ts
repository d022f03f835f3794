import type { DatabaseHandle } from "@almanac/db";
import type { Team } from "@almanac/experiments";
import type { Clock, ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { SearchArm } from "./arms.ts";
import type { CatalogIndex } from "./core/index/catalog-index.ts";
import { rankingTerms } from "./core/score/final-score.ts";
import { comparablePrice } from "./rerank.ts";
import { continueSearch, insertSearch, searchAlgorithm, type LoggedSearch } from "./store/search-log.ts";
import type { SearchAnswer, SearchRequest } from "./types.ts";

export interface Searched {
  readonly request: SearchRequest;
  readonly answer: SearchAnswer;
  readonly arm: SearchArm;
  readonly teams: ReadonlyMap<string, Team> | undefined;
  /** Absent for a browser that is not known. */
  readonly shopperId: ShopperId | undefined;
}

export interface SearchWriter {
  /** Logs a search, unless the page that asks shows it already. @returns the id that it is logged under */
  write(searched: Searched): Promise<string>;
}

export function createSearchWriter({
  handle,
  clock,
  log,
  index,
}: {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
  index: CatalogIndex;
}): SearchWriter {
  return {
    async write(searched) {
      const { request, answer } = searched;
      const row = rowOf(searched, index, clock.now());
      try {
        const { shownAs } = request;
        if (shownAs !== undefined && (await continueSearch(handle.db, shownAs, row))) return shownAs;
        await insertSearch(handle.db, row);
      } catch (err) {
        // Somebody waits for the result; that its log is missing is for an operator to know.
        log.error({ err, searchId: answer.searchId }, "a search could not be logged");
      }
      return answer.searchId;
    },
  };
}

/** A list that the shopper had sorted is of no ranking's making. */
function algorithmOf({ sort }: SearchRequest, { reranker }: SearchArm): string {
  return sort === undefined || sort === "best" ? (reranker?.algorithm ?? searchAlgorithm) : `sorted_${sort}`;
}

function rowOf(
  { request, answer, arm, teams, shopperId }: Searched,
  index: CatalogIndex,
  searchedAt: Date,
): LoggedSearch {
  const { hits } = answer;
  return {
    id: answer.searchId,
    ...(shopperId && { shopperId }),
    query: request.q?.trim() ?? "",
    algorithm: algorithmOf(request, arm),
    arm: answer.arm,
    armPropensity: arm.propensity ?? 1,
    rankingVersion: answer.rankingVersion,
    ...(answer.correctedTo !== undefined && { correctedQuery: answer.correctedTo }),
    firstPosition: hits[0]?.position ?? 1,
    isPersonalised: answer.personalised,
    resultsCount: answer.total,
    shownIds: hits.map(({ card }) => card.id),
    shownTerms: hits.flatMap(({ explain }) => rankingTerms.map((term) => explain[term].value)),
    shownPrices: hits.map(({ card }) => comparablePrice(index, card.id)),
    ...(teams && { shownTeams: hits.map(({ card }) => teams.get(card.id) ?? "a").join("") }),
    executionMs: Math.max(1, Math.round(answer.tookMs)),
    searchedAt,
  };
}
