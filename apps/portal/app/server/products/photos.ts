import type { ProductId } from "@almanac/kernel";
import type { Fields } from "../request/fields.ts";
import type { Done } from "../request/handlers.ts";
import type { Api, FarmPlace } from "../request/person.ts";

/** Shows an uploaded photo in place of the drawn picture, of a product or, without one, of the farm. */
export async function uploadPhoto(
  api: Api,
  farm: FarmPlace,
  fields: Fields,
  productId?: ProductId,
): Promise<Done> {
  const file = fields.file("photo");
  if (!file) fields.wrong("photo", "Choose a photo first.");
  if (file && file.size > 6 * 1024 * 1024) fields.wrong("photo", "This photo is larger than 6 MB.");
  fields.done();
  if (!file) return { message: "" };
  const dataBase64 = Buffer.from(await file.arrayBuffer()).toString("base64");
  await api.farmCatalog.images.upload({ farmId: farm.id, ...(productId && { productId }), dataBase64 });
  return { message: "The new photo is shown to everybody." };
}

export async function removePhoto(api: Api, farm: FarmPlace, productId?: ProductId): Promise<Done> {
  await api.farmCatalog.images.remove({ farmId: farm.id, ...(productId && { productId }) });
  return { message: "The photo is removed." };
}
