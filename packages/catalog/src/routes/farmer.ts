import { AppError, baseUnits, isUuid, parseId, type FarmId, type ProductId } from "@almanac/kernel";
import {
  cursorInput,
  farmProcedure,
  limitInput,
  router,
  textInput,
  type RequestContext,
} from "@almanac/trpc";
import { z } from "zod";
import { productStatuses } from "../core/publishing.ts";
import { preparePhoto } from "../pictures.ts";
import { findFarm } from "../store/farms.ts";
import type { HarvestTarget } from "../store/harvest-windows.ts";
import { listFarmProducts, listLots, listVariants } from "../store/products.ts";
import { clearHarvest, setHarvest } from "../workflows/harvests.ts";
import { addLot } from "../workflows/lots.ts";
import { editFarm } from "../workflows/markets.ts";
import { removePhoto, showPhoto } from "../workflows/photos.ts";
import { createProduct, editProduct, setProductStatus } from "../workflows/products.ts";
import { saveVariant, setPrice, setVariantStatus } from "../workflows/variants.ts";
import { commitWith, type CatalogDeps } from "./deps.ts";
import {
  baseQuantity,
  calendarDay,
  cropInput,
  harvestInput,
  latitude,
  longText,
  longitude,
  nameInput,
  photoInput,
  pictureInput,
  priceCents,
  productId,
  shortText,
  slug,
  variantId,
} from "./inputs.ts";
import { toFarmProduct, toFarmView, toLotView } from "./shapes.ts";

const productFields = {
  name: nameInput,
  category: slug,
  description: longText.optional(),
  crop: cropInput.optional(),
  picture: pictureInput.optional(),
  isOrganic: z.boolean().optional(),
  snapEligible: z.boolean().optional(),
  isReplenishable: z.boolean().optional(),
  storageTips: textInput({ max: 1_000 }).optional(),
  lowStockBase: z.number().int().min(0).max(1_000_000).optional(),
  shelfLifeDays: z.number().int().min(1).max(3_650).nullable().optional(),
};

const variantFields = {
  name: textInput({ min: 1, max: 80 }),
  priceUnit: textInput({ min: 1, max: 30 }),
  unitPriceCents: priceCents,
  unitPricePer: baseQuantity,
  unitQuantityBase: baseQuantity,
  isWeighed: z.boolean().default(false),
  position: z.number().int().min(0).max(1_000).optional(),
};

const read = farmProcedure("farm.read");
const write = farmProcedure("farm.write");

/** What a farmer does with the farm's own things. To every other farm they do not exist. */
export function farmCatalogRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    products: productRoutes(deps),
    variants: router({
      upsert: write
        .input(z.object({ productId, variantId: variantId.optional(), ...variantFields }))
        .mutation(async ({ ctx, input: { farmId, productId: id, ...variant } }) => {
          await commit(ctx, (tx, act) => saveVariant(tx, farmId, id, variant, act));
          return getOne(ctx, farmId, id);
        }),
      archive: write.input(z.object({ variantId })).mutation(async ({ ctx, input }) => {
        await commit(ctx, (tx, act) => setVariantStatus(tx, input.farmId, input.variantId, "archived", act));
        return { status: "archived" as const };
      }),
      restore: write.input(z.object({ variantId })).mutation(async ({ ctx, input }) => {
        await commit(ctx, (tx, act) => setVariantStatus(tx, input.farmId, input.variantId, "live", act));
        return { status: "live" as const };
      }),
    }),
    /** Answers the price before, which undoes it. */
    setPrice: write
      .input(z.object({ variantId, unitPriceCents: priceCents, reason: shortText.optional() }))
      .mutation(({ ctx, input }) => commit(ctx, (tx, act) => setPrice(tx, input, act))),
    lots: lotRoutes(deps),
    harvestWindow: harvestRoutes(deps),
    images: imageRoutes(deps),
    profile: profileRoutes(deps),
  });
}

function productRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    /** All of a farm's products, the newest first. */
    list: read
      .input(
        z.object({
          status: z.enum(productStatuses).optional(),
          cursor: cursorInput,
          limit: limitInput(200, 100),
        }),
      )
      .query(async ({ ctx, input: { farmId, status, cursor, limit } }) => {
        if (cursor !== undefined && !isUuid(cursor)) {
          throw new AppError("input_invalid", "The cursor is not one of this list.");
        }
        const before = cursor === undefined ? undefined : parseId<ProductId>(cursor);
        const page = await listFarmProducts(ctx.db, farmId, { status, before, limit: limit + 1 });
        const items = await withVariants(ctx, page.slice(0, limit));
        return { items, nextCursor: page.length > limit ? items.at(-1)?.id : undefined };
      }),
    get: read
      .input(z.object({ productId }))
      .query(({ ctx, input }) => getOne(ctx, input.farmId, input.productId)),
    create: write
      .input(z.object({ ...productFields, baseUnit: z.enum(baseUnits) }))
      .mutation(async ({ ctx, input: { farmId, ...draft } }) => {
        const made = await commit(ctx, (tx, act) => createProduct(tx, farmId, draft, act));
        return getOne(ctx, farmId, made.productId);
      }),
    update: write
      .input(z.object({ productId, ...z.object(productFields).partial().shape }))
      .mutation(async ({ ctx, input: { farmId, productId: id, ...edit } }) => {
        await commit(ctx, (tx, act) => editProduct(tx, farmId, id, edit, act));
        return getOne(ctx, farmId, id);
      }),
    /** Answers the status before, which undoes it. */
    setStatus: write
      .input(z.object({ productId, status: z.enum(productStatuses) }))
      .mutation(async ({ ctx, input: { farmId, productId: id, status } }) => {
        const undo = await commit(ctx, (tx, act) => setProductStatus(tx, farmId, id, status, act));
        return { productId: id, status, ...undo };
      }),
  });
}

function lotRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    list: read
      .input(z.object({ productId, limit: limitInput(200, 50) }))
      .query(async ({ ctx, input: { farmId, productId: id, limit } }) => {
        await getOne(ctx, farmId, id);
        return (await listLots(ctx.db, [id], limit)).map(toLotView);
      }),
    add: write
      .input(
        z.object({
          productId,
          code: textInput({ min: 1, max: 40 }).optional(),
          harvestedOn: calendarDay,
          bestBefore: calendarDay.optional(),
          quantityBase: z.number().int().min(0).max(100_000_000),
          note: shortText.optional(),
        }),
      )
      .mutation(({ ctx, input: { farmId, ...lot } }) =>
        commit(ctx, (tx, act) => addLot(tx, farmId, lot, act)),
      ),
  });
}

function harvestRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  /** One product, or all of the farm's products of a crop. */
  const target = z.union([
    z.object({ productId, crop: z.undefined().optional() }),
    z.object({ crop: cropInput, productId: z.undefined().optional() }),
  ]);
  return router({
    set: write.input(target.and(harvestInput)).mutation(async ({ ctx, input }) => {
      const { farmId, kind, windows } = input;
      const place = await targetOf(ctx, farmId, input);
      await commit(ctx, (tx, act) => setHarvest(tx, place, { kind, windows }, act));
      return { scope: place.scope };
    }),
    clear: write.input(target).mutation(async ({ ctx, input }) => {
      const place = await targetOf(ctx, input.farmId, input);
      await commit(ctx, (tx, act) => clearHarvest(tx, place, act));
      return { scope: place.scope };
    }),
  });
}

function imageRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    /** A photo for a product, or without one for the farm. */
    upload: write
      .input(z.object({ productId: productId.optional(), dataBase64: photoInput }))
      .mutation(async ({ ctx, input: { farmId, productId: id, dataBase64 } }) => {
        if (id) await getOne(ctx, farmId, id);
        const photo = await preparePhoto(Buffer.from(dataBase64, "base64"));
        return commit(ctx, (tx, act) => showPhoto(tx, { farmId, productId: id }, photo, act));
      }),
    remove: write
      .input(z.object({ productId: productId.optional() }))
      .mutation(async ({ ctx, input: { farmId, productId: id } }) => {
        await commit(ctx, (tx, act) => removePhoto(tx, { farmId, productId: id }, act));
        return { image: null };
      }),
  });
}

function profileRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    get: read.query(({ ctx, input }) => getProfile(ctx, input.farmId)),
    update: write
      .input(
        z.object({
          name: nameInput.optional(),
          story: longText.optional(),
          town: textInput({ max: 120 }).optional(),
          latitude: latitude.optional(),
          longitude: longitude.optional(),
          isOrganic: z.boolean().optional(),
          acceptsSnap: z.boolean().optional(),
          picture: pictureInput.optional(),
        }),
      )
      .mutation(async ({ ctx, input: { farmId, ...patch } }) => {
        await commit(ctx, (tx, act) => editFarm(tx, farmId, patch, act));
        return getProfile(ctx, farmId);
      }),
  });
}

async function targetOf(
  ctx: RequestContext,
  farmId: FarmId,
  { productId: id, crop }: { productId?: ProductId; crop?: string },
): Promise<HarvestTarget> {
  if (id) {
    const product = await getOne(ctx, farmId, id);
    return { scope: "product", productId: id, crop: product.crop };
  }
  if (!crop) throw new AppError("input_invalid", "Name a product or a crop.", { details: { field: "crop" } });
  return { scope: "farm", farmId, crop };
}

async function getOne(ctx: RequestContext, farmId: FarmId, id: ProductId) {
  const page = await listFarmProducts(ctx.db, farmId, { productIds: [id], limit: 1 });
  const [product] = await withVariants(ctx, page);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  return product;
}

async function withVariants({ db }: RequestContext, page: Awaited<ReturnType<typeof listFarmProducts>>) {
  const variants = await listVariants(
    db,
    page.map(({ id }) => id),
  );
  const ofProduct = Map.groupBy(variants, (variant) => variant.productId);
  return page.map((product) => toFarmProduct(product, ofProduct.get(product.id) ?? []));
}

async function getProfile({ db }: RequestContext, farmId: FarmId) {
  const farm = await findFarm(db, { id: farmId });
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  return toFarmView(farm, false);
}
