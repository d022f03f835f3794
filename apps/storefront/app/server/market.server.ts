import type { AppLoadContext } from "@remix-run/node";
import type { MarketId } from "@almanac/kernel";

type Api = AppLoadContext["api"];

const keptMs = 60_000;
let busiest: { readonly id: MarketId | undefined; readonly untilMs: number } | undefined;

/** The market of somebody who has not chosen one: where most farms sell. Counted once a minute. */
export async function busiestMarket(api: Api): Promise<MarketId | undefined> {
  const nowMs = Date.now();
  if (busiest && busiest.untilMs > nowMs) return busiest.id;
  const counts = new Map<MarketId, number>();
  for (const { stalls } of await api.farms.list())
    for (const { marketId } of stalls) counts.set(marketId, (counts.get(marketId) ?? 0) + 1);
  const [first] = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  busiest = { id: first?.[0], untilMs: nowMs + keptMs };
  return busiest.id;
}
