import { AppError, type FarmId } from "@almanac/kernel";
import { procedure, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { findFarm, listFarms, listFollowedFarms } from "../store/farms.ts";
import { findMarket, listMarkets } from "../store/markets.ts";
import { listPickupSlots, nextOpenWindow, nextOpenWindows } from "../store/order-windows.ts";
import { listCategories, listStockedCategories } from "../store/products.ts";
import { listStockAlerts, listWishes } from "../store/wishes.ts";
import { getLiveProduct } from "../workflows/product-detail.ts";
import { marketId, slug } from "./inputs.ts";
import {
  toFarmView,
  toMarketView,
  toProductSummary,
  toSlotView,
  toVariantView,
  toWindowView,
} from "./shapes.ts";

export function marketsRouter() {
  return router({
    list: procedure("public").query(async ({ ctx }) => {
      const markets = await listMarkets(ctx.db);
      const windows = await nextOpenWindows(
        ctx.db,
        markets.map(({ id }) => id),
        ctx.clock.now(),
      );
      return markets.map((market) => toMarketView(market, windows.get(market.id)));
    }),
    get: procedure("public")
      .input(z.object({ slug }))
      .query(async ({ ctx, input }) => {
        const market = await findMarket(ctx.db, { slug: input.slug });
        if (!market) throw new AppError("market_not_found", "There is no such market.");
        return toMarketView(market, await nextOpenWindow(ctx.db, market.id, ctx.clock.now()));
      }),
    /** The slots of the window that orders go to now; none when no window is planned. */
    slots: procedure("public")
      .input(z.object({ marketId }))
      .query(async ({ ctx, input }) => {
        const market = await findMarket(ctx.db, { id: input.marketId });
        if (!market) throw new AppError("market_not_found", "There is no such market.");
        const window = await nextOpenWindow(ctx.db, market.id, ctx.clock.now());
        if (!window) return { timeZone: market.timeZone, slots: [] };
        const slots = await listPickupSlots(ctx.db, [window.id]);
        return { timeZone: market.timeZone, window: toWindowView(window), slots: slots.map(toSlotView) };
      }),
  });
}

export function farmReads() {
  return {
    list: procedure("public")
      .input(z.object({ marketId: marketId.optional() }).optional())
      .query(async ({ ctx, input }) => {
        const farms = await listFarms(ctx.db, { marketId: input?.marketId, isAtMarket: true });
        const followed = await followedBy(ctx);
        return farms.map((farm) => toFarmView(farm, followed.has(farm.id)));
      }),
    get: procedure("public")
      .input(z.object({ slug }))
      .query(async ({ ctx, input }) => {
        const farm = await findFarm(ctx.db, { slug: input.slug, isAtMarket: true });
        if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
        return toFarmView(farm, (await followedBy(ctx)).has(farm.id));
      }),
  };
}

export function productsRouter() {
  return router({
    get: procedure("public")
      .input(z.object({ slug }))
      .query(async ({ ctx, input }) => {
        const { product, lots, priceHistory } = await getLiveProduct(ctx.db, input.slug, ctx.clock.now());
        const farm = await findFarm(ctx.db, { id: product.farm.id });
        if (!farm) throw new AppError("product_not_found", "There is no such product.");
        const followed = await followedBy(ctx);
        const { shopperId } = ctx.caller;
        const wishes = shopperId ? await listWishes(ctx.db, shopperId) : [];
        const alerts = shopperId ? await listStockAlerts(ctx.db, shopperId) : [];
        return {
          ...toProductSummary(product),
          description: product.description,
          storageTips: product.storageTips,
          crop: product.crop,
          isReplenishable: product.isReplenishable,
          listedAt: product.listedAt.toISOString(),
          variants: product.variants.map((variant) => toVariantView(variant, product.baseUnit)),
          harvest: product.harvest,
          lastHarvestAt: product.lastHarvestAt?.toISOString(),
          lots: lots.map(({ code, harvestedOn, bestBefore }) => ({ code, harvestedOn, bestBefore })),
          farm: toFarmView(farm, followed.has(farm.id)),
          priceHistory: priceHistory.map(({ variantId, points }) => ({
            variantId,
            points: points.map(({ at, unitPriceCents }) => ({ at: at.toISOString(), unitPriceCents })),
          })),
          isWished: wishes.some((wish) => wish.productId === product.id),
          stockAlerts: alerts.filter((alert) => alert.productId === product.id).map(({ kind }) => kind),
        };
      }),
  });
}

export function categoriesRouter() {
  return router({
    list: procedure("public").query(({ ctx }) => listCategories(ctx.db)),
    /** Those with something on sale, in the order of the shop. */
    stocked: procedure("public")
      .input(z.object({ limit: z.int().min(1).max(100).default(10) }).optional())
      .query(({ ctx, input }) => listStockedCategories(ctx.db, input?.limit ?? 10)),
  });
}

async function followedBy({ db, caller }: RequestContext): Promise<ReadonlySet<FarmId>> {
  return new Set(caller.shopperId ? await listFollowedFarms(db, caller.shopperId) : []);
}
