import { getTableColumns } from "drizzle-orm";
import { products, variants } from "@almanac/db/schema";
import type { ImageInfo, Product } from "../core/things.ts";
import { orAbsent } from "./sql.ts";

const { createdAt: _createdAt, ...columns } = getTableColumns(products);

/** The columns of a product; readers add `categoryName` from a join. */
export const productColumns = columns;

export const variantColumns = getTableColumns(variants);

type ProductRow = Pick<typeof products.$inferSelect, keyof typeof productColumns> & {
  readonly categoryName: string;
};

export function toProduct(row: ProductRow, image: ImageInfo | undefined): Product {
  const { imageId: _imageId, category, categoryName, listedAt, lastHarvestAt, shelfLifeDays, ...rest } = row;
  return {
    ...rest,
    category: { slug: category, name: categoryName },
    image,
    listedAt: orAbsent(listedAt),
    lastHarvestAt: orAbsent(lastHarvestAt),
    ...(shelfLifeDays !== null && { shelfLifeDays }),
  };
}
