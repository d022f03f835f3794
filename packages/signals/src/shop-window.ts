import { setImmediate } from "node:timers/promises";
import { listLiveProducts, listMarkets, nextOpenWindows, pageLiveProducts } from "@almanac/catalog";
import type { LiveProduct, Market, NextWindow } from "@almanac/catalog";
import type { Database, DatabaseHandle } from "@almanac/db";
import { commitGroup } from "@almanac/events";
import type { Bus } from "@almanac/events";
import { seconds } from "@almanac/kernel";
import type { CalendarDay, Clock, GeoPoint, MarketId, Milliseconds, ProductId } from "@almanac/kernel";
import { availableNow, readRatingAverages } from "@almanac/orders";
import type { Logger } from "@almanac/trpc";
import { createCardBook } from "./core/card-book.ts";
import { createDayBook } from "./core/day-book.ts";
import type { ProductCard } from "./core/product-card.ts";
import { createSeasonBook } from "./core/product-season.ts";
import { createShopState } from "./core/shop-state.ts";
import type { ShopEntry } from "./core/shop-entry.ts";
import { popularityOf } from "./core/trend.ts";
import { createFactReader } from "./fact-reader.ts";
import { createNotedChanges, type NotedChanges } from "./noted-changes.ts";
import { parseShopChange, shopChannel } from "./shop-changes.ts";
import type { ShopChange } from "./shop-changes.ts";
import { pricesKey, readLiveChecks, type LiveCheck } from "./store/shop-window.ts";
import { readTrends } from "./store/trends.ts";

export interface CardOptions {
  readonly now: Date;
  /** For distances. */
  readonly location?: GeoPoint;
  /** Where the shopper picks up: what is not sold there is shown as not available. */
  readonly marketId?: MarketId;
}

/** What a card has to be true at. */
export interface CheckedCardOptions extends CardOptions {
  /**
   * The moment of `changes` at which the question came: what was told of a later one is true enough to answer it. Absent for the
   * moment of the call.
   */
  readonly since?: number;
}

/** A market with the window that orders go to. */
export interface ShopMarket {
  readonly market: Market;
  /** The open window, else the next one; absent when none is planned. As of the last minute. */
  readonly window?: NextWindow;
}

export interface ShopWindowChange {
  readonly productIds: readonly ProductId[] | "all";
}

export interface ShopWindowSettings {
  /** How often to look for changes unasked. */
  readonly pollMs: Milliseconds;
  /** Popularity, ratings and order windows are read again with every so manieth look. */
  readonly trendEvery: number;
  /** Everything is read again with every so manieth look: prices drop out of "reduced" by time alone. */
  readonly reloadEvery: number;
  /** Of many products that moved, listeners are told of so many in one turn. */
  readonly announcedAtOnce: number;
}

export const defaultShopWindowSettings: ShopWindowSettings = {
  pollMs: seconds(3),
  trendEvery: 20,
  reloadEvery: 300,
  announcedAtOnce: 200,
};

export interface ShopWindowOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings?: Partial<ShopWindowSettings>;
}

