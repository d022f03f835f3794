import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";

/** A search as it was served, and what came of it. */
export interface ServedSearch {
  readonly query: string;
  readonly correctedQuery: string | null;
  readonly productIds: readonly string[];
  /** Five a product, in the order of `rankingTerms`. */
  readonly terms: readonly number[];
  readonly priceCents: readonly number[];
  /** Place of what was opened, from 0; -1 where nothing was. */
  readonly clicked: number;
  readonly hasOrder: boolean;
  /** The shopper, or the search itself where nobody is known. */
  readonly shopper: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Rows of one statement: the embedded database answers one at a time. */
const readAtOnce = 2_000;

/**
 * The latest first pages between two moments that were in the product's own order and have their terms, the newest first.
 * Lists that a shopper had sorted, and simulated ones, tell nothing of ranking.
 */
export async function readServedSearches(
  db: Queryable,
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Promise<ServedSearch[]> {
  const found: ServedSearch[] = [];
  let before = { at: new Date(to.getTime() + 1).toISOString(), id: "00000000-0000-0000-0000-000000000000" };
  while (found.length < limit) {
    const page = await rows<ServedSearch & { id: string; searchedAt: string }>(
      db,
      sql`
        select id, to_char(searched_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "searchedAt", query,
          corrected_query as "correctedQuery", shown_ids as "productIds", shown_terms as terms,
          shown_prices as "priceCents", coalesce(array_position(shown_ids, clicked_product_id), 0) - 1 as clicked,
          order_id is not null as "hasOrder", coalesce(shopper_id, id)::text as shopper,
          (extract(epoch from searched_at) * 1000)::float8 as at
        from search_log
        where searched_at > ${from.toISOString()}::timestamptz
          and (searched_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)
          and first_position = 1 and cardinality(shown_ids) > 1
          and cardinality(shown_terms) = 5 * cardinality(shown_ids)
          and algorithm <> 'simulated' and algorithm not like 'sorted%'
        order by searched_at desc, id desc limit ${Math.min(readAtOnce, limit - found.length)}`,
    );
    for (const { id: _id, searchedAt: _at, ...search } of page) found.push(search);
    const last = page.at(-1);
    if (page.length < readAtOnce || !last) break;
    before = { at: last.searchedAt, id: last.id };
  }
  return found;
}
