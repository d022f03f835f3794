import { lt, sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { searchLog } from "@almanac/db/schema";

export interface SearchWindow {
  /** Exclusive. */
  readonly from: Date;
  /** Inclusive. */
  readonly to: Date;
}

/** Searches and what came of them, of one query or of one day. */
export interface SearchCounts {
  readonly searches: number;
  readonly clicked: number;
  readonly ordered: number;
  /** Found nothing. */
  readonly empty: number;
  /** Places that were shown, each by the chance that it was looked at. */
  readonly looks: number;
  /** Milliseconds that 19 of 20 searches stayed below. */
  readonly slowMs: number;
}

export interface CountedQuery extends SearchCounts {
  /** Lower case, single spaces; "" is the whole shop. */
  readonly query: string;
  /** Mean place of what was opened, from 1; absent where nothing was. */
  readonly meanPlace: number | undefined;
}

export interface CountedDay extends SearchCounts {
  /** Calendar day in UTC. */
  readonly day: string;
}

/** What made-up shoppers searched for is never counted. */
const real = sql`algorithm <> 'simulated'`;

const counted = (examination: ArrayLike<number>) => {
  const upTo: number[] = [0];
  for (const chance of Array.from(examination)) upTo.push(upTo.at(-1)! + chance);
  // Arrays of SQL begin with 1: element k + 1 is the sum of the first k places.
  const sums = sql`${sql.param(upTo)}::float8[]`;
  const last = examination.length;
  return sql`
    count(*)::int as searches,
    count(clicked_product_id)::int as clicked,
    count(order_id)::int as ordered,
    (count(*) filter (where results_count = 0))::int as empty,
    coalesce(sum((${sums})[least(${last}, first_position - 1 + cardinality(shown_ids)) + 1]
      - (${sums})[least(${last}, first_position - 1) + 1]), 0)::float8 as looks,
    percentile_disc(0.95) within group (order by execution_ms)::int as "slowMs"`;
};

/**
 * Counts of every query that was typed often enough, the most frequent first: one pass over the index on `searched_at`.
 *
 * @param examination chance that each place is looked at, from the first on
 * @param minSearches what was typed less often may be anything, a name too, and is left out
 */
export async function countQueries(
  db: Queryable,
  { from, to }: SearchWindow,
  { examination, minSearches, limit }: { examination: ArrayLike<number>; minSearches: number; limit: number },
): Promise<CountedQuery[]> {
  const found = await rows<Omit<CountedQuery, "meanPlace"> & { meanPlace: number | null }>(
    db,
    sql`
      select lower(regexp_replace(btrim(query), '\\s+', ' ', 'g')) as query, ${counted(examination)},
        avg(click_position)::float8 as "meanPlace"
      from search_log
      where searched_at > ${from.toISOString()}::timestamptz and searched_at <= ${to.toISOString()}::timestamptz and ${real}
      group by 1 having count(*) >= ${minSearches} order by searches desc, query limit ${limit}`,
  );
  return found.map(({ meanPlace, ...row }) => ({ ...row, meanPlace: meanPlace ?? undefined }));
}

/** Counts of each day with a search, in order. */
export async function countDays(
  db: Queryable,
  { from, to }: SearchWindow,
  examination: ArrayLike<number>,
): Promise<CountedDay[]> {
  return rows<CountedDay>(
    db,
    sql`
      select to_char(searched_at at time zone 'UTC', 'YYYY-MM-DD') as day, ${counted(examination)}
      from search_log
      where searched_at > ${from.toISOString()}::timestamptz and searched_at <= ${to.toISOString()}::timestamptz and ${real}
      group by 1 order by 1`,
  );
}

/** Rows that one statement removes: more would hold up the searches that are being logged. */
const removedAtOnce = 5_000;

/** Removes searches from before a moment. Relies on the index on `searched_at`. @returns how many */
export async function removeOldSearches(db: Queryable, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await db
      .delete(searchLog)
      .where(
        sql`${searchLog.id} in (select id from ${searchLog} where ${lt(searchLog.searchedAt, before)} limit ${removedAtOnce})`,
      )
      .returning({ id: searchLog.id });
    removed += found.length;
    if (found.length < removedAtOnce) return removed;
  }
}
