import type { DatabaseHandle, Transaction } from "@almanac/db";
import type { Bus, Consumer, FactPayloads } from "@almanac/events";
import { formatMarketTime, minutes, seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import type { Logger } from "@almanac/trpc";
import { isSellOutNews } from "./core/sell-out-alert.ts";
import { trailingThrottle } from "./core/trailing-throttle.ts";
import { dayNow, type DayNow, type ProductNow } from "./market-day.ts";
import { readToldSellOut, saveToldSellOut } from "./store/market-day.ts";

/** A product's news come at most so often: a busy stall sells faster than anybody reads. */
const windowMs = seconds(3);

export interface NowcastOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  /** Does something later, and gives what calls it off. Timers of the process unless told. */
  readonly later?: (afterMs: Milliseconds, action: () => void) => () => void;
}

export interface NowcastUpdates {
  /** Give it to the relay. */
  readonly consumer: Consumer;
  /** Resolves when nothing is being published. */
  idle(): Promise<void>;
  /** Calls off what waits. */
  stop(): void;
}

type Sale = FactPayloads["stall.changed"];

/**
 * After sales at a stall tells the farm's open pages what the day will come to now, and, once a day and product unless it gets
 * much worse, that it may sell out. Both on topics that its members alone may follow. The first sale of a product is told at
 * once, those of the next three seconds together after them, always from the state of that moment.
 */
export function nowcastUpdates(options: NowcastOptions): NowcastUpdates {
  const { clock, log, later = onTimer } = options;
  const throttle = trailingThrottle(windowMs);
  const called = new Set<() => void>();
  let working: Promise<void> = Promise.resolve();

  function tellSoon(sale: Sale): void {
    working = working
      .then(() => tell(options, sale))
      .catch((err: unknown) => {
        log.warn({ err, productId: sale.productId }, "a nowcast was not told");
      });
  }

  function sold(sale: Sale): void {
    const key = `${sale.marketId} ${sale.productId}`;
    const offered = throttle.offer(key, clock.now().getTime());
    if (offered.kind === "now") tellSoon(sale);
    if (offered.kind !== "later") return;
    const callOff = later(offered.afterMs, () => {
      called.delete(callOff);
      throttle.fired(key, clock.now().getTime());
      tellSoon(sale);
    });
    called.add(callOff);
  }

  return {
    consumer: {
      name: "planning.nowcast",
      topics: ["stall.changed"],
      handle(fact, { afterCommit }) {
        if (fact.topic === "stall.changed") afterCommit(() => sold(fact.payload));
        return Promise.resolve();
      },
    },
    idle: () => working,
    stop() {
      for (const callOff of called) callOff();
      called.clear();
    },
  };
}

function onTimer(afterMs: Milliseconds, action: () => void): () => void {
  const timer = setTimeout(action, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
}

async function tell({ handle, bus, clock }: NowcastOptions, sale: Sale): Promise<void> {
  const now = clock.now();
  const found = await dayNow(handle.db, now, sale);
  const product = found?.products[0];
  // A fact of yesterday that comes late changes nothing of today.
  if (!found || !product || found.day !== sale.marketDay) return;
  const { productId, name, soldBase, leftBase, sellOutChance } = product;
  const { p10, p50, p90 } = product.now;
  await handle.transaction(async (tx) => {
    await tellSellOut(tx, bus, { found, product, now, farmId: sale.farmId });
    await publishLive(tx, bus, {
      topic: `farm:${sale.farmId}:sales`,
      type: "NOWCAST_UPDATE",
      payload: { productId, name, soldBase, leftBase, p10, p50, p90, sellOutChance },
    });
  });
}

interface SellOut {
  readonly farmId: Sale["farmId"];
  readonly found: DayNow;
  readonly product: ProductNow;
  readonly now: Date;
}

async function tellSellOut(
  tx: Transaction,
  bus: Bus,
  { farmId, found, product, now }: SellOut,
): Promise<void> {
  const { productId, name, soldBase, leftBase, sellOutChance, sellsOutAt } = product;
  if (!sellsOutAt || soldBase === 0 || leftBase === 0) return;
  const key = { productId, marketId: found.market.id, day: found.day };
  const news = { sellOutChance, sellsOutAt: sellsOutAt.getTime(), closesAt: found.closesAt.getTime() };
  if (!isSellOutNews(news, await readToldSellOut(tx, key))) return;
  await saveToldSellOut(tx, {
    farmId,
    productId,
    marketId: found.market.id,
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
}

/** Nobody knows it to the minute. */
const roundedToTen = (at: Date): Date => new Date(Math.round(at.getTime() / minutes(10)) * minutes(10));
