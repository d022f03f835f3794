import { and, desc, gt, lte, ne, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { searchLog } from "@almanac/db/schema";

export interface PopularQuery {
  /** Lower case, single spaces. */
  readonly query: string;
  readonly searches: number;
}

const normalised = sql<string>`lower(regexp_replace(btrim(${searchLog.query}), '\\s+', ' ', 'g'))`;

/**
 * What was searched for most between two moments, the most frequent first. Relies on the index on `searched_at`.
 *
 * @param minSearches what was typed less often is left out
 */
export async function readFrequentQueries(
  db: Queryable,
  { from, to, minSearches, limit }: { from: Date; to: Date; minSearches: number; limit: number },
): Promise<PopularQuery[]> {
  const searches = sql<number>`count(*)::int`;
  return db
    .select({ query: normalised, searches })
    .from(searchLog)
    .where(and(gt(searchLog.searchedAt, from), lte(searchLog.searchedAt, to), ne(searchLog.query, "")))
    .groupBy(normalised)
    .having(sql`count(*) >= ${minSearches}`)
    .orderBy(desc(searches), normalised)
    .limit(limit);
}

/**
 * Queries that may be shown to anybody: typed by at least so many different shoppers, and they found something. What
 * only few typed could tell who they are.
 *
 * @param minShoppers k of k-anonymity; searches of browsers that are not known do not count
 */
export async function readSharedQueries(
  db: Queryable,
  { from, to, minShoppers, limit }: { from: Date; to: Date; minShoppers: number; limit: number },
): Promise<PopularQuery[]> {
  const shoppers = sql<number>`count(distinct ${searchLog.shopperId})::int`;
  return db
    .select({ query: normalised, searches: shoppers })
    .from(searchLog)
    .where(
      and(
        gt(searchLog.searchedAt, from),
        lte(searchLog.searchedAt, to),
        ne(searchLog.query, ""),
        gt(searchLog.resultsCount, 0),
      ),
    )
    .groupBy(normalised)
    .having(sql`count(distinct ${searchLog.shopperId}) >= ${minShoppers}`)
    .orderBy(desc(shoppers), normalised)
    .limit(limit);
}
