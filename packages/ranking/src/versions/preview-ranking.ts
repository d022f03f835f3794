import { setImmediate } from "node:timers/promises";
import type { DatabaseHandle } from "@almanac/db";
import { days, marketDay } from "@almanac/kernel";
import type { Clock, ProductId } from "@almanac/kernel";
import type { ShopWindow } from "@almanac/signals";
import { parseRankingWeights } from "../core/score/final-score.ts";
import type { RankingWeights } from "../core/score/final-score.ts";
import { fixtureQueries } from "../core/score/fixture-queries.ts";
import { compareWeights } from "../core/score/preview.ts";
import type { ShopIndex } from "../shop-index.ts";
import { readFrequentQueries } from "../store/popular-queries.ts";

export interface PreviewRow {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly farm: string;
  readonly picture: string;
  /** Places by which it is higher here than in the other order; absent when it is not among the first there. */
  readonly moved?: number;
}

export interface PreviewQuery {
  readonly query: string;
  /** How often it was searched for in the last 30 days; 0 for a fixture nobody typed. */
  readonly searches: number;
  readonly before: readonly PreviewRow[];
  readonly after: readonly PreviewRow[];
}

export interface RankingPreview {
  /** Queries that were compared: recent ones and fixtures. */
  readonly compared: number;
  readonly recent: number;
  /** Those whose first three places change, the most searched first; at most 100 of them. */
  readonly changed: readonly PreviewQuery[];
  readonly changedCount: number;
  /** Share of the recent searches whose first three change, 0 to 1; absent when there were none. */
  readonly shareOfSearches?: number;
}

export interface PreviewParts {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly shopWindow: ShopWindow;
  readonly shopIndex: ShopIndex;
}

const recentDays = 30;
/** What was typed once or twice may be anything, a name too. */
const minSearches = 3;
const mostQueries = 200;
const mostChanged = 100;

/**
 * What would change if the weights did: the first places of what was searched for lately and of the fixtures, as somebody
 * sees them who is not known. Reads memory but for the list of queries, and lets others have their turn in between.
 *
 * @throws AppError `weights_do_not_sum`
 */
export async function previewRanking(
  { handle, clock, shopWindow, shopIndex }: PreviewParts,
  { before, after }: { before: RankingWeights; after: RankingWeights },
): Promise<RankingPreview> {
  parseRankingWeights(after);
  const now = clock.now();
  const recent = await readFrequentQueries(handle.db, {
    from: new Date(now.getTime() - days(recentDays)),
    to: now,
    minSearches,
    limit: mostQueries,
  });
  const counts = new Map(recent.map(({ query, searches }) => [query, searches]));
  const queries = [...counts.keys(), ...fixtureQueries.filter((query) => !counts.has(query))];
  const market = shopWindow.markets()[0]?.market;
  const today = market ? marketDay(now, market.timeZone) : now.toISOString().slice(0, 10);
  const changed: PreviewQuery[] = [];
  let changedSearches = 0;
  let changedCount = 0;
  for (const query of queries) {
    const options = { before, after, context: { now: now.getTime(), today } };
    const comparison = compareWeights(shopIndex.index, query, options);
    // At 100,000 products a comparison takes milliseconds, and somebody else searches meanwhile.
    await setImmediate();
    if (!comparison.isTopChanged) continue;
    changedCount++;
    const searches = counts.get(query) ?? 0;
    changedSearches += searches;
    if (changed.length >= mostChanged) continue;
    changed.push({
      query,
      searches,
      before: rowsOf(comparison.before, comparison.after, shopWindow),
      after: rowsOf(comparison.after, comparison.before, shopWindow),
    });
  }
  const total = recent.reduce((sum, { searches }) => sum + searches, 0);
  return {
    compared: queries.length,
    recent: recent.length,
    changed,
    changedCount,
    ...(total > 0 && { shareOfSearches: changedSearches / total }),
  };
}

function rowsOf(ids: readonly string[], others: readonly string[], shopWindow: ShopWindow): PreviewRow[] {
  return ids.flatMap((id, place) => {
    const product = shopWindow.find(id)?.product;
    if (!product) return [];
    const other = others.indexOf(id);
    const { slug, name, picture, farm } = product;
    const row = { id: product.id, slug, name, farm: farm.name, picture };
    return [other === -1 ? row : { ...row, moved: other - place }];
  });
}
