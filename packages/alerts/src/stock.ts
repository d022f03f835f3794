import { listLiveProducts } from "@almanac/catalog";
import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import type { Bus, Consumer } from "@almanac/events";
import { days, marketDay, type Clock, type ProductId, type ShopperId } from "@almanac/kernel";
import { availableNow } from "@almanac/orders";
import { publishLive, shopperChannel } from "@almanac/realtime";
import { productSeason, seasonPhase } from "@almanac/signals";
import { cartCover, isWorse, unitsOf, waitersToTell } from "./core/stock.ts";
import { claimWaiting, listHoldingCarts } from "./store/audience.ts";
import { findAlertProducts, namesOf, type AlertProduct } from "./store/products.ts";
import { listAwaitedInSeason } from "./store/waiting.ts";

export interface StockAlertOptions {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** Carts that were left longer ago are told nothing any more. */
const cartMemoryMs = days(30);
const everybody = 10_000;

/**
 * Tells owners of carts when what they want gets scarce or is gone, and those who wait when it is back, in the order of
 * joining, one and a half for each unit (ALR-02). Judges by the stock of this moment: what sold out again before it could
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
  const limit = waitersToTell(previousAvailableBase, availableBase, unitBase);
  if (limit === 0) return;
  const available = unitsOf(availableBase, unitBase);
  const waiting = await claimWaiting(tx, { productId, kind: "BACK_IN_STOCK", limit, now });
  await tellBack(tx, options, { product, kind: "BACK_IN_STOCK", available, shopperIds: waiting });
  if (await isInSeason(tx, productId, now)) await tellInSeason(tx, options, product, available);
}

async function tellInSeason(
  tx: Transaction,
  options: StockAlertOptions,
  product: AlertProduct,
  available: number,
): Promise<void> {
  const now = options.clock.now();
  const { productId } = product;
  const shopperIds = await claimWaiting(tx, { productId, kind: "BACK_IN_SEASON", limit: everybody, now });
  await tellBack(tx, options, { product, kind: "BACK_IN_SEASON", available, shopperIds });
}

async function tellBack(
  tx: Transaction,
  { bus }: StockAlertOptions,
  {
    product,
    kind,
    available,
    shopperIds,
  }: {
    product: AlertProduct;
    kind: "BACK_IN_STOCK" | "BACK_IN_SEASON";
    available: number;
    shopperIds: readonly ShopperId[];
  },
): Promise<void> {
  for (const shopperId of shopperIds) {
    await publishLive(tx, bus, {
      topic: shopperChannel(shopperId, "stock_alerts"),
      type: "STOCK_ALERT",
      payload: { ...namesOf(product), kind, availableQuantity: available },
    });
  }
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
