import type { Queryable, Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, newId, type BaseUnit, type FarmId, type ProductId } from "@almanac/kernel";
import { assertStatusChange, listingFact, type ProductStatus } from "../core/publishing.ts";
import { findFarm } from "../store/farms.ts";
import {
  countLiveVariants,
  findFarmProduct,
  insertProduct,
  isCategory,
  updateProduct,
  type ProductPatch,
} from "../store/products.ts";
import type { Act } from "./act.ts";

export interface ProductDraft {
  readonly name: string;
  readonly category: string;
  readonly baseUnit: BaseUnit;
  readonly description?: string;
  readonly crop?: string;
  readonly picture?: string;
  readonly isOrganic?: boolean;
  readonly snapEligible?: boolean;
  readonly isReplenishable?: boolean;
  readonly storageTips?: string;
  readonly lowStockBase?: number;
  /** Days that it keeps after the harvest; `null` where nobody can say. */
  readonly shelfLifeDays?: number | null;
}

/**
 * Writes a draft, which nobody but its farm sees.
 *
 * @throws AppError `farm_not_found`, `input_invalid` for a category that there is not
 */
export async function createProduct(
  tx: Transaction,
  farmId: FarmId,
  draft: ProductDraft,
  { now }: Act,
): Promise<{ productId: ProductId; slug: string }> {
  const farm = await findFarm(tx, { id: farmId });
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  await assertCategory(tx, draft.category);
  const productId = newId<ProductId>(now.getTime());
  const slug = await insertProduct(
    tx,
    { picture: "basket", ...draft, id: productId, farmId, createdAt: now, updatedAt: now },
    farm.name,
  );
  return { productId, slug };
}

/** What may be edited. The base unit may not: the stock ledger counts in it. The slug stays, as addresses were shared. */
export type ProductEdit = Partial<Omit<ProductDraft, "baseUnit">>;

/** @throws AppError `product_not_found`, `input_invalid` */
export async function editProduct(
  tx: Transaction,
  farmId: FarmId,
  productId: ProductId,
  edit: ProductEdit,
  act: Act,
): Promise<void> {
  await getFarmProduct(tx, farmId, productId);
  if (edit.category !== undefined) await assertCategory(tx, edit.category);
  await changeProduct(tx, productId, edit, act);
}

/**
 * Moves a product between draft, live, hidden and archived; every move can be made back. Followers hear of a product
 * once in its life, when it goes live for the first time.
 *
 * @returns what it was, to undo it with
 * @throws AppError `product_not_found`, `product_not_sellable`, `input_invalid`
 */
export async function setProductStatus(
  tx: Transaction,
  farmId: FarmId,
  productId: ProductId,
  status: ProductStatus,
  { now, traceId }: Act,
): Promise<{ previousStatus: ProductStatus }> {
  const product = await getFarmProduct(tx, farmId, productId);
  const wasListed = product.listedAt !== null;
  if (product.status === status) return { previousStatus: status };
  assertStatusChange(status, { wasListed, liveVariants: await countLiveVariants(tx, productId) });
  const listedAt = product.listedAt ?? (status === "live" ? now : null);
  await updateProduct(tx, productId, { status, listedAt, updatedAt: now });
  const topic = listingFact(product.status, status, wasListed);
  if (topic === "product.listed")
    await publishFact(tx, { topic, payload: { productId, farmId } }, { traceId });
  else if (topic) await publishFact(tx, { topic, payload: { productId } }, { traceId });
  return { previousStatus: product.status };
}

/** Puts a product on sale. */
export async function publishProduct(
  tx: Transaction,
  farmId: FarmId,
  productId: ProductId,
  act: Act,
): Promise<void> {
  await setProductStatus(tx, farmId, productId, "live", act);
}

/** A farm's own product, locked until the transaction ends. To every other farm it does not exist. */
export async function getFarmProduct(tx: Transaction, farmId: FarmId, productId: ProductId) {
  const product = await findFarmProduct(tx, farmId, productId, { lock: true });
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  return product;
}

/** Saves and says so. */
export async function changeProduct(
  tx: Transaction,
  productId: ProductId,
  patch: ProductPatch,
  { now, traceId }: Act,
): Promise<void> {
  await updateProduct(tx, productId, { ...patch, updatedAt: now });
  await publishFact(tx, { topic: "product.changed", payload: { productId } }, { traceId });
}

async function assertCategory(db: Queryable, category: string): Promise<void> {
  if (await isCategory(db, category)) return;
  throw new AppError("input_invalid", "There is no such category.", { details: { field: "category" } });
}
