import type { FarmId, ProductId } from "@almanac/kernel";
import { formatCents, parseId } from "@almanac/kernel";
import { isPictureName, pictureFor, type Photo } from "@almanac/ui";
import type { Api } from "../request/person.ts";
import { findRefusal } from "../request/refusals.ts";

export type FarmProduct = Awaited<ReturnType<Api["farmCatalog"]["products"]["get"]>>;
export type ProductStatus = FarmProduct["status"];
export type FarmVariant = FarmProduct["variants"][number];

export const statusWords: Readonly<Record<ProductStatus, string>> = {
  live: "On sale",
  hidden: "Hidden",
  draft: "Draft",
  archived: "Archived",
};

export const productIdOf = (params: Readonly<Record<string, string | undefined>>): ProductId =>
  parseId<ProductId>(params["product"] ?? "");

/** Picture and photo as the components take them. */
export function pictureOf(
  product: Pick<FarmProduct, "name" | "picture" | "image"> & { category?: { name: string } },
) {
  const { picture, name, image, category } = product;
  return {
    picture: isPictureName(picture) ? picture : pictureFor({ name, category: category?.name }),
    photo: image ? photoOf(image) : null,
  };
}

export function photoOf(image: NonNullable<FarmProduct["image"]>): Photo {
  return {
    sources: image.widths.map((widthPx) => ({ url: `/images/${image.id}/${widthPx}.webp`, widthPx })),
    widthPx: image.width,
    heightPx: image.height,
  };
}

/** "4.90 / kg"; empty when it cannot be bought yet. */
export function priceLine(variants: readonly FarmVariant[]): string {
  const live = variants
    .filter((variant) => variant.status === "live")
    .toSorted((a, b) => a.position - b.position);
  const [first] = live;
  if (!first) return "";
  const more = live.length > 1 ? ` · ${live.length} ways` : "";
  return `${formatCents(first.unitPriceCents)} / ${first.priceUnit}${more}`;
}

/** All of a farm's products: pages of 200, five at most. */
export async function listProducts(api: Api, farmId: FarmId): Promise<FarmProduct[]> {
  const products: FarmProduct[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 5; page++) {
    const { items, nextCursor } = await api.farmCatalog.products.list({ farmId, cursor, limit: 200 });
    products.push(...items);
    cursor = nextCursor;
    if (cursor === undefined) break;
  }
  return products;
}

/** What shoppers see of a product; `undefined` while it is not on sale. */
export async function publicViewOf(api: Api, product: FarmProduct) {
  if (product.status !== "live") return undefined;
  try {
    return await api.products.get({ slug: product.slug });
  } catch (error) {
    if (findRefusal(error)?.code === "product_not_found") return undefined;
    throw error;
  }
}
