import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, newId, type Cents, type FarmId, type ProductId, type VariantId } from "@almanac/kernel";
import { assertPriceCents, assertSellable, type VariantPricing } from "../core/prices.ts";
import { savePrice } from "../store/prices.ts";
import {
  countLiveVariants,
  countVariants,
  findVariant,
  insertVariant,
  updateVariant,
  type FarmVariant,
} from "../store/products.ts";
import type { Act } from "./act.ts";
import { changeProduct, getFarmProduct } from "./products.ts";

/** Ways to sell one product: more than this is a list nobody reads. */
export const maxVariants = 30;

export interface VariantInput extends VariantPricing {
  /** Of the variant to change; a new one without. */
  readonly variantId?: VariantId;
  readonly name: string;
  /** Shown behind the price: "kg", "bunch". */
  readonly priceUnit: string;
  readonly position?: number;
}

/**
 * Adds a way of selling a product, or changes one. A changed price goes into the history as any other.
 *
 * @throws AppError `product_not_found`, `variant_not_found`, `input_invalid`
 */
export async function saveVariant(
  tx: Transaction,
  farmId: FarmId,
  productId: ProductId,
  { variantId, unitPriceCents, ...input }: VariantInput,
  act: Act,
): Promise<VariantId> {
  const product = await getFarmProduct(tx, farmId, productId);
  assertSellable({ ...input, unitPriceCents }, product.baseUnit);
  const id = variantId ?? newId<VariantId>(act.now.getTime());
  if (variantId) {
    const variant = await getFarmVariant(tx, farmId, variantId);
    if (variant.productId !== productId) throw variantNotFound();
    await updateVariant(tx, variantId, input);
    await setPrice(tx, { farmId, variantId, unitPriceCents }, act);
  } else {
    const existing = await countVariants(tx, productId);
    if (existing >= maxVariants) {
      throw new AppError("input_invalid", `A product is sold in at most ${maxVariants} ways.`);
    }
    await insertVariant(tx, { position: existing, ...input, unitPriceCents, id, productId, status: "live" });
  }
  await changeProduct(tx, productId, {}, act);
  return id;
}

/**
 * Takes a way of selling off the list, or puts it back: past orders keep it.
 *
 * @throws AppError `variant_not_found`; `product_not_sellable` for the last one of a product on sale, which would then
 * have no price: hide the product instead
 */
export async function setVariantStatus(
  tx: Transaction,
  farmId: FarmId,
  variantId: VariantId,
  status: "live" | "archived",
  act: Act,
): Promise<void> {
  const variant = await getFarmVariant(tx, farmId, variantId);
  const { productId, productStatus } = variant;
  if (variant.status === status) return;
  if (status === "archived" && productStatus === "live" && (await countLiveVariants(tx, productId)) === 1) {
    throw new AppError("product_not_sellable", "Hide the product instead: this is the only way it is sold.");
  }
  await updateVariant(tx, variantId, { status });
  await changeProduct(tx, productId, {}, act);
}

export interface PriceSetting {
  readonly farmId: FarmId;
  readonly variantId: VariantId;
  readonly unitPriceCents: Cents;
  readonly reason?: string;
}

/**
 * Sets a list price, with its place in the history and its fact. What has never been on sale has no history yet, so that
 * no price nobody was asked can be "reduced".
 *
 * @returns the price before, to undo it with; the same one when nothing changed
 * @throws AppError `variant_not_found` when it is another farm's, `input_invalid`
 */
export async function setPrice(
  tx: Transaction,
  { farmId, variantId, unitPriceCents, reason = "" }: PriceSetting,
  act: Act,
): Promise<{ previousPriceCents: Cents }> {
  assertPriceCents(unitPriceCents);
  const variant = await getFarmVariant(tx, farmId, variantId);
  const oldPriceCents = variant.unitPriceCents;
  if (oldPriceCents === unitPriceCents) return { previousPriceCents: oldPriceCents };
  const { productId } = variant;
  if (!variant.wasListed) {
    await updateVariant(tx, variantId, { unitPriceCents });
    await changeProduct(tx, productId, {}, act);
    return { previousPriceCents: oldPriceCents };
  }
  await savePrice(tx, {
    variantId,
    oldPriceCents,
    newPriceCents: unitPriceCents,
    changedBy: act.userId,
    reason,
    changedAt: act.now,
  });
  const isOnSale = variant.productStatus === "live" && variant.status === "live";
  if (isOnSale) {
    const payload = { productId, variantId, oldPriceCents, newPriceCents: unitPriceCents };
    await publishFact(tx, { topic: "price.changed", payload }, { traceId: act.traceId });
  } else {
    await changeProduct(tx, productId, {}, act);
  }
  return { previousPriceCents: oldPriceCents };
}

/**
 * A farm's own variant, locked. Its product's row is locked first, as everywhere, so that two who change the same
 * product wait for each other instead of dying in a deadlock.
 */
async function getFarmVariant(tx: Transaction, farmId: FarmId, variantId: VariantId): Promise<FarmVariant> {
  const seen = await findVariant(tx, variantId);
  if (seen?.farmId !== farmId) throw variantNotFound();
  await getFarmProduct(tx, farmId, seen.productId);
  const variant = await findVariant(tx, variantId, { lock: true });
  if (!variant) throw variantNotFound();
  return variant;
}

function variantNotFound(): AppError {
  return new AppError("variant_not_found", "There is no such variant.");
}
