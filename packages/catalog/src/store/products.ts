import { and, asc, count, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { categories, lots, marketFarms, products, variants } from "@almanac/db/schema";
import type { CalendarDay, FarmId, ProductId, VariantId } from "@almanac/kernel";
import { slugCandidates } from "../core/slugs.ts";
import type { Category, Lot, Product, Variant } from "../core/things.ts";
import { listImages } from "./images.ts";
import { productColumns, toProduct, variantColumns } from "./product-rows.ts";
import { isAnyOf, orAbsent } from "./sql.ts";

/** All categories in the order of the shop. */
export async function listCategories(db: Queryable): Promise<Category[]> {
  return db.select().from(categories).orderBy(asc(categories.position), asc(categories.slug)).limit(500);
}

/** Categories with something on sale at a market, in the order of the shop. */
export async function listStockedCategories(
  db: Queryable,
  limit: number,
): Promise<{ slug: string; name: string; products: number }[]> {
  return db
    .select({ slug: categories.slug, name: categories.name, products: count(products.id) })
    .from(categories)
    .innerJoin(products, eq(products.category, categories.slug))
    .where(
      and(
        eq(products.status, "live"),
        sql`exists (select 1 from ${marketFarms} where ${marketFarms.farmId} = ${products.farmId})`,
      ),
    )
    .groupBy(categories.slug)
    .orderBy(asc(categories.position), asc(categories.slug))
    .limit(limit);
}

export async function isCategory(db: Queryable, slug: string): Promise<boolean> {
  const rows = await db.select({ slug: categories.slug }).from(categories).where(eq(categories.slug, slug));
  return rows.length > 0;
}

/** Writes categories; one that is there keeps its slug and takes the new name, picture and position. */
export async function saveCategories(tx: Queryable, list: readonly Category[]): Promise<void> {
  if (list.length === 0) return;
  await tx
    .insert(categories)
    .values([...list])
    .onConflictDoUpdate({
      target: categories.slug,
      set: {
        name: sql`excluded.name`,
        picture: sql`excluded.picture`,
        position: sql`excluded.position`,
      },
    });
}

/** Writes the categories whose slug is free and leaves the others as they are. */
export async function addMissingCategories(tx: Queryable, list: readonly Category[]): Promise<void> {
  await tx
    .insert(categories)
    .values([...list])
    .onConflictDoNothing({ target: categories.slug });
}

/** The product that is on sale under that slug at some market; drafts, hidden and archived ones are not found. */
export async function findLiveProductId(db: Queryable, slug: string): Promise<ProductId | undefined> {
  const [row] = await db
    .select({ id: products.id })
    .from(products)
    .where(
      and(
        eq(products.slug, slug),
        eq(products.status, "live"),
        sql`exists (select 1 from ${marketFarms} where ${marketFarms.farmId} = ${products.farmId})`,
      ),
    );
  return row?.id;
}

/** A farm's own product, whatever its status. */
export async function findFarmProduct(
  db: Queryable,
  farmId: FarmId,
  productId: ProductId,
  { lock = false }: { lock?: boolean } = {},
): Promise<(typeof products.$inferSelect & { categoryName: string }) | undefined> {
  const query = db
    .select({ product: products, categoryName: categories.name })
    .from(products)
    .innerJoin(categories, eq(categories.slug, products.category))
    .where(and(eq(products.id, productId), eq(products.farmId, farmId)));
  const [row] = await (lock ? query.for("update", { of: products }) : query);
  return row && { ...row.product, categoryName: row.categoryName };
}

export interface FarmProductsPage {
  readonly status?: Product["status"];
  /** Products made before this one. */
  readonly before?: ProductId;
  readonly productIds?: readonly ProductId[];
  readonly limit: number;
}

/** A farm's products of every status, the newest first. */
export async function listFarmProducts(
  db: Queryable,
  farmId: FarmId,
  { status, before, productIds, limit }: FarmProductsPage,
): Promise<Product[]> {
  const rows = await db
    .select({ ...productColumns, categoryName: categories.name })
    .from(products)
    .innerJoin(categories, eq(categories.slug, products.category))
    .where(
      and(
        eq(products.farmId, farmId),
        status ? eq(products.status, status) : undefined,
        before ? lt(products.id, before) : undefined,
        productIds ? isAnyOf(products.id, productIds) : undefined,
      ),
    )
    .orderBy(desc(products.id))
    .limit(limit);
  const photos = await listImages(
    db,
    rows.flatMap((row) => (row.imageId ? [row.imageId] : [])),
  );
  return rows.map((row) => toProduct(row, row.imageId ? photos.get(row.imageId) : undefined));
}

type ProductInsert = typeof products.$inferInsert;
export type NewProduct = Omit<ProductInsert, "slug" | "status" | "listedAt">;

/** Writes a draft under the first free slug of its name, told apart by the farm's name. */
export async function insertProduct(tx: Queryable, product: NewProduct, farmName: string): Promise<string> {
  for (const slug of slugCandidates(product.name, farmName, "product")) {
    const [row] = await tx
      .insert(products)
      .values({ ...product, slug, status: "draft" })
      .onConflictDoNothing({ target: products.slug })
      .returning({ slug: products.slug });
    if (row) return row.slug;
  }
  throw new RangeError("slug candidates never end");
}

export type ProductPatch = Partial<Omit<ProductInsert, "id" | "farmId" | "slug" | "createdAt">>;

export async function updateProduct(tx: Queryable, id: ProductId, patch: ProductPatch): Promise<void> {
  await tx.update(products).set(patch).where(eq(products.id, id));
}

/** The variants of some products, as they are offered: by position, archived ones last. */
export async function listVariants(db: Queryable, productIds: readonly ProductId[]): Promise<Variant[]> {
  if (productIds.length === 0) return [];
  return db
    .select(variantColumns)
    .from(variants)
    .where(isAnyOf(variants.productId, productIds))
    .orderBy(desc(variants.status), asc(variants.position), asc(variants.id));
}

export interface FarmVariant extends Variant {
  readonly farmId: FarmId;
  readonly productStatus: Product["status"];
  /** Whether the product has ever been on sale. */
  readonly wasListed: boolean;
}

/** A variant with its farm and its product's status; with `lock`, nobody else changes it until the transaction ends. */
export async function findVariant(
  db: Queryable,
  variantId: VariantId,
  { lock = false }: { lock?: boolean } = {},
): Promise<FarmVariant | undefined> {
  const query = db
    .select({
      ...variantColumns,
      farmId: products.farmId,
      productStatus: products.status,
      listedAt: products.listedAt,
    })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .where(eq(variants.id, variantId));
  const [row] = await (lock ? query.for("update", { of: variants }) : query);
  if (!row) return undefined;
  const { listedAt, ...variant } = row;
  return { ...variant, wasListed: listedAt !== null };
}

export async function countLiveVariants(db: Queryable, productId: ProductId): Promise<number> {
  const [row] = await db
    .select({ live: count() })
    .from(variants)
    .where(and(eq(variants.productId, productId), eq(variants.status, "live")));
  return row?.live ?? 0;
}

export async function countVariants(db: Queryable, productId: ProductId): Promise<number> {
  const [row] = await db.select({ all: count() }).from(variants).where(eq(variants.productId, productId));
  return row?.all ?? 0;
}

export async function insertVariant(tx: Queryable, variant: Variant): Promise<void> {
  await tx.insert(variants).values(variant);
}

export async function updateVariant(
  tx: Queryable,
  id: VariantId,
  patch: Partial<Omit<Variant, "id" | "productId">>,
): Promise<void> {
  if (Object.keys(patch).length > 0) await tx.update(variants).set(patch).where(eq(variants.id, id));
}

/** @returns whether it was written; not when the product has a lot of that code */
export async function insertLot(tx: Queryable, lot: Lot): Promise<boolean> {
  const rows = await tx
    .insert(lots)
    .values(lot)
    .onConflictDoNothing({ target: [lots.productId, lots.code] })
    .returning({ id: lots.id });
  return rows.length > 0;
}

/** The lots of some products, the latest harvest first. */
export async function listLots(
  db: Queryable,
  productIds: readonly ProductId[],
  limit: number,
): Promise<Lot[]> {
  const rows = await db
    .select()
    .from(lots)
    .where(inArray(lots.productId, [...productIds]))
    .orderBy(desc(lots.harvestedOn), desc(lots.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, bestBefore: orAbsent(row.bestBefore) }));
}

/** The last harvest of a product, from its lots. */
export async function findLastHarvest(db: Queryable, productId: ProductId): Promise<CalendarDay | undefined> {
  const [lot] = await listLots(db, [productId], 1);
  return lot?.harvestedOn;
}
