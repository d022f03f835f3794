import { listLiveProducts } from "@almanac/catalog";
import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import type { Consumer } from "@almanac/events";
import { days, marketDay, type ProductId } from "@almanac/kernel";
import { availableNow } from "@almanac/orders";
import { publishLive, shopperChannel } from "@almanac/realtime";
import { productSeason, seasonPhase } from "@almanac/signals";
import { cartCover, isWorse, softHoldMs, unitsOf, waitersAfterHold, waitersToTell } from "./core/stock.ts";
import { tellShoppers, type TellOptions } from "./news/tell.ts";
import { claimWaiting, listHoldingCarts, type Waiter } from "./store/audience.ts";
import { findAlertProducts, namesOf, type AlertProduct } from "./store/products.ts";
import { takeTurn } from "./store/told.ts";
import { countTold, listAwaitedInSeason, listLapsedHolds } from "./store/waiting.ts";

export type StockAlertOptions = TellOptions;

/** Carts that were left longer ago are told nothing any more. */
const cartMemoryMs = days(30);
const everybody = 10_000;

/**
 * Tells owners of carts when what they want gets scarce or is gone, and those who wait when it is back, in the order of
 * joining, one and a half for each unit, with two hours before the next in line hear of it (ALR-02). Judges by the stock of this moment: what sold out again before it could
 * be told is not told.
 */
export function stockAlerts(options: StockAlertOptions): Consumer {
  return {
    name: "alerts.stock",
    topics: ["stock.changed"],
    async handle(fact, { tx }) {
      if (fact.topic !== "stock.changed") return;
      const { productId, previousAvailableBase } = fact.payload;
      const [product] = await findAlertProducts(tx, [productId]);
      if (!product) return;
      const availableBase = (await availableNow(tx, [productId])).get(productId) ?? 0;
      if (availableBase < previousAvailableBase)
        await warnCarts(tx, options, { product, previousAvailableBase, availableBase });
      else await welcomeBack(tx, options, { product, previousAvailableBase, availableBase });
    },
  };
}

interface StockMove {
  readonly product: AlertProduct;
  readonly previousAvailableBase: number;
  readonly availableBase: number;
}

/** Tells only who is there: that little is left is true for the moment only, and is not kept. */
async function warnCarts(
  tx: Transaction,
  { bus, clock }: StockAlertOptions,
  { product, previousAvailableBase, availableBase }: StockMove,
): Promise<void> {
  const now = clock.now();
  const since = new Date(now.getTime() - cartMemoryMs);
  for (const cart of await listHoldingCarts(tx, product.productId, { since, now })) {
    const { shopperId, variantId, quantity, unitBase, heldBase } = cart;
    // What their own checkout holds is theirs.
    const before = cartCover(previousAvailableBase + heldBase, unitBase, quantity);
    const left = availableBase + heldBase;
    if (!isWorse(before, cartCover(left, unitBase, quantity))) continue;
    await publishLive(tx, bus, {
      topic: shopperChannel(shopperId, "stock_alerts"),
      type: "STOCK_ALERT",
      payload: {
        ...namesOf(product),
        kind: "LOW_STOCK",
        variantId,
        availableQuantity: unitsOf(left, unitBase),
      },
    });
  }
}

async function welcomeBack(
  tx: Transaction,
  options: StockAlertOptions,
  { product, previousAvailableBase, availableBase }: StockMove,
): Promise<void> {
  const now = options.clock.now();
  const { productId, unitBase } = product;
  if (waitersToTell(previousAvailableBase, availableBase, unitBase) === 0) return;
  const available = unitsOf(availableBase, unitBase);
  await takeTurn(tx, `stock:${productId}`);
  const holding = await countTold(tx, { productId, since: holdsSince(now) });
  const limit = waitersToTell(previousAvailableBase, availableBase, unitBase, holding);
  await tellWaiting(tx, options, { product, available, limit });
  if (await isInSeason(tx, productId, now)) await tellInSeason(tx, options, product, available);
}

const holdsSince = (now: Date): Date => new Date(now.getTime() - softHoldMs);

