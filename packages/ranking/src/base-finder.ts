import type { DatabaseHandle } from "@almanac/db";
import type { ShopWindow } from "@almanac/signals";
import type { Logger } from "@almanac/trpc";
import type { BaseResult } from "./core/answer/base-result.ts";
import { splitQuery } from "./core/query/split-query.ts";
import { toBaseResult, type EngineAnswer, type EngineQuery, type SearchEngine } from "./engines/engine.ts";
import type { OutsideEngine } from "./engines/opensearch.ts";
import { postgresEngine } from "./engines/postgres.ts";
import type { ShopIndex } from "./shop-index.ts";

export interface SearchHealth {
  /** Which engine found the words of the latest search. */
  readonly engine: SearchEngine["name"];
  /** Which one ought to. */
  readonly wanted: SearchEngine["name"];
  /** Searches that another engine than the wanted one had to answer, since the start. */
  readonly fallbacks: number;
  /** Why the latest search fell back; absent while it did not. */
  readonly problem?: string;
}

export interface BaseFinder {
  /**
   * Finds what a query's words match, by the first engine that can.
   *
   * @returns reads the result off the index as it is then: what is on sale may change while somebody waits
   */
  find(query: string, options: EngineQuery): Promise<() => BaseResult>;
  health(): SearchHealth;
}

/** What the shop window is told to read at once when it has not been loaded. */
const mostRead = 200;

/**
 * An outside engine where one is set; else the index in memory; and PostgreSQL while that is not built, or when it fails. A
 * search costs a fallback its time, never its answer.
 */
export function createBaseFinder({
  handle,
  shopIndex,
  shopWindow,
  outside,
  log,
}: {
  handle: DatabaseHandle;
  shopIndex: ShopIndex;
  shopWindow: ShopWindow;
  outside?: OutsideEngine;
  log: Logger;
}): BaseFinder {
  const postgres = postgresEngine(handle);
  const wanted = outside?.name ?? "memory";
  let engine: SearchEngine["name"] = wanted;
  let problem: string | undefined;
  let fallbacks = 0;

  const served = (by: SearchEngine["name"]): void => {
    engine = by;
    if (by === wanted) problem = undefined;
    else fallbacks++;
  };
  const failed = (by: SearchEngine["name"], err: unknown): void => {
    problem = `${by}: ${err instanceof Error ? err.message : "failed"}`;
    log.error({ err, engine: by }, "a search engine failed; another one answers");
  };

  async function askOutside(query: string, options: EngineQuery): Promise<EngineAnswer | undefined> {
    try {
      return await outside?.find(query, options);
    } catch (err) {
      failed("opensearch", err);
      return undefined;
    }
  }

  function askMemory(query: string, options: EngineQuery): boolean {
    if (shopWindow.sinceLookMs() === undefined) {
      problem = "memory: the index is not built yet";
      return false;
    }
    try {
      // Remembered until a product changes, so that reading it off afterwards costs nothing.
      shopIndex.candidates(query, options);
      return true;
    } catch (err) {
      failed("memory", err);
      return false;
    }
  }

  return {
    async find(query, options) {
      const { wanted: words } = splitQuery(query);
      const answer = query === "" ? undefined : await askOutside(words, options);
      if (answer) {
        served("opensearch");
        return () => toBaseResult(shopIndex.index, answer, query);
      }
      if (query === "" || askMemory(query, options)) {
        if (query !== "") served("memory");
        return () => shopIndex.candidates(query, options);
      }
      const found = await postgres.find(words, options);
      const unread = found.hits.flatMap(({ productId }) => (shopWindow.find(productId) ? [] : productId));
      if (unread.length > 0) await shopWindow.refresh(unread.slice(0, mostRead));
      served("postgres");
      return () => toBaseResult(shopIndex.index, found, query);
    },
    health: () => ({ engine, wanted, fallbacks, ...(problem !== undefined && { problem }) }),
  };
}
