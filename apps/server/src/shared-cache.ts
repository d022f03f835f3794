import type { Consumer, Fact } from "@almanac/events";
import { seconds, type ProductId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";

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
}

/**
 * Keeps a shared cache before this shop from answering with what is no longer so (API-03): as soon as a product is taken off,
 * runs out, is back, changes or costs something else, `POST <url>` with the header `Surrogate-Key: product:<id> ...` purges
 * every answer that names it there, without waiting for its `max-age`. A purge that fails is logged and lost: the answer is
 * then as old as its `max-age` allows.
 */
export function sharedCachePurge({
  url,
  log,
  fetch = globalThis.fetch,
}: SharedCachePurgeOptions): SharedCachePurge {
  const { address, authorization } = readAddress(url);
  const gathered = new Set<ProductId>();
  const again = new Set<ProductId>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let againTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const sending = new Set<Promise<void>>();

  function add(productId: ProductId): void {
    if (isStopped) return;
    gathered.add(productId);
    timer ??= setTimeout(flush, gatherMs);
  }

  function flush(): void {
    timer = undefined;
    const ids = takeAll(gathered);
    purge(ids);
    for (const id of ids) again.add(id);
    againTimer ??= setTimeout(flushAgain, againMs);
  }

  function flushAgain(): void {
    againTimer = undefined;
    purge(takeAll(again));
  }

  function purge(ids: readonly ProductId[]): void {
    for (let from = 0; from < ids.length; from += mostKeys) {
      const sent = send(ids.slice(from, from + mostKeys)).finally(() => sending.delete(sent));
      sending.add(sent);
    }
  }

  async function send(ids: readonly ProductId[]): Promise<void> {
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "surrogate-key": ids.map(productKey).join(" "), ...(authorization && { authorization }) },
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok)
        log.warn({ status: response.status, products: ids.length }, "the shared cache refused a purge");
    } catch (err) {
      log.warn({ err, products: ids.length }, "the shared cache was not purged");
    }
  }

  return {
    consumer: {
      name: "shared-cache.purge",
      topics: ["product.delisted", "product.changed", "product.listed", "price.changed", "stock.changed"],
      handle(fact, { afterCommit }) {
        const productId = changedProduct(fact);
        if (productId) afterCommit(() => add(productId));
        return Promise.resolve();
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

/** Stock that moves without running out or coming back changes no answer that everybody gets. */
function changedProduct(fact: Fact): ProductId | undefined {
  switch (fact.topic) {
    case "product.delisted":
    case "product.changed":
    case "product.listed":
    case "price.changed":
      return fact.payload.productId;
    case "stock.changed": {
      const { productId, availableBase, previousAvailableBase } = fact.payload;
      return availableBase > 0 !== previousAvailableBase > 0 ? productId : undefined;
    }
    default:
      return undefined;
  }
}

function takeAll<Value>(values: Set<Value>): Value[] {
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
