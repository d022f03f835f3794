import type { Bus, Consumer, FactOf, FactTopic } from "@almanac/events";
import type { MarketId, ProductId } from "@almanac/kernel";
import { isUuid } from "@almanac/kernel";
import { listProductIdsOfFarm } from "./store/shop-window.ts";

/** Tells the shop windows of all processes to look again. */
export const shopChannel = "shop.changed";

/** What to look at again. */
export interface ShopChange {
  readonly productIds: readonly ProductId[] | "all";
  readonly marketIds?: readonly MarketId[];
  /** Nothing but the stock has moved. */
  readonly isStockOnly?: boolean;
}

export const shopTopics = [
  "stock.changed",
  "price.changed",
  "product.listed",
  "product.changed",
  "product.delisted",
  "farm.changed",
  "window.changed",
] as const satisfies readonly FactTopic[];

type ShopTopic = (typeof shopTopics)[number];

/**
 * Tells every process's shop window what moved, once the fact is committed. A message that gets lost is made up for
 * by the window's own look at the facts.
 */
export function shopWindowConsumer(bus: Bus): Consumer {
  return {
    name: "shop-window",
    topics: shopTopics,
    async handle(fact, { tx, afterCommit }) {
      const shopFact = fact as FactOf<ShopTopic>;
      const change =
        shopFact.topic === "farm.changed"
          ? { productIds: await listProductIdsOfFarm(tx, shopFact.payload.farmId) }
          : changeOf(shopFact);
      afterCommit(() => bus.publish(shopChannel, change));
    },
  };
}

function changeOf(fact: Exclude<FactOf<ShopTopic>, { topic: "farm.changed" }>): ShopChange {
  if (fact.topic === "window.changed") return { productIds: [], marketIds: [fact.payload.marketId] };
  return { productIds: [fact.payload.productId], isStockOnly: fact.topic === "stock.changed" };
}

/** Reads a bus message; what it cannot read asks for everything, as something has changed. */
export function parseShopChange(message: unknown): ShopChange {
  if (typeof message !== "object" || message === null || !("productIds" in message))
    return { productIds: "all" };
  const { productIds } = message;
  const marketIds = "marketIds" in message ? message.marketIds : undefined;
  if (!Array.isArray(productIds)) return { productIds: "all" };
  return {
    productIds: productIds.filter(isProductId),
    ...(Array.isArray(marketIds) && { marketIds: marketIds.filter(isMarketId) }),
    isStockOnly: "isStockOnly" in message && message.isStockOnly === true,
  };
}

function isProductId(value: unknown): value is ProductId {
  return typeof value === "string" && isUuid(value);
}

function isMarketId(value: unknown): value is MarketId {
  return typeof value === "string" && isUuid(value);
}
