import { comparablePriceCents } from "@almanac/catalog";
import { insertMany, type Transaction } from "@almanac/db";
import { searchLog } from "@almanac/db/schema";
import { searchAlgorithm } from "@almanac/ranking/router";
import type { WorldSearch } from "../core/searching.ts";

/** What people searched for, what they were shown and what came of it, so that the operator's pages have something to say. */
export async function insertSearches(tx: Transaction, searches: readonly WorldSearch[]): Promise<void> {
  await insertMany(
    tx,
    searchLog,
    searches.map((search) => ({
      id: search.id,
      shopperId: search.shopper.id,
      query: search.query,
      algorithm: searchAlgorithm,
      arm: "control",
      armPropensity: 1,
      rankingVersion: 0,
      isPersonalised: "no" as const,
      resultsCount: search.total,
      correctedQuery: search.correctedQuery ?? null,
      shownIds: search.shown.map(({ id }) => id),
      shownTerms: search.terms.map((term) => Math.round(term * 1e5) / 1e5),
      shownPrices: search.shown.map(({ priceCents, food }) =>
        comparablePriceCents(
          { unitPriceCents: priceCents, unitPricePer: food.sale.pricePer },
          food.sale.baseUnit,
        ),
      ),
      shownTeams: null,
      firstPosition: 1,
      clickPosition: search.opened?.place ?? null,
      clickedProductId: search.opened?.product.id ?? null,
      orderId: search.orderId ?? null,
      executionMs: search.executionMs,
      searchedAt: search.at,
    })),
  );
}
