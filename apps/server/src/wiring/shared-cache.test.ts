import type { ConsumerContext, Fact } from "@almanac/events";
import { idFromName, type MarketId, type ProductId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { productKey, sharedCachePurge } from "./shared-cache.ts";

interface Sent {
  readonly url: string;
  readonly keys: readonly string[];
  readonly authorization: string | undefined;
}

const idOf = (name: string) => idFromName<ProductId>("shared-cache", name);
const delisted = (name: string): Fact => ({ topic: "product.delisted", payload: { productId: idOf(name) } });
const stock = (name: string, previousAvailableBase: number, availableBase: number): Fact => ({
  topic: "stock.changed",
  payload: { productId: idOf(name), availableBase, previousAvailableBase },
});
const keysOf = (...names: string[]) => names.map((name) => productKey(idOf(name)));

describe("a shared cache before the shop", () => {
  let sent: Sent[];
  let refuses: boolean;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    refuses = false;
  });
  afterEach(() => vi.useRealTimers());

  const purgeAt = (url = "https://cache.example/purge") =>
    sharedCachePurge({
      url,
      log: silentLogger,
      shop: {
        smallestUnit: (_db, productId) => Promise.resolve(productId === idOf("tomato") ? 750 : undefined),
        productsOf: () => Promise.resolve([idOf("gouda"), idOf("brie")]),
      },
      fetch: (address, init) => {
        const headers = new Headers(init?.headers);
        sent.push({
          url: address instanceof Request ? address.url : address.toString(),
          keys: headers.get("surrogate-key")?.split(" ") ?? [],
          authorization: headers.get("authorization") ?? undefined,
        });
        return refuses ? Promise.reject(new Error("away")) : Promise.resolve(new Response("ok"));
      },
    });
  /** Hands facts over as the relay does, after their transaction. */
  const happen = async ({ consumer }: ReturnType<typeof purgeAt>, ...facts: Fact[]) => {
    const committed: (() => void | Promise<void>)[] = [];
    const context = {
      afterCommit: (act: () => void | Promise<void>) => committed.push(act),
    } as Pick<ConsumerContext, "afterCommit"> as ConsumerContext;
    for (const fact of facts) await consumer.handle(fact, context);
    for (const act of committed) await act();
  };

  it("is told at once what was taken off, together, and once more for answers that were on their way", async () => {
    const purge = purgeAt();
    await happen(purge, delisted("plum"), delisted("leek"), delisted("plum"));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ keys }) => keys)).toEqual([keysOf("plum", "leek")]);
    await vi.advanceTimersByTimeAsync(1_900);
    expect(sent.map(({ keys }) => keys)).toEqual([keysOf("plum", "leek"), keysOf("plum", "leek")]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(2);
  });

  it("is told of what runs out or is back, and not of stock that only moves", async () => {
    const purge = purgeAt();
    await happen(purge, stock("plum", 5, 0), stock("leek", 0, 5), stock("kale", 5, 3));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ keys }) => keys)).toEqual([keysOf("plum", "leek")]);
  });

  it("is told of what is left in less than anybody can order", async () => {
    const purge = purgeAt();
    await happen(purge, stock("tomato", 3_000, 800), stock("kale", 5, 60));
    await happen(purge, stock("tomato", 800, 60));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ keys }) => keys)).toEqual([keysOf("tomato")]);
  });

  it("is told of all that a farm sells when the farm changes, and of a market's answers when its orders do", async () => {
    const purge = purgeAt();
    const marketId = idFromName<MarketId>("shared-cache", "riverside");
    await happen(purge, { topic: "farm.changed", payload: { farmId: idFromName("shared-cache", "whey") } });
    await happen(purge, { topic: "window.changed", payload: { marketId } });
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ keys }) => keys)).toEqual([
      [...keysOf("gouda", "brie"), `market:${marketId}`, "market:any"],
    ]);
  });

  it("is told of many in several requests", async () => {
    const purge = purgeAt();
    await happen(purge, ...Array.from({ length: 300 }, (_, n) => delisted(String(n))));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ keys }) => keys.length)).toEqual([256, 44]);
  });

  it("gets user and password of the address as a header, and not in the address", async () => {
    const purge = purgeAt("https://us:pa%20ss@cache.example/purge");
    await happen(purge, delisted("plum"));
    await purge.stop();
    expect(sent).toMatchObject([
      { url: "https://cache.example/purge", authorization: `Basic ${btoa("us:pa ss")}` },
    ]);
  });

  it("that is away holds nothing up; what waits is told at the end, and nothing later", async () => {
    refuses = true;
    const purge = purgeAt();
    await happen(purge, delisted("plum"));
    await purge.stop();
    expect(sent.map(({ keys }) => keys)).toEqual([keysOf("plum")]);
    await happen(purge, delisted("leek"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });
});
