import { findVariant, listPriceChanges } from "@almanac/catalog";
import type { Bus, Consumer } from "@almanac/events";
import { days, type Clock } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { priceDropNews, priceHistoryMs } from "./core/price-drop.ts";
import { tellShoppers } from "./news/tell.ts";
import { listInterested } from "./store/audience.ts";
import { findAlertProducts, namesOf } from "./store/products.ts";

/** Who looked at a product so long ago has forgotten it. */
const viewMemoryMs = days(14);

/**
 * Tells of genuine price drops: to those who wish for the product, follow its farm or looked at it lately, on their own part
 * of `personalized` with the reason in `because`, for whom it is kept, and on the topic `price_drops`, for whoever is there.
 * Both carry one `alertId`, so that a page that follows both topics says it once. A price that rose again meanwhile is not
 * told.
 */
export function priceDropAlerts({ bus, clock }: { bus: Bus; clock: Clock }): Consumer {
  return {
    name: "alerts.price-drops",
    topics: ["price.changed"],
    async handle(fact, { tx, seq }) {
      if (fact.topic !== "price.changed" || fact.payload.newPriceCents >= fact.payload.oldPriceCents) return;
      const { productId, variantId, oldPriceCents, newPriceCents } = fact.payload;
      const now = clock.now();
      const since = new Date(now.getTime() - priceHistoryMs);
      const changes = (await listPriceChanges(tx, { since, variantIds: [variantId] })).get(variantId) ?? [];
      const change = changes.findLast(
        (candidate) => candidate.oldPriceCents === oldPriceCents && candidate.newPriceCents === newPriceCents,
      );
      const news = change && priceDropNews(changes, change);
      if (!news) return;
      const [product] = await findAlertProducts(tx, [productId]);
      const variant = await findVariant(tx, variantId);
      // Raised again before it could be told.
      if (!product || variant?.status !== "live" || variant.unitPriceCents > newPriceCents) return;
      const interested = await listInterested(tx, {
        productId,
        farmId: product.farmId,
        since: new Date(now.getTime() - viewMemoryMs),
      });
      const alertId = `price-drop-${seq}`;
      const payload = { ...namesOf(product), ...news, pricePer: variant.priceUnit, alertId };
      await tellShoppers(
        tx,
        { bus, clock },
        interested.map(({ shopperId, because }) => ({
          shopperId,
          topic: "personalized",
          content: { type: "PRICE_DROP_ALERT", payload: { ...payload, because } },
          key: alertId,
        })),
      );
      await publishLive(tx, bus, { topic: "price_drops", type: "PRICE_DROP_ALERT", payload });
    },
  };
}
