import { isUniqueViolation, retryTransaction, type DatabaseHandle, type Transaction } from "@almanac/db";
import type { Tender } from "@almanac/db/schema";
import { appendAction, publishFact } from "@almanac/events";
import {
  AppError,
  assertSaleCents,
  formatQuantity,
  idFromName,
  marketDay as marketDayAt,
  newId,
  priceForQuantity,
  type Cents,
  type Clock,
  type EventId,
  type FarmId,
  type MarketId,
  type StallSaleId,
  type UserId,
  type VariantId,
} from "@almanac/kernel";
import {
  appendStock,
  endOverdueReservations,
  lockStock,
  marketFeeCents,
  saveStock,
  type LockedStock,
} from "@almanac/orders";
import { postingsOfSale } from "./core/money.ts";
import { findSaleByKey, insertSale, postSale, type StoredSale } from "./store/sales.ts";
import {
  findStallVariant,
  listStallMarkets,
  putAside,
  type StallMarket,
  type StallVariant,
} from "./store/stall.ts";

export interface StallDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly traceId?: string;
}

export interface SellRequest {
  readonly farmId: FarmId;
  readonly marketId: MarketId;
  readonly variantId: VariantId;
  /** Grams, millilitres or pieces, above 0. */
  readonly quantityBase: number;
  readonly tender: Tender;
  /** Chosen by whoever sells; the same key again is the same sale. */
  readonly idempotencyKey: string;
  readonly actorUserId?: UserId;
}

export interface Sold {
  readonly saleId: StallSaleId;
  readonly totalCents: Cents;
  /** What is left for walk-ins, in base units. */
  readonly availableBase: number;
  /** This key was known already and nothing was done. */
  readonly isRepeat: boolean;
}

/**
 * Sells to a walk-in at the price of the moment. Stock, sale, money, the fact "stall.changed" and the
 * action COMPLETE_PURCHASE are one transaction.
 *
 * @throws AppError `market_not_found` where the farm has no stall, `variant_not_found` also for another farm's,
 *   `stall_short` when there is less than that for walk-ins, `input_invalid` when it comes to more than a sale may, `idempotency_key_reused` for a key of another sale
 */
export async function sellAtStall(deps: StallDeps, request: SellRequest): Promise<Sold> {
  const market = (await listStallMarkets(deps.handle.db, request.farmId)).find(
    ({ id }) => id === request.marketId,
  );
  if (!market) throw new AppError("market_not_found", "The farm has no stall at this market.");
  try {
    return await retryTransaction(deps.handle, (tx) => sell(tx, deps, { request, market }));
  } catch (error) {
    // Two products with one key at the same moment: neither waited for the other's stock.
    if (isUniqueViolation(error)) throw keyReused();
    throw error;
  }
}

async function sell(
  tx: Transaction,
  { clock, traceId }: StallDeps,
  { request, market }: { request: SellRequest; market: StallMarket },
): Promise<Sold> {
  const { farmId, variantId, quantityBase } = request;
  const variant = await findStallVariant(tx, variantId);
  if (variant?.farmId !== farmId)
    throw new AppError("variant_not_found", "The farm sells nothing like this.");
  const stock = await lockStock(tx, [variant.productId]);
  const known = await findSaleByKey(tx, farmId, request.idempotencyKey);
  if (known) return repeated(known, request, availableOf(stock, variant));
  const now = clock.now();
  await endOverdueReservations(tx, stock, now);
  const marketDay = marketDayAt(now, market.timeZone);
  const { productId } = variant;
  if (availableOf(stock, variant) < quantityBase) {
    throw shortOf(variant, availableOf(stock, variant), {
      quantityBase,
      putAsideBase: await putAside(tx, { productId, marketId: market.id, marketDay }),
    });
  }
  const totalCents = priceForQuantity(variant.unitPriceCents, variant.unitPricePer, quantityBase);
  assertSaleCents(totalCents);
  const feeCents = marketFeeCents(totalCents, market.feeBasisPoints);
  const saleId = newId<StallSaleId>(now.getTime());
  const { unitPriceCents, unitPricePer } = variant;
  await insertSale(tx, {
    ...request,
    id: saleId,
    productId,
    marketDay,
    unitPriceCents,
    unitPricePer,
    totalCents,
    feeCents,
    soldAt: now,
  });
  await appendStock(
    tx,
    stock,
    [
      {
        productId,
        deltaBase: -quantityBase,
        reason: "stall_sale",
        idempotencyKey: `stall:${saleId}`,
        ...(request.actorUserId && { actorUserId: request.actorUserId }),
      },
    ],
    now,
  );
  await saveStock(tx, stock, { now, ...(traceId && { traceId }) });
  await postSale(tx, saleId, { postings: postingsOfSale({ farmId, totalCents, feeCents }), now });
  const payload = { farmId, marketId: market.id, marketDay, productId };
  await publishFact(tx, { topic: "stall.changed", payload }, { ...(traceId && { traceId }), priority: 0 });
  // Nobody's: a walk-in is not known, so no taste, arm or recommendation hangs on it.
  await appendAction(tx, {
    id: idFromName<EventId>("stall/complete-purchase", saleId),
    action: "COMPLETE_PURCHASE",
    entityType: "PRODUCT",
    entityId: productId,
    metadata: { saleId, productIds: [productId], totalCents },
    source: "stall",
    traceId: traceId ?? "",
    occurredAt: now,
  });
  return { saleId, totalCents, availableBase: availableOf(stock, variant), isRepeat: false };
}

function availableOf(stock: LockedStock, { productId }: StallVariant): number {
  const level = stock.get(productId);
  return level ? level.onHandBase - level.reservedBase : 0;
}

function repeated(known: StoredSale, request: SellRequest, availableBase: number): Sold {
  const isSame =
    known.variantId === request.variantId &&
    known.quantityBase === request.quantityBase &&
    known.tender === request.tender &&
    known.marketId === request.marketId;
  if (!isSame) throw keyReused();
  return { saleId: known.id, totalCents: known.totalCents, availableBase, isRepeat: true };
}

const keyReused = (): AppError =>
  new AppError("idempotency_key_reused", "This key came with another sale before.");

function shortOf(
  { productId, productName, baseUnit }: StallVariant,
  availableBase: number,
  { quantityBase, putAsideBase }: { quantityBase: number; putAsideBase: number },
): AppError {
  const words = (base: number): string => formatQuantity(base, baseUnit);
  const left =
    availableBase === 0
      ? "Nothing is"
      : `Only ${words(availableBase)} ${baseUnit === "piece" && availableBase !== 1 ? "are" : "is"}`;
  const aside = putAsideBase > 0 ? `; ${words(putAsideBase)} more wait for those who ordered` : "";
  return new AppError("stall_short", `${left} left of ${productName} for walk-ins${aside}.`, {
    details: { productId, availableBase, quantityBase, putAsideBase },
  });
}
