import type { ProductId } from "@almanac/kernel";
import type { BaseResult } from "../core/answer/base-result.ts";
import type { CatalogIndex } from "../core/index/catalog-index.ts";
import { splitQuery } from "../core/query/split-query.ts";

export interface EngineHit {
  readonly productId: ProductId;
  /** 0 to 1; the best is 1. */
  readonly relevance: number;
}

export interface EngineAnswer {
  /** The most relevant first. */
  readonly hits: readonly EngineHit[];
  /** What was searched for instead, where the engine put the query right. */
  readonly correctedQuery?: string;
  /** What may have been meant by a word that nothing answers to. */
  readonly offeredQuery?: string;
}

export interface EngineQuery {
  /** False takes the words as they were typed. */
  readonly fuzzy: boolean;
}

/**
 * Finds products by words, and nothing else: what is for sale here and now, in which order and to whom, is decided behind it.
 * Three of them: the index in memory, PostgreSQL's full text, and OpenSearch or Elasticsearch.
 */
export interface SearchEngine {
  readonly name: "memory" | "postgres" | "opensearch";
  /**
   * @param query not empty
   * @throws whatever its source throws when it is away; whoever asks then asks another engine
   */
  find(query: string, options: EngineQuery): Promise<EngineAnswer>;
}

/** Most products that an engine outside of this process is asked for; the score then orders them anew. */
export const mostHits = 1_000;

/** Relevance as a share of the best, whatever scale an engine scores by. */
export function toHits(scored: readonly { readonly id: string; readonly score: number }[]): EngineHit[] {
  const best = scored.reduce((most, { score }) => Math.max(most, score), 0);
  return scored.map(({ id, score }) => ({
    productId: id as ProductId,
    relevance: best > 0 ? Math.max(0, score) / best : 1,
  }));
}

/** Hits by slot of the index, as `rankCandidates` takes them; what the index does not hold, or the query does not want, is left out. */
export function toBaseResult(
  index: CatalogIndex,
  { hits, correctedQuery, offeredQuery }: EngineAnswer,
  query: string,
): BaseResult {
  const known = hits.flatMap(({ productId, relevance }) => {
    const slot = index.text.slotOf(productId);
    return slot === undefined ? [] : [{ slot, relevance }];
  });
  const { typedUnwanted } = splitQuery(query);
  const found = {
    slots: Uint32Array.from(known, ({ slot }) => slot),
    relevance: Float64Array.from(known, ({ relevance }) => relevance),
    corrections: [],
    correctedQuery: correctedQuery && [correctedQuery, ...typedUnwanted].join(" "),
    offeredQuery,
  };
  return index.text.withoutUnwanted(found, query);
}
