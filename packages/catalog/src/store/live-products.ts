import { and, asc, eq, gt } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { categories, farms, marketFarms, markets, products, variants } from "@almanac/db/schema";
import { days, type FarmId, type ProductId } from "@almanac/kernel";
import { harvestBook, type HarvestBook } from "../core/harvest.ts";
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
  const found = await readLiveRows(db, options);
  return found.length === 0 ? [] : completeRows(db, found, { ...options, ...(await readCommon(db)) });
}

/** So many products take a few milliseconds of processor time to put together. */
const productsOfPage = 250;

/** The same page by page, so that whoever reads all of a large shop leaves others their turn. */
export async function* pageLiveProducts(
  db: Queryable,
  { now, pageSize = productsOfPage }: { readonly now: Date; readonly pageSize?: number },
): AsyncGenerator<LiveProduct[]> {
  const common = await readCommon(db);
  let after: ProductId | undefined;
  for (;;) {
    const found = await readLiveRows(db, { after, limit: pageSize });
    if (found.length > 0)
      yield await completeRows(db, found, { now, productIds: found.map(({ id }) => id), ...common });
    if (found.length < pageSize) return;
    after = found.at(-1)?.id;
  }
}

/** What products have in common. */
interface CommonReads {
  readonly farmsById: ReadonlyMap<FarmId, LiveFarm>;
  readonly book: HarvestBook;
}

async function readCommon(db: Queryable): Promise<CommonReads> {
  return { farmsById: await readLiveFarms(db), book: harvestBook(await listHarvestRows(db)) };
}

async function completeRows(
  db: Queryable,
  found: Awaited<ReturnType<typeof readLiveRows>>,
  { now, productIds, farmsById, book }: Omit<LiveProductsOptions, "farmIds"> & CommonReads,
): Promise<LiveProduct[]> {
  const variantsByProduct = await readLiveVariants(db, productIds);
  const changes = await listPriceChanges(db, {
    since: new Date(now.getTime() - days(28)),
    // A refresh of a few products asks for theirs only; the whole shop reads by time.
    variantIds: productIds && [...variantsByProduct.values()].flat().map(({ id }) => id),
  });
  const photos = await listImages(
    db,
    found.flatMap((row) => (row.imageId ? [row.imageId] : [])),
  );

  const live: LiveProduct[] = [];
  for (const row of found) {
    const farm = farmsById.get(row.farmId);
    const listedAt = orAbsent(row.listedAt);
    const offered = variantsByProduct.get(row.id);
    if (!farm || !offered || !listedAt) continue;
    live.push({
      ...toProduct(row, row.imageId ? photos.get(row.imageId) : undefined),
      listedAt,
      farm,
      variants: offered.map((variant) => toLiveVariant(variant, changes.get(variant.id), now)),
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

/** Which products, by id. */
interface RowsAsked extends Pick<LiveProductsOptions, "productIds" | "farmIds"> {
  readonly after?: ProductId | undefined;
  readonly limit?: number;
}

function readLiveRows(db: Queryable, { productIds, farmIds, after, limit }: RowsAsked) {
  const found = db
    .select({ ...productColumns, categoryName: categories.name })
    .from(products)
    .innerJoin(categories, eq(categories.slug, products.category))
    .where(
      and(
        eq(products.status, "live"),
        productIds ? isAnyOf(products.id, productIds) : undefined,
        farmIds ? isAnyOf(products.farmId, farmIds) : undefined,
        after ? gt(products.id, after) : undefined,
      ),
    )
    .orderBy(asc(products.id));
  return limit === undefined ? found : found.limit(limit);
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