/** Everything on sale, in memory. What it answers is as of a moment ago; before showing, ask `checkedCards`. */
export interface ShopWindow {
  /** Milliseconds since it last knew that it had all changes; `undefined` before it was loaded. */
  sinceLookMs(): Milliseconds | undefined;
  /** Reads everything and starts to follow changes. A second call reads everything again. */
  load(): Promise<void>;
  /** Grows with every change. */
  readonly version: number;
  readonly size: number;
  find(productId: string): ShopEntry | undefined;
  /** By product id. */
  all(): readonly ShopEntry[];
  findMarket(marketId: string): ShopMarket | undefined;
  markets(): readonly ShopMarket[];
  /** The calendar day at a product's market. */
  dayOf(entry: ShopEntry, now: Date): CalendarDay;
  /** `undefined` for what is not on sale. */
  card(productId: ProductId, options: CardOptions): ProductCard | undefined;
  /** In the order of the ids; what is not on sale is left out. */
  cards(productIds: readonly ProductId[], options: CardOptions): ProductCard[];
  /**
   * Cards as they are true this very moment: sold-out products say so, prices are today's, and what is no longer on sale is left
   * out. One short question, shared with all who ask at the same moment, tells what changed; only that is read. What the window had
   * wrong it learns on the way.
   */
  checkedCards(
    db: Database,
    productIds: readonly ProductId[],
    options: CheckedCardOptions,
  ): Promise<ProductCard[]>;
  /** What the database says has changed. */
  readonly changes: NotedChanges;
  /** Whether at least one unit of some variant can be had. */
  isAvailable(productId: ProductId): boolean;
  /** @returns ends the listening */
  listen(listener: (change: ShopWindowChange) => void): () => void;
  /** Reads these again; done when it is visible here. */
  refresh(productIds: readonly ProductId[]): Promise<void>;
  /** Looks for changes that no message told of. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** Products of some eight lists: from there on a larger statement saves little, and the first of them waits for the last. */
const maxProductsOfCheck = 160;

export function createShopWindow({ handle, bus, clock, log, ...options }: ShopWindowOptions): ShopWindow {
  const { db } = handle;
  const settings = { ...defaultShopWindowSettings, ...options.settings };
  const seasons = createSeasonBook();
  const dayBook = createDayBook();
  const cardIn = createCardBook();
  const state = createShopState(seasons);
  const facts = createFactReader();
  const listeners = new Set<(change: ShopWindowChange) => void>();
  let shopMarkets = new Map<string, ShopMarket>();
  let version = 0;
  let pending = noChange();
  let work: Promise<void> | undefined;
  let isAllWanted = false;
  let reloading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopListening: (() => void) | undefined;
  let looks = 0;
  let lookedAtMs: number | undefined;

  const changes = createNotedChanges({ db });
  const checked = changes.remember<ProductId, LiveCheck>("product");
  /** The product with which what was checked was found to agree. */
  const compared = new WeakMap<LiveCheck, LiveProduct>();

  // Lists that are asked for while another is being checked are checked together, by a statement that begins after they asked.
  const liveChecks = commitGroup<readonly ProductId[], ReadonlyMap<ProductId, LiveCheck>>(
    async (lists) => {
      const found = await readLiveChecks(db, [...new Set(lists.flat())]);
      return lists.map(() => found);
    },
    {
      maxWeight: maxProductsOfCheck,
      weightOf: (productIds) => productIds.length,
      // One connection is all that the embedded database has.
      maxGroups: handle.driver === "postgres" ? 4 : 1,
    },
  );

  const agrees = (id: ProductId, check: LiveCheck): boolean => {
    const entry = state.find(id);
    if (!entry) return true;
    if (!check.isLive || check.availableBase !== entry.availableBase) return false;
    if (compared.get(check) === entry.product) return true;
    if (check.prices !== pricesKey(entry.product.variants)) return false;
    compared.set(check, entry.product);
    return true;
  };

  /**
   * Of which of them it is not known what is true since a moment. What is remembered of a product holds until it is told of a
   * change; where the window says something else, one of the two is behind.
   */
  const unknownOf = async (
    productIds: readonly ProductId[],
    since: number | undefined,
  ): Promise<ProductId[]> => {
    await changes.catchUp(since);
    return productIds.filter((id) => {
      const check = checked.get(id);
      return check === undefined || !agrees(id, check);
    });
  };

  const announce = (productIds: readonly ProductId[] | "all"): void => {
    if (productIds !== "all" && productIds.length === 0) return;
    version++;
    for (const listener of listeners) {
      try {
        listener({ productIds });
      } catch (err) {
        log.error({ err }, "a listener of the shop window failed");
      }
    }
  };

  /** @returns whether a market or its window is another than before */
  const readMarkets = async (now: Date): Promise<boolean> => {
    const found = await listMarkets(db);
    const windows = await nextOpenWindows(
      db,
      found.map((market) => market.id),
      now,
    );
    const before = JSON.stringify([...shopMarkets]);
    shopMarkets = new Map(
      found.map((market) => {
        const window = windows.get(market.id);
        return [market.id, { market, ...(window && { window }) }];
      }),
    );
    return JSON.stringify([...shopMarkets]) !== before;
  };

  /** Page by page, with a turn for others after each; readers see what was before until all was read. */
  const readAll = async (): Promise<void> => {
    const isFirst = state.size === 0;
    const now = clock.now();
    if (isFirst) await readMarkets(now);
    const popularity = isFirst ? popularityOf(await readTrends(db, now)) : undefined;
    const moved = await state.readAnew(async (add) => {
      for await (const page of pageLiveProducts(db, { now })) {
        const ids = page.map(({ id }) => id);
        const available = await availableNow(db, ids);
        const ratings = await readRatingAverages(db, ids);
        add(page, { available, ratings, ...(popularity && { popularity }) });
        await setImmediate();
      }
    });
    if (isFirst) return announce("all");
    await announceInTurns(moved);
    await readTrendsAndRatings();
  };

  /** With a turn for others between. */
  const announceInTurns = async (moved: readonly ProductId[]): Promise<void> => {
    for (let at = 0; at < moved.length; at += settings.announcedAtOnce) {
      announce(moved.slice(at, at + settings.announcedAtOnce));
      await setImmediate();
    }
  };

  const readProducts = async (productIds: readonly ProductId[]): Promise<void> => {
    if (productIds.length === 0) return;
    const [products, available, ratings] = await Promise.all([
      listLiveProducts(db, { now: clock.now(), productIds }),
      availableNow(db, productIds),
      readRatingAverages(db, productIds),
    ]);
    announce(state.replace(productIds, products, { available, ratings }));
  };

  const readStock = async (productIds: readonly ProductId[]): Promise<void> => {
    if (productIds.length > 0) announce(state.setAvailable(await availableNow(db, productIds)));
  };

  const readTrendsAndRatings = async (): Promise<void> => {
    const now = clock.now();
    const isMarketChanged = await readMarkets(now);
    const popularity = popularityOf(await readTrends(db, now));
    const moved = state.setPopularity(popularity, await readRatingAverages(db));
    if (isMarketChanged) announce("all");
    else await announceInTurns(moved);
  };

  const isAnythingPending = (): boolean =>
    pending.isMarkets || pending.products.size + pending.stock.size > 0;

  const readPending = async (): Promise<void> => {
    while (isAnythingPending()) {
      const wanted = pending;
      pending = noChange();
      try {
        await readProducts([...wanted.products]);
        await readStock([...wanted.stock].filter((id) => !wanted.products.has(id)));
        if (wanted.isMarkets && (await readMarkets(clock.now()))) announce("all");
      } catch (error) {
        // Read again with the next look, as nobody will repeat the message.
        joinPending(pending, wanted);
        throw error;
      }
    }
  };

  /** One reader at a time: what is asked for meanwhile is read next, so that the last read is always the latest. */
  const flush = (): Promise<void> => {
    // Forgotten in a later turn: reading nothing ends at once, before it could be remembered.
    work ??= readPending()
      .finally(() => {
        work = undefined;
      })
      // Something may have been asked for in between; after a failure it waits for the next look.
      .then(() => (isAnythingPending() ? flush() : undefined));
    return work;
  };

  const readAllOnce = async (): Promise<void> => {
    isAllWanted = false;
    try {
      await readAll();
    } catch (error) {
      // Read again with the next look.
      isAllWanted = true;
      throw error;
    }
  };

  /** Reads everything, beside the reading of single products, with which nobody should have to wait. */
  const reload = (): Promise<void> => {
    reloading ??= readAllOnce()
      .finally(() => {
        reloading = undefined;
      })
      // It was asked for once more, by whoever knows of something that was read before it changed.
      .then(() => (isAllWanted ? reload() : undefined));
    return reloading;
  };

  const ask = ({ productIds, marketIds = [], isStockOnly = false }: ShopChange): void => {
    if (productIds === "all") isAllWanted = true;
    else for (const id of productIds) (isStockOnly ? pending.stock : pending.products).add(id);
    if (marketIds.length > 0) pending.isMarkets = true;
  };

  const quietly = (reading: Promise<void>): void => {
    reading.catch((err: unknown) =>
      log.warn({ err }, "the shop window could not be refreshed; it will be tried again"),
    );
  };

  /** Looks at the facts, and reads what they tell of. @returns whether that was too much to tell: then all is to be read */
  const readFacts = async (): Promise<boolean> => {
    const told = await facts.read(db);
    for (const change of told) ask(change);
    await flush();
    return told.some(({ productIds }) => productIds === "all");
  };

  const catchUp = async (): Promise<void> => {
    await readFacts();
    if (isAllWanted || reloading) await reload();
    lookedAtMs = performance.now();
  };

  const load = async (): Promise<void> => {
    isAllWanted = true;
    if (lookedAtMs === undefined) await facts.skip(db);
    await reload();
    await flush();
    lookedAtMs = performance.now();
  };

  const look = async (): Promise<void> => {
    if (lookedAtMs === undefined) {
      // The first reading failed, or is under way.
      if (isAllWanted && !reloading) await load();
      return;
    }
    looks++;
    if (looks % settings.reloadEvery === 0) isAllWanted = true;
    else if (looks % settings.trendEvery === 0 && !reloading) await readTrendsAndRatings();
    if (await readFacts()) await reload();
    else if (isAllWanted) quietly(reload());
    lookedAtMs = performance.now();
  };

  const startFollowing = (): void => {
    stopListening ??= bus.subscribe(shopChannel, (message) => {
      ask(parseShopChange(message));
      quietly(flush());
      if (isAllWanted) quietly(reload());
    });
    if (timer) return;
    let isLooking = false;
    timer = setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      look()
        .catch((err: unknown) => log.warn({ err }, "the shop window could not look for changes"))
        .finally(() => {
          isLooking = false;
        });
    }, settings.pollMs);
    timer.unref();
  };

  const dayOf = ({ product }: ShopEntry, now: Date): CalendarDay => dayBook.dayAt(now, product.farm.timeZone);

  const cardOf = (entry: ShopEntry, { now, location, marketId }: CardOptions): ProductCard => {
    const { farm } = entry.product;
    const day = dayOf(entry, now);
    return cardIn(entry, {
      day,
      isSoldHere: marketId === undefined || farm.marketIds.includes(marketId),
      season: () => seasons.summary(entry.season, day, farm.latitude),
      ...(location && { location }),
    });
  };

  const card = (productId: ProductId, cardOptions: CardOptions): ProductCard | undefined => {
    const entry = state.find(productId);
    return entry && cardOf(entry, cardOptions);
  };
  const cards = (productIds: readonly ProductId[], cardOptions: CardOptions): ProductCard[] =>
    productIds.flatMap((id) => card(id, cardOptions) ?? []);

  return {
    load() {
      startFollowing();
      return load();
    },
    sinceLookMs: () => (lookedAtMs === undefined ? undefined : performance.now() - lookedAtMs),
    get version() {
      return version;
    },
    get size() {
      return state.size;
    },
    find: (productId) => state.find(productId),
    all: () => state.all(),
    findMarket: (marketId) => shopMarkets.get(marketId),
    markets: () => [...shopMarkets.values()],
    dayOf,
    card,
    cards,
    changes,
    async checkedCards(queryable, productIds, cardOptions) {
      if (productIds.length === 0) return [];
      // Within a transaction the answer is the transaction's.
      const isWithin = queryable !== db;
      const unknown = isWithin ? productIds : await unknownOf(productIds, cardOptions.since);
      if (unknown.length === 0) return cards(productIds, cardOptions);
      const checks = isWithin
        ? await readLiveChecks(queryable, unknown)
        : await checked.fill(unknown, () => liveChecks.add(unknown));
      const moved = unknown.filter((id) => {
        const check = checks.get(id);
        const entry = state.find(id);
        return entry && !(check?.isLive && check.prices === pricesKey(entry.product.variants));
      });
      if (moved.length > 0) {
        ask({ productIds: moved });
        await flush();
      }
      const available = unknown.flatMap((id) => {
        const check = checks.get(id);
        return check ? [[id, check.availableBase] as const] : [];
      });
      announce(state.setAvailable(new Map(available)));
      const gone = new Set(unknown.filter((id) => !checks.get(id)?.isLive));
      return cards(
        productIds.filter((id) => !gone.has(id)),
        cardOptions,
      );
    },
    isAvailable: (productId) => state.isAvailable(productId),
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async refresh(productIds) {
      ask({ productIds });
      await flush();
    },
    catchUp,
    async close() {
      clearInterval(timer);
      timer = undefined;
      stopListening?.();
      stopListening = undefined;
      await Promise.allSettled([work, reloading]);
      listeners.clear();
    },
  };
}

interface PendingChange {
  isMarkets: boolean;
  readonly products: Set<ProductId>;
  readonly stock: Set<ProductId>;
}

function noChange(): PendingChange {
  return { isMarkets: false, products: new Set(), stock: new Set() };
}

function joinPending(into: PendingChange, from: PendingChange): void {
  into.isMarkets ||= from.isMarkets;
  for (const id of from.products) into.products.add(id);
  for (const id of from.stock) into.stock.add(id);
}
