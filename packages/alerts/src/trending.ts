import { listMarkets } from "@almanac/catalog";
import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Clock, MarketId, ProductId } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { readTrends, type ShopWindow } from "@almanac/signals";
import { isTopNews, topOf, type ToldTop } from "./core/trending.ts";
import { readTold, saveTold, takeTurn } from "./store/told.ts";

export interface TrendingOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly shopWindow: Pick<ShopWindow, "cards">;
}

/**
 * Tells what trends at a market when another product entered its top five, at most once in five minutes (ALR-04): to those
 * who follow the market, and on the topic `trending` of all markets, with the market in the payload. Run it every minute, in
 * one or in several processes.
 *
 * @returns the markets with news
 */
export async function sendTrendingUpdates({
  handle,
  bus,
  clock,
  shopWindow,
}: TrendingOptions): Promise<MarketId[]> {
  const now = clock.now();
  const byMarket = Map.groupBy(await readTrends(handle.db, now), ({ marketId }) => marketId);
  const told: MarketId[] = [];
  for (const { id: marketId } of await listMarkets(handle.db)) {
    const top = topOf(byMarket.get(marketId) ?? []);
    const isNews = await handle.transaction(async (tx) => {
      await takeTurn(tx, `trending:${marketId}`);
      const told = toldTopOf(await readTold(tx, `trending.${marketId}`));
      const isNews = isTopNews(told, top, now);
      if (told && !isNews) return false;
      await saveTold(tx, `trending.${marketId}`, { productIds: top, atMs: told ? now.getTime() : 0 }, now);
      if (!isNews) return false;
      const cards = shopWindow
        .cards(top as ProductId[], { now, marketId })
        .filter((card) => card.isAvailable);
      const items = cards.map((card, rank) => ({
        card: { ...card },
        score: 1 - rank / cards.length,
        reason: "TRENDING_LOCAL",
        sentence: "Trending near you",
      }));
      for (const topic of [`market:${marketId}`, "trending"]) {
        await publishLive(tx, bus, {
          topic,
          type: "TRENDING_UPDATE",
          payload: { marketId, title: "Trending now", items },
        });
      }
      return true;
    });
    if (isNews) told.push(marketId);
  }
  return told;
}

function toldTopOf(value: Record<string, unknown> | undefined): ToldTop | undefined {
  const productIds = value?.["productIds"];
  const atMs = value?.["atMs"];
  if (!Array.isArray(productIds) || typeof atMs !== "number") return undefined;
  return { productIds: productIds.filter((id) => typeof id === "string"), atMs };
}
