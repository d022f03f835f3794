import { listLiveProducts } from "@almanac/catalog";
import type { DatabaseHandle, Transaction } from "@almanac/db";
import type { Bus, Consumer } from "@almanac/events";
import { days, marketDay, type Clock, type ProductId } from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { productSeason, seasonPhase } from "@almanac/signals";
import {
  highestFactor,
  isToldNow,
  isWorseThan,
  seasonalThreshold,
  stockAlertPriority,
  type StockAlertPriority,
} from "../core/stock-alert.ts";
import {
  findMarkedProduct,
  listMarketMornings,
  lockStockAlert,
  markTold,
  readStillExpected,
  removeOldStockAlerts,
  saveStockAlert,
  takeHeldAlerts,
  type MarkedProduct,
} from "../store/stock-alerts.ts";

export interface StockAlertDeps {
  readonly bus: Bus;
  readonly clock: Clock;
}

/**
 * Tells a farm live that a product runs low: below its mark, which moves with the season. Once a day and product, and once
 * more if it became more pressing. Out of season and while it is snoozed nothing is said; on a market morning only what is
 * urgent is, and the rest once the market is over.
 */
export function farmStockAlerts(deps: StockAlertDeps): Consumer {
  return {
    name: "advice.stock-alerts",
    topics: ["stock.changed"],
    async handle(fact, { tx }) {
      if (fact.topic !== "stock.changed") return;
      const { productId, availableBase, previousAvailableBase } = fact.payload;
      if (availableBase < previousAvailableBase) await judgeStock(tx, deps, productId);
    },
  };
}

/** Judges by the stock of this moment, not of the fact: what came back in the meantime is no news. */
async function judgeStock(
  tx: Transaction,
  { bus, clock }: StockAlertDeps,
  productId: ProductId,
): Promise<void> {
  const product = await findMarkedProduct(tx, productId);
  if (!product || product.availableBase >= product.lowStockBase * highestFactor) return;
  const now = clock.now();
  if (product.snoozedUntil && product.snoozedUntil > now) return;
  const place = await thresholdOf(tx, productId, product, now);
  if (!place || product.availableBase >= place.thresholdBase) return;
  const { day, thresholdBase } = place;
  const still = await readStillExpected(tx, { farmId: product.farmId, productId }, now);
  const expectedBase = still.get(productId)?.expectedBase;
  const priority = stockAlertPriority(product.availableBase, expectedBase);
  const known = await lockStockAlert(tx, productId, day);
  if (known && !isWorseThan(priority, known.priority)) return;
  const isNow = isToldNow(priority, now, await listMarketMornings(tx, product.farmId, now));
  const { farmId, availableBase } = product;
  await saveStockAlert(tx, {
    farmId,
    productId,
    day,
    priority,
    availableBase,
    thresholdBase,
    expectedBase: expectedBase ?? null,
    toldAt: isNow ? now : null,
    madeAt: now,
  });
  if (isNow) await tell(tx, bus, productId, product, priority);
}

async function thresholdOf(
  tx: Transaction,
  productId: ProductId,
  { lowStockBase }: MarkedProduct,
  now: Date,
) {
  const [live] = await listLiveProducts(tx, { now, productIds: [productId] });
  if (!live) return undefined;
  const day = marketDay(now, live.farm.timeZone);
  const thresholdBase = seasonalThreshold(
    lowStockBase,
    seasonPhase(productSeason(live), day, live.farm.latitude),
  );
  return thresholdBase === undefined ? undefined : { day, thresholdBase };
}

async function tell(
  tx: Transaction,
  bus: Bus,
  productId: ProductId,
  { farmId, name, availableBase, baseUnit }: MarkedProduct,
  priority: StockAlertPriority,
): Promise<void> {
  await publishLive(tx, bus, {
    topic: `farm:${farmId}:inventory`,
    type: "INVENTORY_ALERT",
    payload: { productId, name, availableBase, baseUnit, priority },
  });
}

/** At most so many are told in one go. */
const batch = 200;

/**
 * Tells what waited for the end of a market morning, if it still holds, and forgets what is a month old. Run it every few
 * minutes; several processes may.
 *
 * @returns how many were told
 */
export async function tellHeldStockAlerts({
  handle,
  bus,
  clock,
}: StockAlertDeps & { readonly handle: DatabaseHandle }): Promise<number> {
  const now = clock.now();
  await removeOldStockAlerts(handle.db, new Date(now.getTime() - days(30)));
  return handle.transaction(async (tx) => {
    let told = 0;
    for (const alert of await takeHeldAlerts(tx, batch)) {
      if (!isToldNow(alert.priority, now, await listMarketMornings(tx, alert.farmId, now))) continue;
      await markTold(tx, alert, now);
      const product = await findMarkedProduct(tx, alert.productId);
      const isSnoozed = product?.snoozedUntil && product.snoozedUntil > now;
      if (!product || isSnoozed || product.availableBase >= alert.thresholdBase) continue;
      await tell(tx, bus, alert.productId, product, alert.priority);
      told += 1;
    }
    return told;
  });
}
