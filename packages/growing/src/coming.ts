import { addCalendarDays, type MarketId } from "@almanac/kernel";
import type { ProductCard, ShopWindow } from "@almanac/signals";

const daysAhead = 182;

/**
 * What comes into season in the next half year, soonest first; a crop of a farm once. It follows what farms say of their
 * harvests: one that is moved moves here.
 */
export function comingSoon(
  shopWindow: Pick<ShopWindow, "all" | "card" | "findMarket" | "dayOf">,
  { marketId, limit, now }: { marketId?: MarketId; limit: number; now: Date },
): ProductCard[] {
  const found = new Map<string, { card: ProductCard; on: string }>();
  for (const entry of shopWindow.all()) {
    const { product } = entry;
    if (marketId && !product.farm.marketIds.includes(marketId)) continue;
    const card = shopWindow.card(product.id, { now, ...(marketId && { marketId }) });
    const on = card?.season.returnsOn;
    if (!card || !on || on > addCalendarDays(shopWindow.dayOf(entry, now), daysAhead)) continue;
    const key = `${product.farm.id} ${product.crop || product.id}`;
    const other = found.get(key);
    if (!other || on < other.on) found.set(key, { card, on });
  }
  return [...found.values()]
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.card.name < b.card.name ? -1 : 1))
    .slice(0, limit)
    .map(({ card }) => card);
}
