import type { DatabaseHandle } from "@almanac/db";
import { days, minutes } from "@almanac/kernel";
import type { Clock } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { readSharedQueries } from "./store/popular-queries.ts";

/** k of k-anonymity: what fewer shoppers typed is never offered to another. */
export const minSharedShoppers = 10;

/** What many shoppers searched for in the last 30 days, in memory. */
export interface SharedQueries {
  /**
   * Queries one of whose words begins with what was typed, the most shared first. Reads memory; asks for fresher ones in
   * the background when what is there is older than ten minutes.
   *
   * @param typed at least one character, else nothing is offered
   */
  beginningWith(typed: string, limit: number): string[];
  /** Of what is in memory: another number after each reading that found something else. Asks for fresher ones likewise. */
  revision(): number;
  /** Reads them again. */
  refresh(): Promise<void>;
}

const mostShared = 2_000;

export function createSharedQueries({
  handle,
  clock,
  log,
}: {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
}): SharedQueries {
  let queries: readonly string[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let revision = 0;

  const refresh = async (): Promise<void> => {
    const now = clock.now();
    readAt = now.getTime();
    const found = await readSharedQueries(handle.db, {
      from: new Date(now.getTime() - days(30)),
      to: now,
      minShoppers: minSharedShoppers,
      limit: mostShared,
    });
    const before = queries;
    queries = found.map(({ query }) => query);
    if (queries.length !== before.length || queries.some((query, at) => query !== before[at])) revision++;
  };

  const freshen = (): void => {
    if (Math.abs(clock.now().getTime() - readAt) < minutes(10)) return;
    refresh().catch((err: unknown) => log.warn({ err }, "shared queries could not be read"));
  };

  return {
    refresh,
    revision() {
      freshen();
      return revision;
    },
    beginningWith(typed, limit) {
      freshen();
      const wanted = typed.trim().toLowerCase().replaceAll(/\s+/g, " ");
      if (wanted === "") return [];
      const found: string[] = [];
      for (const query of queries) {
        if (found.length >= limit) break;
        if (query !== wanted && ` ${query}`.includes(` ${wanted}`)) found.push(query);
      }
      return found;
    },
  };
}
