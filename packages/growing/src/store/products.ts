import { and, asc, eq, inArray, ne, or } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { harvestWindows, products } from "@almanac/db/schema";
import type { BaseUnit, FarmId, ProductId } from "@almanac/kernel";

export interface ProductCrop {
  readonly productId: ProductId;
  readonly name: string;
  readonly crop: string;
  readonly baseUnit: BaseUnit;
  /** Absent where the farm has not said. */
  readonly shelfLifeDays: number | null;
}

const columns = {
  productId: products.id,
  name: products.name,
  crop: products.crop,
  baseUnit: products.baseUnit,
  shelfLifeDays: products.shelfLifeDays,
};

/** What a farm sells or has sold that grows, by name; at most a thousand. */
export async function listProductCrops(db: Queryable, farmId: FarmId): Promise<ProductCrop[]> {
  return db
    .select(columns)
    .from(products)
    .where(
      and(
        eq(products.farmId, farmId),
        inArray(products.status, ["live", "hidden", "draft"]),
        ne(products.crop, ""),
      ),
    )
    .orderBy(asc(products.name), asc(products.id))
    .limit(1_000);
}

export async function findProductCrop(
  db: Queryable,
  farmId: FarmId,
  productId: ProductId,
): Promise<ProductCrop | undefined> {
  const [row] = await db
    .select(columns)
    .from(products)
    .where(and(eq(products.farmId, farmId), eq(products.id, productId)));
  return row;
}

/** When the farm last said when a product or a crop of its is harvested, by the product's id or the crop; nothing of what it never said. */
export async function listSeasonChanges(db: Queryable, farmId: FarmId): Promise<Map<string, Date>> {
  const said = await db
    .select({
      productId: harvestWindows.productId,
      crop: harvestWindows.crop,
      updatedAt: harvestWindows.updatedAt,
    })
    .from(harvestWindows)
    .leftJoin(products, eq(products.id, harvestWindows.productId))
    .where(or(eq(harvestWindows.farmId, farmId), eq(products.farmId, farmId)))
    .orderBy(asc(harvestWindows.updatedAt));
  return new Map(said.map(({ productId, crop, updatedAt }) => [productId ?? crop, updatedAt]));
}