/** Those who joined first, up to a limit. */
async function tellWaiting(
  tx: Transaction,
  options: StockAlertOptions,
  { product, available, limit }: { product: AlertProduct; available: number; limit: number },
): Promise<number> {
  if (limit === 0) return 0;
  const now = options.clock.now();
  const { productId } = product;
  const waiters = await claimWaiting(tx, { productId, kind: "BACK_IN_STOCK", limit, now });
  await tellBack(tx, options, { product, kind: "BACK_IN_STOCK", available, waiters });
  return waiters.length;
}

/**
 * Offers what those who were told did not buy in two hours to the next who wait. Run it every few minutes; several processes
 * may.
 *
 * @returns how many were told
 */
export async function releaseStockHolds({
  handle,
  ...options
}: StockAlertOptions & { readonly handle: DatabaseHandle }): Promise<number> {
  const since = holdsSince(options.clock.now());
  const lapsed = await findAlertProducts(handle.db, await listLapsedHolds(handle.db, since));
  let told = 0;
  for (const product of lapsed) {
    const { productId, unitBase } = product;
    told += await handle.transaction(async (tx) => {
      await takeTurn(tx, `stock:${productId}`);
      const availableBase = (await availableNow(tx, [productId])).get(productId) ?? 0;
      const holding = await countTold(tx, { productId, since });
      const limit = waitersAfterHold(availableBase, unitBase, holding);
      return tellWaiting(tx, options, { product, available: unitsOf(availableBase, unitBase), limit });
    });
  }
  return told;
}

async function tellInSeason(
  tx: Transaction,
  options: StockAlertOptions,
  product: AlertProduct,
  available: number,
): Promise<void> {
  const now = options.clock.now();
  const { productId } = product;
  const waiters = await claimWaiting(tx, { productId, kind: "BACK_IN_SEASON", limit: everybody, now });
  await tellBack(tx, options, { product, kind: "BACK_IN_SEASON", available, waiters });
}

async function tellBack(
  tx: Transaction,
  options: StockAlertOptions,
  {
    product,
    kind,
    available,
    waiters,
  }: {
    product: AlertProduct;
    kind: "BACK_IN_STOCK" | "BACK_IN_SEASON";
    available: number;
    waiters: readonly Waiter[];
  },
): Promise<void> {
  const payload = { ...namesOf(product), kind, availableQuantity: available };
  const content = { type: "STOCK_ALERT", payload } as const;
  await tellShoppers(
    tx,
    options,
    waiters.map(({ shopperId, askedMs }) => ({
      shopperId,
      topic: "stock_alerts",
      content,
      // Each asking is answered once.
      key: `${kind}-${product.productId}-${askedMs}`,
    })),
  );
}

/** The harvest is on; a product that has none is in season whenever it is there. */
async function isInSeason(db: Queryable, productId: ProductId, now: Date): Promise<boolean> {
  const [product] = await listLiveProducts(db, { now, productIds: [productId] });
  if (!product) return false;
  const day = marketDay(now, product.farm.timeZone);
  const phase = seasonPhase(productSeason(product), day, product.farm.latitude);
  return phase.kind === "undated" ? phase.inSeason : phase.kind !== "off" && phase.kind !== "coming";
}

/**
 * Tells those who wait for a season that began by the calendar alone, of products that are in stock. Run it every hour or so;
 * nobody is told twice.
 *
 * @returns of how many products
 */
export async function announceSeasons({
  handle,
  ...options
}: StockAlertOptions & { readonly handle: DatabaseHandle }): Promise<number> {
  const now = options.clock.now();
  const awaited = await findAlertProducts(handle.db, await listAwaitedInSeason(handle.db));
  const available = await availableNow(
    handle.db,
    awaited.map(({ productId }) => productId),
  );
  let told = 0;
  for (const product of awaited) {
    const units = unitsOf(available.get(product.productId) ?? 0, product.unitBase);
    if (units === 0 || !(await isInSeason(handle.db, product.productId, now))) continue;
    await handle.transaction((tx) => tellInSeason(tx, options, product, units));
    told++;
  }
  return told;
}
