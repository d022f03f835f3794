import { rows, type Queryable } from "@almanac/db";
import type { Consumer, Fact } from "@almanac/events";
import { seconds, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import { listProductIdsOfFarm } from "@almanac/signals";
import type { Logger } from "@almanac/trpc";
import { sql } from "drizzle-orm";

/** Names that one request may take: what the strictest of the caches known to us allows. */
const mostKeys = 256;
/** Facts come in bursts: what changes within it is purged together. */
const gatherMs = 50;
/**
 * After so long the same is purged once more: an answer that was made a moment before the change, or by a process that had not
 * heard of it, may have reached the cache after the first purge.
 */
const againMs = seconds(1);
const timeoutMs = seconds(5);

export interface SharedCachePurge {
  /** Give it to the relay. */
  readonly consumer: Consumer;
  /** Purges what is waiting; nothing is purged afterwards. */
  stop(): Promise<void>;
}

export interface SharedCachePurgeOptions {
  /** Where to send purges; user and password in it go as `Authorization: Basic`. */
  readonly url: string;
  readonly log: Logger;
  readonly fetch?: typeof globalThis.fetch;
  readonly shop?: PurgeShop;
}

/** What is asked of the shop as a fact left it. */
export interface PurgeShop {
  /** Base units of the smallest way in which a product is sold; `undefined` where it is sold in none. */
  smallestUnit(db: Queryable, productId: ProductId): Promise<number | undefined>;
  productsOf(db: Queryable, farmId: FarmId): Promise<readonly ProductId[]>;
}

const storedShop: PurgeShop = {
  async smallestUnit(db, productId) {
    const [found] = await rows<{ unit: number | null }>(
      db,
      sql`select min(unit_quantity_base) as unit from variants where product_id = ${productId} and status = 'live'`,
    );
    return found?.unit ?? undefined;
  },
  productsOf: listProductIdsOfFarm,
};

/**
 * Keeps a shared cache before this shop from answering with what is no longer so (API-03): as soon as a product is taken off,
 * runs out, is back, changes or costs something else, its farm changes or the order window of a market, `POST <url>` with the header
 * `Surrogate-Key: product:<id> market:<id> ...` purges every answer that names one of them there, without waiting for its `max-age`. A purge that fails is logged and lost: the answer is
 * then as old as its `max-age` allows.
 */
export function sharedCachePurge({
  url,
  log,
  fetch = globalThis.fetch,
  shop = storedShop,
}: SharedCachePurgeOptions): SharedCachePurge {
  const { address, authorization } = readAddress(url);
  const gathered = new Set<string>();
  const again = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let againTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const sending = new Set<Promise<void>>();

  function add(keys: readonly string[]): void {
    if (isStopped) return;
    for (const key of keys) gathered.add(key);
    timer ??= setTimeout(flush, gatherMs);
  }

  function flush(): void {
    timer = undefined;
    const keys = takeAll(gathered);
    purge(keys);
    for (const key of keys) again.add(key);
    againTimer ??= setTimeout(flushAgain, againMs);
  }

  function flushAgain(): void {
    againTimer = undefined;
    purge(takeAll(again));
  }

  function purge(keys: readonly string[]): void {
    for (let from = 0; from < keys.length; from += mostKeys) {
      const sent = send(keys.slice(from, from + mostKeys)).finally(() => sending.delete(sent));
      sending.add(sent);
    }
  }

  async function send(keys: readonly string[]): Promise<void> {
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "surrogate-key": keys.join(" "), ...(authorization && { authorization }) },
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok)
        log.warn({ status: response.status, names: keys.length }, "the shared cache refused a purge");
    } catch (err) {
      log.warn({ err, names: keys.length }, "the shared cache was not purged");
    }
  }

  return {
    consumer: {
      name: "shared-cache.purge",
      topics: [
        "product.delisted",
        "product.changed",
        "product.listed",
        "price.changed",
        "stock.changed",
        "farm.changed",
        "window.changed",
      ],
      async handle(fact, { tx, afterCommit }) {
        const keys = await changedNames(fact, shop, tx);
        if (keys.length > 0) afterCommit(() => add(keys));
      },
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      clearTimeout(againTimer);
      purge([...new Set([...takeAll(gathered), ...takeAll(again)])]);
      await Promise.all(sending);
    },
  };
}

/** The name of a product in `Surrogate-Key`. */
export const productKey = (productId: string): string => `product:${productId}`;

/** The name of a market in `Surrogate-Key`; of any, where an answer is of no market in particular. */
export const marketKey = (marketId: MarketId | undefined): string => `market:${marketId ?? "any"}`;

/** Stock that moves without running out or coming back changes no answer that everybody gets. */
async function changedNames(fact: Fact, shop: PurgeShop, db: Queryable): Promise<readonly string[]> {
  switch (fact.topic) {
    case "product.delisted":
    case "product.changed":
    case "product.listed":
    case "price.changed":
      return [productKey(fact.payload.productId)];
    case "stock.changed": {
      const { productId, availableBase, previousAvailableBase } = fact.payload;
      // What is left of it may be less than anybody can order.
      const least = Math.max(1, (await shop.smallestUnit(db, productId)) ?? 1);
      return availableBase >= least === previousAvailableBase >= least ? [] : [productKey(productId)];
    }
    case "farm.changed":
      return (await shop.productsOf(db, fact.payload.farmId)).map(productKey);
    case "window.changed":
      return [marketKey(fact.payload.marketId), marketKey(undefined)];
    default:
      return [];
  }
}

function takeAll(values: Set<string>): string[] {
  const taken = [...values];
  values.clear();
  return taken;
}

function readAddress(url: string): { address: string; authorization?: string } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address: url };
  address.username = "";
  address.password = "";
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: address.href, authorization: `Basic ${Buffer.from(secret).toString("base64")}` };
}
