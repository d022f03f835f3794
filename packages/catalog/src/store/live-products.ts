import { and, asc, eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { categories, farms, marketFarms, markets, products, variants } from "@almanac/db/schema";
import { days, type FarmId, type ProductId } from "@almanac/kernel";
import { harvestBook } from "../core/harvest.ts";
import { currentPriceDrop } from "../core/price-drop.ts";
import type { LiveFarm, LiveProduct, LiveVariant } from "../core/things.ts";
import { listHarvestRows } from "./harvest-windows.ts";
import { listImages } from "./images.ts";
import { listPriceChanges, type RecordedPriceChange } from "./prices.ts";
import { productColumns, toProduct, variantColumns } from "./product-rows.ts";
import { groupBy, isAnyOf, orAbsent } from "./sql.ts";

export interface LiveProductsOptions {
  /** What price drops are reckoned from. */
  readonly now: Date;
  /** Only these; those that are not (or no longer) on sale are absent from the answer. */
  readonly productIds?: readonly ProductId[];
  readonly farmIds?: readonly FarmId[];
}

/**
 * Everything that is on sale, with its farm, variants, price drops, harvest and photo, ordered by product id. Drafts, hidden
 * and archived products, products without a live variant and those of farms at no market are not in it.
 *
 * Six reads whatever the number of products, joined here: one row a product times its variants and markets would be sent
 * several times over the wire.
 */
export async function listLiveProducts(db: Queryable, options: LiveProductsOptions): Promise<LiveProduct[]> {
  const rows = await readLiveRows(db, options);
  if (rows.length === 0) return [];
  const farmsById = await readLiveFarms(db);
  const variantsByProduct = await readLiveVariants(db, options.productIds);
  const changes = await listPriceChanges(db, {
    since: new Date(options.now.getTime() - days(28)),
    // A refresh of a few products asks for theirs only; the whole shop reads by time.
    variantIds: options.productIds && [...variantsByProduct.values()].flat().map(({ id }) => id),
  });
  const book = harvestBook(await listHarvestRows(db));
  const photos = await listImages(
    db,
    rows.flatMap((row) => (row.imageId ? [row.imageId] : [])),
  );

  const live: LiveProduct[] = [];
  for (const row of rows) {
    const farm = farmsById.get(row.farmId);
    const listedAt = orAbsent(row.listedAt);
    const offered = variantsByProduct.get(row.id);
    if (!farm || !offered || !listedAt) continue;
    live.push({
      ...toProduct(row, row.imageId ? photos.get(row.imageId) : undefined),
      listedAt,
      farm,
      variants: offered.map((variant) => toLiveVariant(variant, changes.get(variant.id), options.now)),
      harvest: book.find({
        productId: row.id,
        farmId: farm.id,
        crop: row.crop,
        region: farm.region,
        latitude: farm.latitude,
      }),
    });
  }
  return live;
}

function readLiveRows(db: Queryable, { productIds, farmIds }: LiveProductsOptions) {
  return db
    .select({ ...productColumns, categoryName: categories.name })
    .from(products)
    .innerJoin(categories, eq(categories.slug, products.category))
    .where(
      and(
        eq(products.status, "live"),
        productIds ? isAnyOf(products.id, productIds) : undefined,
        farmIds ? isAnyOf(products.farmId, farmIds) : undefined,
      ),
    )
    .orderBy(asc(products.id));
}

async function readLiveFarms(db: Queryable): Promise<Map<FarmId, LiveFarm>> {
  const rows = await db
    .select({
      id: farms.id,
      slug: farms.slug,
      name: farms.name,
      town: farms.town,
      latitude: farms.latitude,
      longitude: farms.longitude,
      isOrganic: farms.isOrganic,
      acceptsSnap: farms.acceptsSnap,
      picture: farms.picture,
      marketId: marketFarms.marketId,
      region: markets.region,
      timeZone: markets.timeZone,
    })
    .from(marketFarms)
    .innerJoin(farms, eq(farms.id, marketFarms.farmId))
    .innerJoin(markets, eq(markets.id, marketFarms.marketId))
    .orderBy(asc(marketFarms.joinedAt), asc(marketFarms.marketId));
  const byId = new Map<FarmId, LiveFarm>();
  for (const group of groupBy(rows, (row) => row.id).values()) {
    const { marketId: _first, ...farm } = group[0]!;
    byId.set(farm.id, { ...farm, marketIds: group.map((row) => row.marketId) });
  }
  return byId;
}

type LiveVariantRow = Omit<LiveVariant, "priceDrop"> & { readonly productId: ProductId };

async function readLiveVariants(
  db: Queryable,
  productIds: readonly ProductId[] | undefined,
): Promise<Map<ProductId, LiveVariantRow[]>> {
  const { status: _status, ...columns } = variantColumns;
  const rows = await db
    .select(columns)
    .from(variants)
    .where(and(eq(variants.status, "live"), productIds ? isAnyOf(variants.productId, productIds) : undefined))
    .orderBy(asc(variants.position), asc(variants.id));
  return groupBy(rows, (row) => row.productId);
}

function toLiveVariant(
  { productId: _product, ...variant }: LiveVariantRow,
  changes: readonly RecordedPriceChange[] | undefined,
  now: Date,
): LiveVariant {
  return changes
    ? { ...variant, priceDrop: currentPriceDrop(changes, variant.unitPriceCents, now) }
    : variant;
}
