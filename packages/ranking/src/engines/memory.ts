import type { ProductId } from "@almanac/kernel";
import type { SearchIndex } from "../core/index/search-index.ts";
import { mostHits, type SearchEngine } from "./engine.ts";

/** The index in this process: the quickest by far, and what serves unless it cannot. */
export function memoryEngine(index: SearchIndex): SearchEngine {
  return {
    name: "memory",
    find(query, { fuzzy }) {
      const { hits, correctedQuery, offeredQuery } = index.search(query, { fuzzy, limit: mostHits });
      return Promise.resolve({
        hits: hits.map(({ id, relevance }) => ({ productId: id as ProductId, relevance })),
        ...(correctedQuery !== undefined && { correctedQuery }),
        ...(offeredQuery !== undefined && { offeredQuery }),
      });
    },
  };
}
