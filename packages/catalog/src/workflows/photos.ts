import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { newId, type FarmId, type Id, type ProductId } from "@almanac/kernel";
import { updateFarm } from "../store/farms.ts";
import { insertImage, type StoredImage } from "../store/images.ts";
import type { ImageInfo } from "../core/things.ts";
import type { Act } from "./act.ts";
import { changeProduct, getFarmProduct } from "./products.ts";

/** Where a photo is shown: at a product, or without one at the farm itself. */
export interface PhotoPlace {
  readonly farmId: FarmId;
  readonly productId?: ProductId;
}

/**
 * Stores a prepared photo and shows it. The one before stays until `deleteUnusedImages`, since pages that are open still
 * name it.
 *
 * @throws AppError `product_not_found`
 */
export async function showPhoto(
  tx: Transaction,
  place: PhotoPlace,
  photo: StoredImage,
  act: Act,
): Promise<ImageInfo> {
  if (place.productId) await getFarmProduct(tx, place.farmId, place.productId);
  const id = newId<Id<"image">>(act.now.getTime());
  await insertImage(tx, id, place.farmId, photo, act.now);
  await setPhoto(tx, place, id, act);
  const { width, height, tint, files } = photo;
  return { id, width, height, tint, widths: files.map((file) => file.width) };
}

/** Shows the drawn picture again. */
export async function removePhoto(tx: Transaction, place: PhotoPlace, act: Act): Promise<void> {
  if (place.productId) await getFarmProduct(tx, place.farmId, place.productId);
  await setPhoto(tx, place, null, act);
}

async function setPhoto(
  tx: Transaction,
  { farmId, productId }: PhotoPlace,
  imageId: string | null,
  act: Act,
): Promise<void> {
  if (productId) return changeProduct(tx, productId, { imageId }, act);
  await updateFarm(tx, farmId, { imageId });
  await publishFact(tx, { topic: "farm.changed", payload: { farmId } }, { traceId: act.traceId });
}
