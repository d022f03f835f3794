import { and, desc, eq, gt, isNotNull, isNull, or, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { orders, searchLog } from "@almanac/db/schema";
import { hours } from "@almanac/kernel";
import type { OrderId, ProductId, ShopperId } from "@almanac/kernel";

/** A search as the log keeps it. */
export interface LoggedSearch {
  readonly id: string;
  /** Absent for a browser that is not known. */
  readonly shopperId?: ShopperId;
  readonly query: string;
  /** What was searched for instead, when the query seemed mistyped. */
  readonly correctedQuery?: string;
  /** The formula or model behind the order, as reports name it. */
  readonly algorithm: string;
  readonly arm: string;
  /** The probability with which the arm was drawn, in (0, 1]. */
  readonly armPropensity: number;
  readonly rankingVersion: number;
  /** Position of the first of `shownIds` in the whole result, from 1. */
  readonly firstPosition: number;
  readonly isPersonalised: boolean;
  readonly resultsCount: number;
  readonly shownIds: readonly ProductId[];
  /** The five terms of each of `shownIds`, in the order of `rankingTerms`, one product after the other. */
  readonly shownTerms: readonly number[];
  /** Cents for one of the comparable measure of each of `shownIds`. */
  readonly shownPrices: readonly number[];
  /** Where two rankings were interleaved: "a" or "b" for each of `shownIds`. */
  readonly shownTeams?: string;
  /** At least 1. */
  readonly executionMs: number;
  readonly searchedAt: Date;
}

/** The five-term score, as reports name it. */
export const searchAlgorithm = "five_terms";

/**
 * Every search waits for it, so the statement is written out: an insert that is put together from the columns of the table,
 * with each number of its arrays mapped by one, takes several times as long to make. Whose it is is asked in it. Nor does it wait for the disk: where the
 * database itself falls over, the searches of its last half second are missing in the log. Not for use in a transaction, of
 * which the same would hold.
 */
export async function insertSearch(db: Queryable, search: LoggedSearch): Promise<void> {
  const { shownIds, shownTerms, shownPrices } = shownOf(search);
  await db.execute(sql`
    insert into search_log (id, shopper_id, query, algorithm, arm, arm_propensity, ranking_version, is_personalised,
      results_count, corrected_query, shown_ids, shown_terms, shown_prices, shown_teams, first_position, execution_ms,
      searched_at)
    select ${search.id}, whose_events(${search.shopperId ?? null}::uuid), ${search.query}, ${search.algorithm}, ${search.arm},
      ${search.armPropensity}, ${search.rankingVersion}, ${search.isPersonalised ? "yes" : "no"}, ${search.resultsCount},
      ${search.correctedQuery ?? null}, ${`{${shownIds.join(",")}}`}, ${`{${shownTerms.join(",")}}`},
      ${`{${shownPrices.join(",")}}`}, ${search.shownTeams ?? null}, ${search.firstPosition}, ${search.executionMs},
      ${search.searchedAt.toISOString()}
    from set_config('synchronous_commit', 'off', true)`);
}

function shownOf({ shownIds, shownTerms, shownPrices }: LoggedSearch) {
  return {
    shownIds: [...shownIds],
    shownTerms: shownTerms.map((term) => Math.round(term * 1e5) / 1e5),
    shownPrices: shownPrices.map(Math.round),
  };
}

/** How long a page may say that it shows a search already. */
const pageMs = hours(12);

/**
 * A page that is loaded again shows the search that it has logged already, if it asks the same of the same ranking: then
 * there is no second row. What is shown now replaces what was shown, until something of it was opened.
 *
 * @param shownAs the search that the page shows
 * @returns whether it is that search; not for one of somebody else, nor of another arm or version
 */
export async function continueSearch(db: Queryable, shownAs: string, search: LoggedSearch): Promise<boolean> {
  const { shopperId, searchedAt } = search;
  const shown = shownOf(search);
  const isOpened = isNotNull(searchLog.clickedProductId);
  const kept = <Value>(column: SQLWrapper, value: Value, type: string) =>
    sql`case when ${isOpened} then ${column} else ${sql.param(value)}::${sql.raw(type)} end`;
  const updated = await db
    .update(searchLog)
    .set({
      shownIds: kept(searchLog.shownIds, shown.shownIds, "uuid[]"),
      shownTerms: kept(searchLog.shownTerms, shown.shownTerms, "real[]"),
      shownPrices: kept(searchLog.shownPrices, shown.shownPrices, "integer[]"),
      shownTeams: kept(searchLog.shownTeams, search.shownTeams ?? null, "text"),
      resultsCount: kept(searchLog.resultsCount, search.resultsCount, "integer"),
      shopperId: ownerNow(shopperId),
    })
    .where(
      and(
        eq(searchLog.id, shownAs),
        ownedBy(shopperId),
        eq(searchLog.query, search.query),
        eq(searchLog.algorithm, search.algorithm),
        eq(searchLog.arm, search.arm),
        eq(searchLog.rankingVersion, search.rankingVersion),
        eq(searchLog.firstPosition, search.firstPosition),
        gt(searchLog.searchedAt, new Date(searchedAt.getTime() - pageMs)),
      ),
    )
    .returning({ id: searchLog.id });
  return updated.length > 0;
}

/**
 * Whose what a shopper does is at this moment: who signs in meanwhile is waited for. Nobody's where they refused tracking. Asked once
 * a statement.
 */
const ownerOf = (shopperId: ShopperId | undefined): SQL =>
  sql`(select whose_events(${shopperId ?? null}::uuid))`;

/** Whose a search becomes. */
const ownerNow = (shopperId: ShopperId | undefined): SQL =>
  sql`coalesce(${ownerOf(shopperId)}, ${searchLog.shopperId})`;

/**
 * A search of a browser that was not known yet may become anybody's who knows its id. A visitor who signed in since, or is just
 * signing in, has the account's.
 */
function ownedBy(shopperId: ShopperId | undefined) {
  return shopperId
    ? or(
        isNull(searchLog.shopperId),
        eq(searchLog.shopperId, shopperId),
        sql`${searchLog.shopperId} = ${ownerOf(shopperId)}`,
      )
    : isNull(searchLog.shopperId);
}

export interface SearchClick {
  readonly searchId: string;
  readonly productId: ProductId;
  readonly position: number;
  /** Whoever clicks; absent for a browser that is not known. */
  readonly shopperId?: ShopperId;
}

/**
 * Notes the latest click on a search's results. Only whoever searched can click, and only on what was shown; a search of
 * a browser that was not known then becomes that of the shopper it turned out to be, unless they refused tracking.
 *
 * @returns whether it was noted
 */
export async function updateClick(db: Queryable, click: SearchClick): Promise<boolean> {
  const { searchId, productId, position, shopperId } = click;
  const updated = await db
    .update(searchLog)
    .set({
      clickedProductId: productId,
      clickPosition: position,
      shopperId: ownerNow(shopperId),
    })
    .where(
      and(
        eq(searchLog.id, searchId),
        ownedBy(shopperId),
        sql`${productId}::uuid = any(${searchLog.shownIds})`,
      ),
    )
    .returning({ id: searchLog.id });
  return updated.length > 0;
}

/** How long after a search an order still counts as its doing. */
export const attributionMs = hours(24);

/**
 * Gives an order to the shopper's latest search within 24 hours before it whose clicked product is in the order.
 *
 * @returns the search, if there is one
 */
export async function attributeOrder(
  tx: Queryable,
  {
    orderId,
    shopperId,
    productIds,
  }: { orderId: OrderId; shopperId: ShopperId; productIds: readonly ProductId[] },
): Promise<string | undefined> {
  const [order] = await tx.select({ placedAt: orders.placedAt }).from(orders).where(eq(orders.id, orderId));
  if (!order) return undefined;
  const since = new Date(order.placedAt.getTime() - attributionMs);
  const [search] = await tx
    .select({ id: searchLog.id })
    .from(searchLog)
    .where(
      and(
        eq(searchLog.shopperId, shopperId),
        gt(searchLog.searchedAt, since),
        sql`${searchLog.searchedAt} <= ${order.placedAt.toISOString()}::timestamptz`,
        isNotNull(searchLog.clickedProductId),
        sql`${searchLog.clickedProductId} = any(${sql.param([...productIds])}::uuid[])`,
      ),
    )
    .orderBy(desc(searchLog.searchedAt))
    .limit(1);
  if (!search) return undefined;
  await tx.update(searchLog).set({ orderId }).where(eq(searchLog.id, search.id));
  return search.id;
}
