import type { Bus, Consumer } from "@almanac/events";
import { formatMarketTime, minutes, type Clock } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { isSellOutNews } from "./core/sell-out-alert.ts";
import { dayNow } from "./market-day.ts";
import { readToldSellOut, saveToldSellOut } from "./store/market-day.ts";

/**
 * After each sale at a stall tells the farm's open pages what the day will come to now, and, once a day and product unless
 * it gets much worse, that it may sell out. Both on topics that its members alone may follow.
 */
export function nowcastUpdates({ bus, clock }: { readonly bus: Bus; readonly clock: Clock }): Consumer {
  return {
    name: "planning.nowcast",
    topics: ["stall.changed"],
    async handle(fact, { tx }) {
      if (fact.topic !== "stall.changed") return;
      const { farmId, marketId, marketDay, productId } = fact.payload;
      const now = clock.now();
      const found = await dayNow(tx, now, { farmId, marketId, productId });
      const product = found?.products[0];
      // A fact of yesterday that comes late changes nothing of today.
      if (!found || !product || found.day !== marketDay) return;
      const { name, soldBase, leftBase, sellOutChance, sellsOutAt } = product;
      const { p10, p50, p90 } = product.now;
      await publishLive(tx, bus, {
        topic: `farm:${farmId}:sales`,
        type: "NOWCAST_UPDATE",
        payload: { productId, name, soldBase, leftBase, p10, p50, p90, sellOutChance },
      });
      if (!sellsOutAt || soldBase === 0 || leftBase === 0) return;
      const key = { productId, marketId, day: found.day };
      const news = { sellOutChance, sellsOutAt: sellsOutAt.getTime(), closesAt: found.closesAt.getTime() };
      if (!isSellOutNews(news, await readToldSellOut(tx, key))) return;
      await saveToldSellOut(tx, {
        farmId,
        productId,
        marketId,
        marketDay: found.day,
        sellsOutAt,
        chance: sellOutChance,
        toldAt: now,
      });
      const time = formatMarketTime(roundedToTen(sellsOutAt), found.market.timeZone).slice(-5);
      await publishLive(tx, bus, {
        topic: `farm:${farmId}:inventory`,
        type: "INVENTORY_ALERT",
        payload: {
          productId,
          name,
          availableBase: leftBase,
          text: `${name} may sell out at ${time}.`,
          sellsOutAt: sellsOutAt.toISOString(),
          chance: sellOutChance,
        },
      });
    },
  };
}

/** Nobody knows it to the minute. */
const roundedToTen = (at: Date): Date => new Date(Math.round(at.getTime() / minutes(10)) * minutes(10));
